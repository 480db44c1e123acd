// The API of the school, for whoever has an access token:
//
//   GET  /api/lessons             the lessons of the teacher who calls
//   POST /api/lessons {"title"}   one more

import type { IncomingMessage } from 'node:http';
import { Refused, type WhoCalls } from './access.js';
import { type Answer, json, text } from './http.js';
import { addLesson, lessonsOf } from './lessons.js';

export async function api(request: IncomingMessage, whoCalls: WhoCalls): Promise<Answer> {
  try {
    const teacher = await whoCalls(request.headers.authorization);
    if (request.url !== '/api/lessons') {
      return json(404, { message: 'There is only /api/lessons here.' });
    }
    switch (request.method) {
      case 'GET':
        return json(200, { teacher: teacher.fullName, lessons: lessonsOf(teacher.id) });
      case 'POST': {
        const title = titleIn(await text(request));
        return addLesson(teacher.id, title) ? json(201, { title }) : json(400, { message: 'Send {"title": "…"}.' });
      }
      default:
        return json(405, { message: 'GET or POST.' });
    }
  } catch (error) {
    if (!(error instanceof Refused)) {
      throw error;
    }
    const answer = json(error.status, { message: error.message });
    return error.status === 401 ? { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': 'Bearer' } } : answer;
  }
}

function titleIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { title?: unknown } | null)?.title;
  } catch {
    return undefined;
  }
}
