"""A person's way through a proxy.

    walk.py PORT NODE CERTIFICATE

PORT is the proxy's on 127.0.0.1, over TLS with that certificate for localhost; NODE is the node's own address. The person's machine
is 127.0.0.2, so that it is not taken for the proxy, which is trusted.
"""

import base64
import http.client
import json
import re
import ssl
import struct
import sys
import time
import urllib.request
import zlib

PORT, NODE, CERTIFICATE = int(sys.argv[1]), sys.argv[2], sys.argv[3]
PERSON = "127.0.0.2"
INVENTED = "203.0.113.7"
PASSWORD = "Ipe-amarelo-em-flor-7"
EMAIL = "maria@escola.example"
LIMIT = 5 * 1024 * 1024


def expect(holds, what):
    if not holds:
        sys.exit(f"walk: {what}")


def asked(method, path, body=None, headers=None, connection=None):
    """Status, headers and body of one request through the proxy."""
    if connection is None:
        connection = http.client.HTTPSConnection(
            "localhost", PORT, timeout=60, source_address=(PERSON, 0), context=ssl.create_default_context(cafile=CERTIFICATE)
        )
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    connection.request(method, path, data, {"Content-Type": "application/json", "X-Forwarded-For": INVENTED, **(headers or {})})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def mailed(pattern):
    """What was mailed, as the node itself shows it: in production nobody does."""
    for _ in range(100):
        with urllib.request.urlopen(NODE + "/dev/outbox.json") as answer:
            for mail in json.load(answer):
                found = re.search(pattern, mail["body"])
                if found and mail["to"] == EMAIL:
                    return found.group(1)
        time.sleep(0.1)
    sys.exit("walk: no mail")


def png(size):
    """A picture of so many bytes: what is too much stands in a chunk that nobody reads."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
    tail = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + b"\x20\x80\xd0" * 64 for _ in range(64)))) + chunk(b"IEND", b"")
    return head + chunk(b"prVt", b"\0" * (size - len(head) - len(tail) - 12)) + tail


# A page as its script asks for it, which has the style sheet at an address, and what it loads: over one connection, as browsers do.
connection = http.client.HTTPSConnection(
    "localhost", PORT, timeout=60, source_address=(PERSON, 0), context=ssl.create_default_context(cafile=CERTIFICATE)
)
asks = {"Accept": "text/html", "Accept-Encoding": "identity", "Sec-Fetch-Dest": "empty"}
status, headers, page = asked("GET", "/register/teacher", None, asks, connection)
expect(status == 200 and b"<form" in page, f"the page is a {status}")
expect("max-age" in headers.get("Strict-Transport-Security", ""), "no HSTS behind TLS")
style = re.search(rb'href="(/pkg/[^"]+\.css)"', page)
expect(style is not None, "the page names no style sheet")
status, headers, _ = asked("GET", style.group(1).decode(), None, {}, connection)
expect(status == 200 and "text/css" in headers["Content-Type"], f"the style sheet is a {status}")
connection.close()

# A teacher signs up and in.
form = {"fullName": "Maria Souza", "email": EMAIL, "password": PASSWORD, "passwordConfirmation": PASSWORD, "termsAccepted": True}
status, _, body = asked("POST", "/api/auth/register/teacher", form)
expect(status == 201, f"registering is a {status}: {body!r}")
link = mailed(r"(https://localhost:\d+/verify\?token=[\w-]+)")
expect(link.startswith(f"https://localhost:{PORT}/"), f"the link leads to {link}")
token = link.split("token=")[1]
status, _, body = asked("GET", "/api/auth/verify-email?token=" + token)
expect(status == 200, f"the link is a {status}: {body!r}")
status, _, body = asked("POST", "/api/auth/login", {"email": EMAIL, "password": PASSWORD})
expect(status == 200, f"signing in is a {status}: {body!r}")
bearer = {"Authorization": "Bearer " + json.loads(body)["accessToken"]}

# Which address the node counts: the person's, not the invented one, nor the proxy's.
status, _, body = asked("GET", "/api/auth/sessions", None, bearer)
addresses = {session["address"] for session in json.loads(body)["sessions"]}
expect(addresses == {PERSON}, f"the node believes that the person is at {addresses}")
# Nor is it believed from whoever comes past the proxy.
past = http.client.HTTPConnection(NODE.removeprefix("http://"), timeout=60, source_address=("127.0.0.3", 0))
status, _, body = asked("POST", "/api/auth/login", {"email": EMAIL, "password": PASSWORD}, None, past)
expect(status == 200, f"signing in past the proxy is a {status}: {body!r}")
status, _, body = asked("GET", "/api/auth/sessions", None, bearer)
addresses = {session["address"] for session in json.loads(body)["sessions"]}
expect(addresses == {PERSON, "127.0.0.3"}, f"past the proxy the node believes {addresses}")

# A cookie of a browser behind TLS, and a page of somebody who is in: never compressed.
pages = {"Accept": "text/html", "Origin": f"https://localhost:{PORT}", "Content-Type": "application/x-www-form-urlencoded"}
typed = f"_form=sign_in&identifier={EMAIL}&password={PASSWORD}".encode()
status, headers, body = asked("POST", "/login", typed, pages)
cookies = [cookie.split(";")[0] for cookie in headers.get_all("Set-Cookie") or []]
expect(status == 303 and any(cookie.startswith("__Host-") for cookie in cookies), f"signing in by the page is a {status}, {cookies}")
status, headers, _ = asked("GET", "/dashboard", None, {"Accept": "text/html", "Accept-Encoding": "gzip, br", "Cookie": "; ".join(cookies)})
expect(status == 200 and headers.get("Content-Encoding") is None, f"the dashboard is a {status}, {headers.get('Content-Encoding')}")

# A photo of exactly as much as is taken, and one byte more.
for size, wanted in [(LIMIT, 200), (LIMIT + 1, 400)]:
    photo = {"profilePicture": base64.b64encode(png(size)).decode()}
    status, _, body = asked("PATCH", "/api/auth/profile", photo, bearer)
    expect(status == wanted, f"a photo of {size} bytes is a {status}: {body[:300]!r}")
# Far more: refused, by whoever sees it first, and not with a page of the proxy's own where the node answered.
try:
    status, _, _ = asked("PATCH", "/api/auth/profile", b"0" * 20_000_000, bearer)
except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
    status = 413
expect(status == 413, f"20 MB are a {status}")
