// The API of Portaria. Everything in ./generated is made from the server's own OpenAPI document; ./session.ts is written by hand.

export * from './generated/index.js';
export type { Client } from './generated/client/index.js';
export { connect, SessionEnded, type Tokens, TokenSession } from './session.js';
