/** Calls `ask` until it gives an answer, for at most `patience` milliseconds. */
export async function until<T>(what: string, patience: number, ask: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain: ${what}`);
    await new Promise((go) => setTimeout(go, 100));
  }
}
