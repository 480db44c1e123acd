"""People who sign up while things break. They try again what failed, for as long as people do, and in the end everybody signs in."""

import itertools
import os
import random
import re
import threading
import time

from machinery import ask

PASSWORD = "Cavalo+Bateria7Grampo"


def lease():
    """How many seconds a message belongs to the worker that claimed it, even if its node has died."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../server/src/db/outbox.rs")
    with open(source) as rust:
        return int(re.search(r"const LEASE: Duration = Duration::seconds\((\d+)\)", rust.read()).group(1))


LEASE = lease()
# A code comes when the lease of a dead worker ends, or after two leases if the next worker dies too. The rest is for a slow machine.
CODE_PATIENCE = 2 * LEASE + 40
# How long a request is tried again. A failover takes half a minute, and a request that hangs in it some twenty seconds more.
ANSWER_PATIENCE = 90
# Asking for the code, waiting for it, and entering it.
SIGN_UP_PATIENCE = ANSWER_PATIENCE + CODE_PATIENCE + ANSWER_PATIENCE

_numbers = itertools.count(random.randrange(10_000_000, 80_000_000))


class Person:
    """A person who signs up by phone (000)."""

    def __init__(self, nodes):
        self.nodes, self.phone = nodes, f"119{next(_numbers):08d}"
        self.confirmed = self.ended = self.gave_up = None
        self.failures = 0

    def ask(self, path, body, method="POST", headers=()):
        address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
        return ask(method, random.choice(self.nodes()).url + path, body, {"X-Forwarded-For": address, **dict(headers)})

    def persist(self, path, body, fine):
        """Asks again until the status is one of these. Returns it, and whether an earlier answer got lost."""
        lost, status, until = False, None, time.monotonic() + ANSWER_PATIENCE
        while time.monotonic() < until:
            status, _ = self.ask(path, body)
            if status in fine:
                return status, lost
            self.failures += 1
            lost = True
            time.sleep(0.2)
        raise TimeoutError(f"{path} was not answered with {' or '.join(map(str, fine))} within {ANSWER_PATIENCE} s, the last time with {status}")

    def register(self, **more):
        body = {"fullName": "Ana Souza", "phone": self.phone, "password": PASSWORD, "termsAccepted": True, **more}
        # 429: an earlier answer got lost, and the code is on its way.
        return self.persist("/api/auth/register/client", body, (202, 429))

    def messages(self):
        status, messages = ask("GET", random.choice(self.nodes()).url + "/dev/outbox.json")
        return [m for m in messages if m["to"] == "+55" + self.phone and m["code"]] if status == 200 else []

    def code(self):
        until = time.monotonic() + CODE_PATIENCE
        while time.monotonic() < until:
            if messages := self.messages():
                return messages[0]["code"]
            time.sleep(0.1)
        raise TimeoutError(f"no code for {self.phone} at /dev/outbox within {CODE_PATIENCE} s (a message in the hands of a dead node waits {LEASE} s)")

    def verify(self, code):
        status, lost = self.persist("/api/auth/phone/verify", {"phone": self.phone, "code": code}, (201, 400))
        if status == 400:
            assert lost, "a right code was refused"
            assert self.signs_in(), "an answer got lost, and so did the account"

    def signs_in(self):
        return self.persist("/api/auth/login", {"email": self.phone, "password": PASSWORD}, (200, 401))[0] == 200

    def sign_up(self):
        """Signs up; the fields tell how it ended."""
        try:
            self.register()
            self.verify(self.code())
            self.confirmed = self.ended = time.monotonic()
        except (TimeoutError, AssertionError) as error:
            self.gave_up = str(error)


def end(threads):
    """Waits for the sign-ups in progress; none takes longer than SIGN_UP_PATIENCE."""
    until = time.monotonic() + SIGN_UP_PATIENCE + 20
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            raise TimeoutError(f"a sign-up neither ended nor gave up within {SIGN_UP_PATIENCE + 20} s")


class Crowd:
    """A number of people at a time, each followed by another, until they are stopped."""

    def __init__(self, nodes, at_once=3):
        self.nodes, self.people = nodes, []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._go_on, daemon=True) for _ in range(at_once)]
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def _go_on(self):
        while not self.stopping.is_set():
            person = Person(self.nodes)
            self.people.append(person)
            person.sign_up()

    def stop(self):
        self.stopping.set()
        end(self.threads)
        self.over = time.monotonic()

    def done(self):
        return sum(person.confirmed is not None for person in self.people)

    def longest_gap(self):
        """The longest time in which nobody completed a sign-up."""
        times = sorted([self.began] + [p.ended for p in self.people if p.ended] + [self.over])
        return max(later - earlier for earlier, later in zip(times, times[1:]))

    def judge(self, accounts):
        """(done, lost, doubled): lost cannot sign in although the sign-up was confirmed; doubled are accounts beyond one for each who signs in."""
        assert not (gave_up := [person.gave_up for person in self.people if person.gave_up]), gave_up[0]
        there = sum(person.signs_in() for person in self.people)
        lost = sum(person.confirmed is not None and not person.signs_in() for person in self.people) if there < len(self.people) else 0
        return self.done(), lost, max(0, accounts - there)
