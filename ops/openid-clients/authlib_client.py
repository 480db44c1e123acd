"""Authlib (https://authlib.org), the client of Flask, Django and FastAPI products.

A person without a script comes from another process: `person.mjs` is asked through PERSON, line by line.
"""

import base64
import json
import os
import subprocess
import sys

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # The provider of this test is on this machine, without TLS.

from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ISSUER = os.environ["PORTARIA_URL"]
CALLBACK = "http://127.0.0.1:8769/callback"
SCOPE = "openid profile email offline_access"
HERE = os.path.dirname(os.path.abspath(__file__))


class Person:
    """Somebody of `person.mjs`."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["node", os.path.join(HERE, "person-by-lines.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def asked(self, what, *arguments):
        self.process.stdin.write(json.dumps([what, *arguments]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def expect(holds, what):
    if not holds:
        sys.exit(f"authlib: {what}")


def refused(what, error, call):
    """The client, or the provider, must refuse."""
    try:
        call()
    except error as refusal:
        return refusal
    sys.exit(f"authlib: {what} was taken")


class Product:
    def __init__(self, client_id, alg):
        self.id, self.alg = client_id, alg
        self.session = OAuth2Session(
            client_id,
            os.environ[f"SECRET_{client_id}"],
            scope=SCOPE,
            redirect_uri=CALLBACK,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",
        )
        self.document = self.session.get(f"{ISSUER}/.well-known/openid-configuration", withhold_token=True).json()
        self.keys = KeySet.import_key_set(self.session.get(self.document["jwks_uri"], withhold_token=True).json())

    def sends(self):
        self.verifier, self.nonce = generate_token(48), generate_token(20)
        address, self.state = self.session.create_authorization_url(
            self.document["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce
        )
        return address

    def exchanges(self, callback, **more):
        asked = {"authorization_response": callback, "code_verifier": self.verifier, "state": self.state, **more}
        return self.session.fetch_token(self.document["token_endpoint"], **asked)

    def reads(self, tokens, nonce=None, token=None):
        token = jwt.decode(token or tokens["id_token"], self.keys, algorithms=[self.alg])
        options = {"iss": {"values": [ISSUER]}, "aud": {"values": [self.id]}}
        parameters = {"nonce": nonce or self.nonce, "client_id": self.id, "access_token": tokens["access_token"]}
        claims = CodeIDToken(token.claims, token.header, options, parameters)
        claims.validate()
        return claims

    def userinfo(self):
        return self.session.get(self.document["userinfo_endpoint"])


def spoilt(token):
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    body = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "1"}).encode()).decode().rstrip("=")
    return ".".join([head, body, signature])


for client_id, alg in [("server", "RS256"), ("modern", "EdDSA")]:
    product, person = Product(client_id, alg), Person()
    person.asked("open", product.sends())
    tokens = product.exchanges(person.asked("signUp", CALLBACK)["url"])
    claims = product.reads(tokens)
    who = product.userinfo().json()
    expect(who["sub"] == claims["sub"] and who["email"] == person.asked("who")["email"], f"userinfo is {who}")
    for what, call in {
        "another nonce": lambda: product.reads(tokens, nonce="another"),
        "another access token (at_hash)": lambda: product.reads({**tokens, "access_token": "another"}),
        "a spoilt ID token": lambda: product.reads(tokens, token=spoilt(tokens["id_token"])),
    }.items():
        refused(what, (JoseError, ValueError), call)

    renewed = product.session.refresh_token(product.document["token_endpoint"], refresh_token=tokens["refresh_token"])
    expect(renewed["refresh_token"] != tokens["refresh_token"], "the refresh token stayed the same")
    expect(product.userinfo().status_code == 200, "the renewed token opens nothing")
    product.session.revoke_token(product.document["revocation_endpoint"], token=renewed["refresh_token"], token_type_hint="refresh_token")
    expect(product.userinfo().status_code == 401, "a revoked token opens userinfo")

    def again():
        return person.asked("open", product.sends(), CALLBACK)["url"]

    refused("another state", AuthlibBaseError, lambda: product.exchanges(again(), state="another"))
    refusal = refused("another verifier", AuthlibBaseError, lambda: product.exchanges(again(), code_verifier=generate_token(48)))
    expect(refusal.error == "invalid_grant", refusal)
    callback = again()
    product.exchanges(callback)
    refusal = refused("a code, twice,", AuthlibBaseError, lambda: product.exchanges(callback))
    expect(refusal.error == "invalid_grant", refusal)
    expect(product.userinfo().status_code == 401, "what a code gave that was used twice is still worth something")
    person.process.stdin.close()
    person.process.wait()
