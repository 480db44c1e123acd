// The lessons of teachers. An account is its number at Portaria: no password and no e-mail is stored here.

const lessons = new Map<number, string[]>();

export function lessonsOf(teacher: number): string[] {
  return lessons.get(teacher) ?? [];
}

/** Returns whether it is a title. */
export function addLesson(teacher: number, title: unknown): boolean {
  if (typeof title !== 'string' || !title.trim()) {
    return false;
  }
  lessons.set(teacher, [...lessonsOf(teacher), title.trim()]);
  return true;
}
