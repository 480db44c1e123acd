"""Signs people up through the API, and prints what each may do as `NAME=value` lines: the environment of `schemathesis.toml`."""

import json
import re
import sys
import time
import urllib.request

URL = sys.argv[1]
PASSWORD = "Ipe-amarelo-em-flor-7"


def asked(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def mailed(email, pattern):
    """What was mailed to this address."""
    for _ in range(100):
        for mail in json.loads(asked("/dev/outbox.json")):
            found = re.search(pattern, mail["body"])
            if found and mail["to"] == email:
                return found.group(1)
        time.sleep(0.1)
    sys.exit(f"no mail to {email}")


def teacher(name):
    """The access token of a teacher who signed in."""
    email = f"{name}@escola.example"
    form = {"fullName": "Maria Souza", "email": email, "password": PASSWORD, "passwordConfirmation": PASSWORD, "termsAccepted": True}
    asked("/api/auth/register/teacher", form)
    asked("/api/auth/verify-email?token=" + mailed(email, r"verify\?token=([\w-]+)"))
    return json.loads(asked("/api/auth/login", {"email": email, "password": PASSWORD}))["accessToken"]


def rider(email):
    """The token of a rider who proved the address and may complete the profile."""
    asked("/auth/register", {"email": email, "password": PASSWORD, "name": "Rian Lucas", "username": "rian.carona"})
    proof = {"email": email, "code": mailed(email, r"\b(\d{8})\b")}
    return json.loads(asked("/api/email-verification/verify", proof))["data"]["signupToken"]


RIDER = "rian@carona.example"
print("TEACHER=" + teacher("maria"))
for leaves in ["LOGOUT", "END_SESSION", "END_OTHERS"]:
    print(f"{leaves}=" + teacher(leaves.lower()))
print(f"RIDER={rider(RIDER)}\nRIDER_EMAIL={RIDER}")
