"""Measures what waiting pages cost a running server: processor time of a question, and memory of a connection that stays open.

`measure.sh` starts the server and says where it is, its process, its folder, how many pages wait, and for how long each part is measured.
"""

import asyncio
import os
import re
import sys
import time
import urllib.parse

URL, SERVER, FOLDER, PAGES, SECONDS = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5])
HOST = urllib.parse.urlsplit(URL).netloc
PORT = int(HOST.rsplit(":", 1)[1])
# How often a visible page asks, in seconds (live/src/parts/waiting.rs).
EVERY = 3
# Sign-ups that are asked about by turns, over so many connections.
SIGNUPS = 32
CONNECTIONS = 16
TICKS = os.sysconf("SC_CLK_TCK")


def stat(pid):
    """Parent, and processor time in seconds: its own, and that of children that ended."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS, (int(fields[13]) + int(fields[14])) / TICKS


def postmaster():
    """The private Postgres of this folder."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                command = file.read()
        except OSError:
            continue
        if FOLDER in command and "postgres" in command.split("\0")[0]:
            return int(pid)
    sys.exit("no private Postgres was found")


def database_time(pid):
    spent = stat(pid)[1] + stat(pid)[2]
    for child in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent, own, _ = stat(child)
        except OSError:
            continue
        spent += own if parent == pid else 0
    return spent


def memory():
    """What the server holds, in kB."""
    with open(f"/proc/{SERVER}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))


class Connection:
    """One connection that is kept alive."""

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", PORT)
        return self

    async def ask(self, method, path, headers="", fields=None):
        body = urllib.parse.urlencode(fields) if fields else ""
        form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if fields else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nSec-Fetch-Site: same-origin\r\n{headers}{form}\r\n"
        self.writer.write((head + body).encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", head, re.I)
        if length:
            await self.reader.readexactly(int(length.group(1)))
        return head


async def sign_up(connection, number):
    """A sign-up that waits: its cookies and its id."""
    fields = {"_form": "sign_up", "slug": "client", "name": "Ana Souza", "phone": f"119{10_000_000 + number}", "email": "", "password": "",
              "password_confirmation": "", "channel": "whatsapp"}
    # An address of its own for each, so that limits are not what is measured.
    head = await connection.ask("POST", "/register/client", f"X-Forwarded-For: 10.0.0.{number + 1}\r\nAccept: text/html\r\n", fields)
    cookies = "; ".join(re.findall(r"set-cookie: ([^;\r]+)", head, re.I))
    found = re.search(r"location: \S*signup=([0-9a-f-]+)", head, re.I)
    if not found:
        sys.exit(f"the form was answered with {head.splitlines()[0]}")
    return cookies, found.group(1)


async def flood(name, ask, database):
    """As many questions as are answered in the time; how long each took the server and its database, in ms."""
    connections = [await Connection().open() for _ in range(CONNECTIONS)]
    before, in_database, started, count = stat(SERVER)[1], database_time(database), time.monotonic(), 0

    async def one(connection):
        nonlocal count
        while time.monotonic() - started < SECONDS:
            head = await ask(connection, count)
            if " 200 " not in head.splitlines()[0]:
                sys.exit(f"{name}: {head.splitlines()[0]}")
            count += 1

    await asyncio.gather(*(one(connection) for connection in connections))
    server, postgres = (stat(SERVER)[1] - before) * 1e3 / count, (database_time(database) - in_database) * 1e3 / count
    for connection in connections:
        connection.writer.close()
    print(f"{name:44} {count / SECONDS:8.0f} a second {server:8.3f} ms of the server {postgres:8.3f} ms of Postgres each")
    return server + postgres


async def main():
    database = postmaster()
    first = await Connection().open()
    waiting = [await sign_up(first, number) for number in range(SIGNUPS)]

    def poll(connection, number):
        cookies, signup = waiting[number % SIGNUPS]
        return connection.ask("POST", "/sf/signup_state", f"Cookie: {cookies}\r\nAccept: */*\r\n", {"signup": signup})

    # Once unmeasured, so that connections and plans are there.
    await flood("warming up", poll, database)
    question = await flood("a waiting page asks (/sf/signup_state)", poll, database)
    answer = await flood("the smallest answer there is (/healthz)", lambda it, _: it.ask("GET", "/healthz"), database)
    before = memory()
    held = []
    for _ in range(PAGES):
        held.append(await Connection().open())
        await held[-1].ask("GET", "/healthz")
    each = (memory() - before) / PAGES
    print(f"{PAGES} connections that stay open: {each:.1f} kB each, {each * PAGES / 1000:.0f} MB in all")
    print(f"\n10 000 visible pages that ask every {EVERY} s: {10_000 / EVERY:.0f} questions a second, {10_000 / EVERY * question / 1e3:.2f} cores")
    print(f"10 000 open connections: {each * 10_000 / 1000:.0f} MB; an event that is written costs at most {answer:.3f} ms, "
          f"{answer / question:.2f} of a question")


asyncio.run(main())
