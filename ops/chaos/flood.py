"""One flood, in a process of its own so that it does not slow down who measures: flood.py KIND PORT SECONDS [TOKEN]

Prints how often which answer came, as JSON. Whoever floods has the address 127.0.0.2, which no proxy stands for; uploads come from 127.0.0.3,
which is not over its limit by then."""

import asyncio
import collections
import json
import random
import sys

L33T = "4@8({[<3691!|70$5+%2"
ANSWERS = collections.Counter()


def request(method, path, body, headers=""):
    raw = json.dumps(body)
    return (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{headers}"
            f"Content-Length: {len(raw)}\r\nConnection: close\r\n\r\n{raw}").encode()


def guess(number):
    """A sign-in or a sign-up with the password that takes longest to judge."""
    password = "aA" + "".join(random.choice(L33T) for _ in range(98))
    phone = f"119{random.randrange(80_000_000, 100_000_000)}"
    if number % 2:
        return request("POST", "/api/auth/login", {"email": phone, "password": password})
    return request("POST", "/api/auth/register/client", {"fullName": "Ana Souza", "phone": phone, "password": password, "termsAccepted": True})


def anything(number):
    """The requests that are limited, in turn."""
    address = f"ana{random.randrange(10**9)}@example.com"
    paths = {"/api/auth/login": {"email": address, "password": "Cavalo+Bateria7"}, "/api/auth/forgot-password": {"email": address},
             "/api/auth/phone/verify": {"phone": "11987654321", "code": "123456"},
             "/api/register": {"nome": "Ana Souza", "email": address, "senha": "Cavalo+Bateria7Grampo", "tipo_usuario": "professor"}}
    path = list(paths)[number % len(paths)]
    return request("POST", path, paths[path])


async def connect(port, source):
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))


async def posts(port, make, source="127.0.0.2"):
    number = random.randrange(1000)
    while True:
        number += 1
        try:
            reader, writer = await connect(port, source)
            writer.write(make(number))
            line = await reader.readline()
            await reader.read()
            writer.close()
            ANSWERS[line.decode().split(" ")[1] if line else "closed"] += 1
        except OSError:
            ANSWERS["refused"] += 1
            await asyncio.sleep(0.1)


async def says(port, first, piece=b"", every=1.0, source="127.0.0.2"):
    """Says this much and waits, or goes on in pieces; comes again when it is sent away."""
    while True:
        try:
            reader, writer = await connect(port, source)
            writer.write(first)
            answer = asyncio.ensure_future(reader.readline())
            while not answer.done():
                await asyncio.wait([answer], timeout=every)
                writer.write(piece)
                await writer.drain()
            line = answer.result()
            ANSWERS[line.decode(errors="replace").split(" ")[1] if line.startswith(b"HTTP/1.1 ") else "sent away"] += 1
            writer.close()
        except OSError:
            ANSWERS["sent away"] += 1
        await asyncio.sleep(0.1)


def crowd(kind, port, token):
    if kind == "guesses":
        return [posts(port, guess) for _ in range(40)]
    if kind == "guesses of forty":
        return [posts(port, guess, f"127.0.0.{100 + number}") for number in range(40)]
    if kind == "over the limit":
        return [posts(port, anything) for _ in range(40)]
    if kind == "silent":
        return [says(port, b"") for _ in range(1100)]
    if kind == "half a preface":
        return [says(port, b"PRI * HTTP/2.0\r\n\r\nSM") for _ in range(1100)]
    head = f"PATCH /api/auth/profile HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\n\r\n"
    return [says(port, head.encode() + b'{"fullName": "', b"y" * 500, 0.5, "127.0.0.3") for _ in range(200)]


async def main(kind, port, seconds, token=""):
    tasks = [asyncio.ensure_future(one) for one in crowd(kind, int(port), token)]
    _, going = await asyncio.wait(tasks, timeout=float(seconds))
    for task in going:
        task.cancel()
    print(json.dumps(ANSWERS))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
