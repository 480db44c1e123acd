import type { Server } from 'node:http';
import { teachersOnly } from './access.js';
import { api } from './api.js';
import { serve } from './http.js';
import { page } from './pages.js';

/**
 * The school: its API under /api, and its pages.
 *
 * @param portaria the `PUBLIC_URL` of Portaria
 */
export function school(portaria: string): Server {
  const whoCalls = teachersOnly(portaria);
  return serve((request) => (request.url?.startsWith('/api/') ? api(request, whoCalls) : page(request, portaria, whoCalls)));
}
