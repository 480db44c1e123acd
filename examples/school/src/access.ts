// Who calls our API? What Portaria signed says it, and Portaria itself says whether the session is still open.

import { connect, getProfile, type Profile } from '@portaria/client';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

/** Why a request is turned away: 401 for nobody we know, 403 for somebody who may not do this, 503 while Portaria is away. */
export class Refused extends Error {
  constructor(
    readonly status: 401 | 403 | 503,
    message: string,
  ) {
    super(message);
  }
}

export type WhoCalls = (authorization: string | undefined) => Promise<Profile>;

/**
 * Lets teachers in, and nobody else.
 *
 * @param portaria the `PUBLIC_URL` of Portaria, letter for letter: it is the issuer of the tokens
 */
export function teachersOnly(portaria: string): WhoCalls {
  // Fetched when first needed and kept for ten minutes. A key that is not among them is looked for again, at most every 30 seconds:
  // so a new key is known as soon as it signs, and made-up keys cost Portaria nothing.
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', portaria));

  return async (authorization) => {
    const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) {
      throw new Refused(401, 'Send an access token: Authorization: Bearer …');
    }
    let kind: unknown;
    try {
      // Each line is a door that is otherwise open: a token of another issuer, one that is meant for another product, one that is
      // signed in another way (or not at all), and a JWT that is no access token.
      const { payload } = await jwtVerify(token, keys, {
        issuer: portaria,
        audience: 'portaria',
        algorithms: ['EdDSA'],
        typ: 'at+jwt',
        requiredClaims: ['sub', 'kind', 'sid', 'exp'],
      });
      kind = payload['kind'];
    } catch (error) {
      throw saysTheTokenIsBad(error) ? new Refused(401, 'This access token is not valid.') : new Refused(503, 'The keys of Portaria cannot be read.');
    }
    if (kind !== 'professor') {
      throw new Refused(403, 'Only teachers have lessons here.');
    }
    return stillSignedIn(portaria, token);
  };
}

/**
 * A token that was signed is valid until it ends, even if its owner signed out meanwhile. So Portaria is asked, which refuses a session
 * that is over at once; its answer also has the name, which is in no token. A busy API keeps the answer for some seconds, or leaves this
 * out and lets tokens live for minutes (`ACCESS_TOKEN_LIFETIME`).
 */
async function stillSignedIn(portaria: string, token: string): Promise<Profile> {
  const { data, response } = await getProfile({ client: connect(portaria, () => token) });
  if (data) {
    return data;
  }
  throw response?.status === 401 ? new Refused(401, 'This session is over.') : new Refused(503, 'Portaria does not answer.');
}

/** Whether it is the token that is wrong. Otherwise the keys could not be fetched, and the caller is not to blame. */
function saysTheTokenIsBad(error: unknown): boolean {
  return [
    errors.JWTInvalid,
    errors.JWTExpired,
    errors.JWTClaimValidationFailed,
    errors.JWSInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JOSEAlgNotAllowed,
    errors.JOSENotSupported,
    errors.JWKSNoMatchingKey,
  ].some((kind) => error instanceof kind);
}
