// Reports errors that a page does not show: console messages, failed requests, bad responses.

import type { BrowserContext } from '@playwright/test';

/** How the WASM loads. `none`: JavaScript is disabled too. */
export type Wasm = 'on' | 'off' | 'slow' | 'none';

/** Chromium logs this for every 4xx response, including refusals of our forms. The `response` handler checks which are allowed. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/;
/** The page was left while something was loading. This is no failure. */
const LEFT = 'net::ERR_ABORTED';
const OFFLINE = 'net::ERR_INTERNET_DISCONNECTED';
const GRAVE = /content security|csp|preload|integrity|mixed content|deprecat/i;

/** Watches a browser context. Every problem that it notes fails the test. */
export class Guard {
  readonly problems: string[] = [];
  private readonly expected = new Set<number>();
  private offline = false;

  private constructor(private readonly wasm: Wasm) {}

  static async watch(context: BrowserContext, wasm: Wasm): Promise<Guard> {
    const guard = new Guard(wasm);
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        console.error(`securitypolicyviolation: ${violatedDirective} ${blockedURI}`);
      });
    });
    context.on('weberror', (error) => guard.note('page error', String(error.error())));
    context.on('dialog', (dialog) => {
      guard.note('dialog', dialog.message());
      void dialog.dismiss();
    });
    context.on('console', (message) => {
      const text = message.text();
      const at = message.location().url;
      if (message.type() === 'error' && !guard.mayBeLogged(text, at)) guard.note('console', `${text} (${at})`);
      if (message.type() === 'warning' && GRAVE.test(text)) guard.note('console', `${text} (${at})`);
    });
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      if (why === LEFT || guard.isKeptBack(request.url(), why)) return;
      guard.note('request', `${request.method()} ${request.url()}: ${why}`);
    });
    context.on('response', (response) => {
      const status = response.status();
      if (status < 400) return;
      const request = response.request();
      // A form that is refused is answered by a page with the status of the refusal, which the browser loads or the navigator fetches.
      const page = request.resourceType() === 'document' || (request.resourceType() === 'xhr' && response.headers()['content-type']?.startsWith('text/html'));
      const own = page && (request.method() === 'POST' || guard.expected.has(status));
      if (!own || status >= 500) guard.note('response', `${request.method()} ${request.url()}: ${status}`);
    });
    return guard;
  }

  /** Allows documents with this status. */
  expect(status: number): void {
    this.expected.add(status);
  }

  /** Allows failures that come from a missing network. */
  expectOffline(): void {
    this.offline = true;
  }

  private note(kind: string, what: string): void {
    // The first lines of a panic say where it happened. The rest is the stack.
    this.problems.push(`${kind}: ${what.split('\n').slice(0, 3).join('\n')}`);
  }

  /** Returns whether a request failed on purpose. With JavaScript disabled, Chromium reports blocked scripts as `csp`. */
  private isKeptBack(url: string, why: string): boolean {
    if (this.offline && why === OFFLINE) return true;
    return (this.wasm === 'off' && url.endsWith('.wasm')) || (this.wasm === 'none' && url.endsWith('.js') && why === 'csp');
  }

  private mayBeLogged(text: string, at: string): boolean {
    if (this.offline && text.endsWith(OFFLINE)) return true;
    return REFUSED.test(text) || (this.wasm === 'off' && at.endsWith('.wasm') && text.startsWith('Failed to load resource: net::ERR_'));
  }
}
