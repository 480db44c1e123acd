import { type Client, createClient } from './generated/client/index.js';
import { logout, refreshToken, type SignedIn } from './generated/index.js';

/** Renew this long before the access token ends, so that it does not end on its way. */
const EARLY = 60_000;

/**
 * A client of the server at this address. With `accessToken` it says who calls.
 *
 * @param url where Portaria is, such as `https://portaria.example`
 */
export function connect(url: string, accessToken?: () => string | Promise<string>): Client {
  return createClient({
    baseUrl: url,
    // The document also names the cookie of a browser, which is nothing for a program to send.
    auth: ({ scheme }) => (scheme === 'bearer' ? accessToken?.() : undefined),
  });
}

/** The session is over: the person signed out, ended it from elsewhere or changed the password. Let them sign in again. */
export class SessionEnded extends Error {
  constructor() {
    super('The session is over.');
    this.name = 'SessionEnded';
  }
}

/** What can be stored of a session: the pair of tokens in force. Both are secrets. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** When the access token ends, in milliseconds since 1970. */
  endsAt: number;
}

/**
 * One person's session. `client` calls in this person's name, and renews the tokens when they are about to end.
 *
 * A refresh token is exchanged for a new one at each use. So two renewals never run at once here, and `keep` has stored the new
 * pair before anybody calls with it: what is not stored is lost with this process.
 */
export class TokenSession {
  readonly client: Client;
  private renewal: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private tokens: Tokens,
    private readonly keep: (tokens: Tokens) => void | Promise<void> = () => {},
  ) {
    this.client = connect(url, () => this.accessToken());
  }

  /** The tokens of an answer of `login`, `loginByCode` or `verifyPhone`. */
  static tokens({ accessToken, refreshToken, expiresIn }: SignedIn): Tokens {
    return { accessToken, refreshToken, endsAt: Date.now() + expiresIn * 1000 };
  }

  /** An access token that is in force. Throws {@link SessionEnded}. */
  async accessToken(): Promise<string> {
    if (this.tokens.endsAt - EARLY < Date.now()) {
      await this.renew();
    }
    return this.tokens.accessToken;
  }

  /** Exchanges the tokens for new ones. Throws {@link SessionEnded}. */
  renew(): Promise<void> {
    this.renewal ??= this.exchange().finally(() => {
      this.renewal = undefined;
    });
    return this.renewal;
  }

  private async exchange(): Promise<void> {
    const body = { refreshToken: this.tokens.refreshToken };
    const { data, error, response } = await refreshToken({ client: connect(this.url), body });
    if (!data) {
      // Anything but a refusal passes: the server is away, or asks for patience.
      throw response?.status === 401 ? new SessionEnded() : error;
    }
    const tokens = TokenSession.tokens(data);
    await this.keep(tokens);
    this.tokens = tokens;
  }

  /** Ends the session at the server, which refuses its tokens from then on. One that was over already is no error. */
  async signOut(): Promise<void> {
    const { error, response } = await logout({ client: connect(this.url, () => this.tokens.accessToken) });
    if (error && response?.status !== 401) {
      throw error;
    }
  }
}
