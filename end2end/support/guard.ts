// What must not happen behind a page, whatever the page shows.

import type { BrowserContext } from '@playwright/test';

/** How the WASM arrives; `none`: there is no JavaScript either. */
export type Wasm = 'on' | 'off' | 'slow' | 'none';

/** Chromium writes this for every 4xx answer, our own forms' refusals included. Which answers may be one is judged there. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/;
/** What was fetched ahead has nobody to use it, where nothing wakes the page. */
const UNUSED = /\.(wasm|js) was preloaded using link preload but not used/;
/** The page went away while something was loading: no failure. */
const LEFT = 'net::ERR_ABORTED';
const OFFLINE = 'net::ERR_INTERNET_DISCONNECTED';
/** Warnings that are errors for us. */
const GRAVE = /hydrat|content security|csp|preload|integrity|mixed content|deprecat/i;

/** Watches a context; what it notes fails the test. */
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
      if (message.type() === 'warning' && GRAVE.test(text) && !(wasm !== 'on' && UNUSED.test(text))) {
        guard.note('console', `${text} (${at})`);
      }
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
      // A refused form without WASM is a document with the refusal's status.
      const own = request.resourceType() === 'document' && (request.method() === 'POST' || guard.expected.has(status));
      if (!own || status >= 500) guard.note('response', `${request.method()} ${request.url()}: ${status}`);
    });
    return guard;
  }

  /** A page with that status is opened on purpose. */
  expect(status: number): void {
    this.expected.add(status);
  }

  /** The network is taken away on purpose. */
  expectOffline(): void {
    this.offline = true;
  }

  private note(kind: string, what: string): void {
    // A panic's first lines say where; the rest is its stack.
    this.problems.push(`${kind}: ${what.split('\n').slice(0, 3).join('\n')}`);
  }

  /** Chromium without JavaScript says that its policy keeps scripts back. */
  private isKeptBack(url: string, why: string): boolean {
    if (this.offline && why === OFFLINE) return true;
    return (this.wasm === 'off' && url.endsWith('.wasm')) || (this.wasm === 'none' && url.endsWith('.js') && why === 'csp');
  }

  private mayBeLogged(text: string, at: string): boolean {
    if (this.offline && text.endsWith(OFFLINE)) return true;
    return REFUSED.test(text) || (this.wasm === 'off' && at.endsWith('.wasm') && text.startsWith('Failed to load resource: net::ERR_'));
  }
}
