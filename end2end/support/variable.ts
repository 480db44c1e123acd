// What is another each time: names, addresses, numbers, moments. A picture or a tree that is compared shows a sample of the same shape.

/** What varies, and the sample. The first that fits takes it. */
const VARIABLE: [what: RegExp, sample: string][] = [
  // Links with what only their owner knows, ids, and where a server listens.
  [/(token|grant|state|code_challenge)=[\w.~%-]+/g, '$1=…'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '00000000-0000-4000-8000-000000000000'],
  [/(?<!\d)127\.0\.0\.1(:|%3A)\d{4,5}\b/g, '127.0.0.1$13000'],
  // People (people.ts).
  [/\bpessoa\.\d{12}@/g, 'pessoa.000000000000@'],
  [/\brian\.\d{12}\b/g, 'rian.000000000000'],
  [/\(\d\d\)(\s)9\d{4}([-‑])\d{4}/g, '(11)$190000$20000'],
  [/\(\d\d\)(\s\*{5}[-‑])\d{4}/g, '(11)$10000'],
  [/\+55\d{11}\b/g, '+5511900000000'],
  [/\d{3}\.\d{3}\.\d{3}([-‑])\d{2}/g, '000.000.000$100'],
  [/\*{3}\.\d{3}\.\d{3}([-‑])\*{2}/g, '***.000.000$1**'],
  [/\b[\dA-Z]{2}\.[\dA-Z]{3}\.[\dA-Z]{3}\/[\dA-Z]{4}([-‑])\d[\dX]/g, '00.000.000/0001$100'],
  [/\*\*\.[\dA-Z]{3}\.[\dA-Z]{3}\/[\dA-Z]{4}([-‑])\*\*/g, '**.000.000/0001$1**'],
  [/\b10\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g, '10.0.0.1'],
  // A code.
  [/\b\d{8}\b(?!-)/g, '12345678'],
  [/\b\d{6}\b/g, '123456'],
  // Moments, and how long something still lasts.
  [/\b\d{2}\/\d{2}\/20\d{2}\b/g, '31/12/2026'],
  [/\b20\d{2}-\d{2}-\d{2}\b/g, '2026-12-31'],
  [/\b\d{2}:\d{2}\b/g, '12:00'],
  // A quarter of an hour that has begun, as the sentences beside it say it; then all the rest.
  [/\b1[45]\smin(?:\s\d{1,2}\ss)?(?=\W|$)/g, '15 min'],
  [/\b2[34](\s)horas\b/g, '24$1horas'],
  [/\b\d{1,2}\smin(?:\s\d{1,2}\ss)?(?=\W|$)/g, '5 min'],
  [/\b\d{1,2}\ss(?=\W|$)/g, '30 s'],
  [/\b\d{1,3}(\s)segundos?\b/g, '30$1segundos'],
  [/\b\d{1,3}(\s)seconds?\b/g, '30$1seconds'],
  // Which browser looks.
  [/\b(Chrome|Chromium|HeadlessChrome|Firefox) \d+\b/g, '$1 100'],
  // What signed in over HTTP.
  [/\bPlaywright\b/g, 'Safari'],
];

/** Returns the text with a sample in place of all that varies. */
export function fixed(text: string): string {
  return VARIABLE.reduce((sofar, [what, sample]) => sofar.replace(what, sample), text);
}

/** The same, for a function that runs in a page. */
export const VARIABLE_IN_PAGE = VARIABLE.map(([what, sample]) => [what.source, sample] as const);
