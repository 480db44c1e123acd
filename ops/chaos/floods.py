"""What floods cost everybody else: the time that `/healthz` takes, honest sign-ins, and the rows that are left."""

import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time

from machinery import ROOT, Node, Postgres
from people import PASSWORD, Person

SECONDS = 15
# The usual limit of open files for a service.
FILES = 1024
# The most audit rows for refusals of one address: one a minute and kind (docs/limits.md), five kinds, two minutes.
EXCESS_ROWS = 10
# Requests that are cut off when a flood ends, and are handled all the same.
UNDER_WAY = 40
# Allows for a slow, shared machine. A queue on the async threads would take seconds.
MEDIAN_MS = 100


def health(node, seconds):
    """(median, maximum) in ms, each over a new connection."""
    times, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=20)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
        times.append((time.monotonic() - began) * 1000)
        time.sleep(0.02)
    return statistics.median(times), max(times)


class Honest(threading.Thread):
    """Signs in again and again, each time from another address. Tries again after a 503, as a person does."""

    def __init__(self, person):
        super().__init__(daemon=True)
        self.person, self.times, self.busy, self.over = person, [], 0, threading.Event()
        self.start()

    def run(self):
        while not self.over.is_set():
            began = time.monotonic()
            status, _ = self.person.ask("/api/auth/login", {"email": self.person.phone, "password": PASSWORD})
            if status == 200:
                self.times.append(time.monotonic() - began)
            else:
                self.busy += 1
            time.sleep(0.5)

    def told(self):
        self.over.set()
        self.join(30)
        return f"{len(self.times)} sign-ins of others in {statistics.median(self.times):.2f} s, {self.busy} refused" if self.times else "no sign-in of others"


def rows(postgres):
    """The number of rows of every table."""
    tables = postgres.sql("select tablename from pg_tables where schemaname = 'public' order by 1").split()
    counts = postgres.sql(" union all ".join(f"select '{table} ' || count(*) from \"{table}\"" for table in tables))
    return {table: int(count) for table, count in (line.split() for line in counts.splitlines())}


def begin(kind, node, seconds, token=""):
    command = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "flood.py"), kind, str(node.port), str(seconds), token]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def end(process):
    """How often each answer came."""
    return json.loads(process.communicate(timeout=60)[0])


def use_up(node):
    """Uses up everything that one address may do within the windows of its limits."""
    for _ in range(12):
        if set(end(begin("over the limit", node, 5))) == {"429"}:
            return
    raise AssertionError("an address can go on for a minute without an end to what it may")


def flood(kind, node, postgres, person, token):
    """The median of /healthz under it and before it, and which answers it got."""
    at_rest = health(node, 3)
    before = rows(postgres)
    process = begin(kind, node, SECONDS, token)
    time.sleep(1)
    honest = Honest(person)
    median, worst = health(node, SECONDS - 4)
    told = honest.told()
    answers = end(process)
    assert median < MEDIAN_MS, f"/healthz takes {median:.0f} ms under {kind}"
    assert honest.times, f"nobody else signs in under {kind}: {honest.busy} times refused"
    theirs = len(honest.times) + honest.busy
    left = {table: count - before[table] - (theirs if table in ("audit", "sessions", "refresh_tokens", "tallies") else 0)
            for table, count in rows(postgres).items()}
    left = {table: count for table, count in left.items() if count > 0}
    taken = sum(count for status, count in answers.items() if status not in ("429", "503", "sent away", "closed", "refused"))
    bound = EXCESS_ROWS + (taken + UNDER_WAY if taken else 0)
    assert left.get("audit", 0) <= bound, f"{left['audit']} rows in audit after {answers} of {kind}"
    assert taken or sum(left.values()) <= bound, f"{left} after {kind}, of which nothing was taken"
    print(f"chaos:   {kind}: /healthz {median:.1f} ms, at most {worst:.0f} ms, before it {at_rest[0]:.1f} ms and {at_rest[1]:.0f} ms; {told}; "
          f"answers {answers}; rows of the flood {left}", flush=True)
    return f"{median:.1f} ms, before it {at_rest[0]:.1f} ms", answers


def floods(binary):
    """/healthz at rest and under each flood, from one address where nothing else is said; what is left of it in the database."""
    postgres = Postgres("floods")
    node = Node(binary, postgres.url(), "floods-node", files=FILES)
    person, uploader = Person(lambda: [node]), Person(lambda: [node])
    for one in (person, uploader):
        one.sign_up()
        assert one.confirmed, one.gave_up
    # Sessions of the account that signs in again and again do not count, because its oldest ones end.
    _, tokens = uploader.ask("/api/auth/login", {"email": uploader.phone, "password": PASSWORD})
    cost = {"lost": 0, "doubled": 0}
    for kind in ("guesses", "over the limit", "guesses of forty", "silent", "half a preface", "uploads that trickle"):
        if kind == "over the limit":
            use_up(node)
        cost[kind], answers = flood(kind, node, postgres, person, tokens["accessToken"])
        if kind == "over the limit":
            assert set(answers) == {"429"}, f"over its limit an address hears nothing else: {answers}"
        if kind == "uploads that trickle":
            assert "401" not in answers, f"uploads of somebody who is in: {answers}"
    return cost


EXPERIMENTS = [floods]
