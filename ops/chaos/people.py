"""People who sign up while things break, as patient as people are: what failed is tried again, and at the end everybody signs in."""

import itertools
import random
import threading
import time

from machinery import ask

PASSWORD = "Cavalo+Bateria7Grampo"
_numbers = itertools.count(random.randrange(10_000_000, 80_000_000))


class Person:
    """One who signs up by phone (000)."""

    def __init__(self, nodes):
        self.nodes, self.phone = nodes, f"119{next(_numbers):08d}"
        self.confirmed = self.ended = None
        self.failures = 0

    def ask(self, path, body):
        address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
        return ask("POST", random.choice(self.nodes()).url + path, body, {"X-Forwarded-For": address})

    def persist(self, path, body, fine, until):
        """Asks again until the answer is one of these; gives the status, and whether an answer got lost before."""
        lost = False
        while time.monotonic() < until:
            status, _ = self.ask(path, body)
            if status in fine:
                return status, lost
            self.failures += 1
            lost = True
            time.sleep(0.2)
        raise TimeoutError(path)

    def register(self, until):
        body = {"fullName": "Ana Souza", "phone": self.phone, "password": PASSWORD, "termsAccepted": True}
        # 429: an answer got lost, the code is on its way
        return self.persist("/api/auth/register/client", body, (202, 429), until)

    def messages(self):
        status, messages = ask("GET", random.choice(self.nodes()).url + "/dev/outbox.json")
        return [m for m in messages if m["to"] == "+55" + self.phone and m["code"]] if status == 200 else []

    def code(self, until):
        while time.monotonic() < until:
            if messages := self.messages():
                return messages[0]["code"]
            time.sleep(0.1)
        raise TimeoutError("no code")

    def verify(self, code, until):
        status, lost = self.persist("/api/auth/phone/verify", {"phone": self.phone, "code": code}, (201, 400), until)
        if status == 400:
            assert lost, "a right code was refused"
            assert self.signs_in(), "an answer got lost, and so did the account"

    def signs_in(self):
        until = time.monotonic() + 40
        return self.persist("/api/auth/login", {"email": self.phone, "password": PASSWORD}, (200, 401), until)[0] == 200

    def sign_up(self, seconds=150):
        until = time.monotonic() + seconds
        self.register(until)
        self.verify(self.code(until), until)
        self.confirmed = self.ended = time.monotonic()


class Crowd:
    """So many at a time, one after the other, until they are told to stop."""

    def __init__(self, nodes, at_once=3):
        self.nodes, self.people, self.gave_up = nodes, [], []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._go_on, daemon=True) for _ in range(at_once)]
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def _go_on(self):
        while not self.stopping.is_set():
            person = Person(self.nodes)
            self.people.append(person)
            try:
                person.sign_up()
            except (TimeoutError, AssertionError) as error:
                self.gave_up.append((person, str(error)))

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(180)
        self.over = time.monotonic()

    def done(self):
        return sum(person.confirmed is not None for person in self.people)

    def longest_gap(self):
        """The longest time in which nobody came through."""
        times = sorted([self.began] + [p.ended for p in self.people if p.ended] + [self.over])
        return max(later - earlier for earlier, later in zip(times, times[1:]))

    def judge(self, accounts):
        """(done, lost, doubled, given up): everybody who was told to be in signs in; nobody is there twice."""
        there = sum(person.signs_in() for person in self.people)
        lost = sum(person.confirmed is not None and not person.signs_in() for person in self.people) if there < len(self.people) else 0
        return self.done(), lost, max(0, accounts - there), len(self.gave_up)
