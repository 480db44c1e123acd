/** The `PUBLIC_URL` of Portaria, without a slash at its end. */
export const PORTARIA = (process.env['PORTARIA_URL'] ?? 'http://127.0.0.1:3000').replace(/\/$/, '');

/** Where the school listens. */
export const PORT = Number(process.env['PORT'] ?? 4000);
