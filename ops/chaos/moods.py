"""Sign-ups and recoveries while a carrier is down, hanging, failing or lying.

Each mood costs time alone: a request is answered at once, and what was to be sent leaves afterwards, or another way. Nobody gets a message
twice, except from a carrier that takes a message and does not say so: that one is given it at every try."""

import random
import time

import carriers
from machinery import Node, Postgres, until
from people import PASSWORD, Person

TAKES = "lying: takes it"


def cpf():
    """A valid CPF."""
    digits = [random.randrange(10) for _ in range(9)]
    for _ in range(2):
        rest = sum(digit * weight for digit, weight in zip(digits, range(len(digits) + 1, 1, -1))) * 10 % 11
        digits.append(rest % 10)
    return "".join(map(str, digits))


class Watch:
    """How long requests took, and how often messages came twice."""

    def __init__(self):
        self.slowest, self.copies, self.figures = 0.0, 0, {}

    def ask(self, person, path, body, expected):
        began = time.monotonic()
        status, answer = person.ask(path, body)
        self.slowest = max(self.slowest, time.monotonic() - began)
        assert status == expected, (path, status, answer)
        assert self.slowest < 3, f"{path} waited {self.slowest:.1f} s for a carrier"
        return answer

    def count(self, mood, carrier, recipient):
        """A carrier that confirms a message gets it once; one that takes it without confirming gets it at every try."""
        copies, in_peace = len(carrier.to(recipient)), sum(one == recipient and then == "well" for one, _, then in carrier.taken)
        assert in_peace <= 1 and (copies == 1 or mood.startswith(TAKES)), f"{mood}: {copies} messages to {recipient}"
        self.copies += copies - 1

    def cost(self):
        return {"lost": 0, "doubled": 0, "messages twice": self.copies, "slowest answer": round(self.slowest, 2),
                **{what: round(seconds, 1) for what, seconds in self.figures.items()}}


def client(person, **more):
    return {"fullName": "Ana Souza", "phone": person.phone, "password": PASSWORD, "termsAccepted": True, **more}


def sms_in_every_mood(binary):
    """SMS is down, hanging, failing, lying; a mail server hangs meanwhile. The code arrives afterwards."""
    postgres, carrier, mail, watch = Postgres("sms"), carriers.Twilio(), carriers.Mail(), Watch()
    mail.mood = "hanging"
    node = Node(binary, postgres.url(), "sms-node", {**carrier.settings(), **mail.settings(), "PHONE_CHANNELS": "sms"})
    for mood in ("down", "failing", "hanging", "lying: takes it and says it failed", "lying: says yes in a foreign tongue"):
        carrier.mood = mood
        person = Person(lambda: [node])
        watch.ask(person, "/api/auth/register/client", client(person), 202)
        time.sleep(2)
        carrier.mood = "well"
        if mood == "lying: says yes in a foreign tongue":
            continue
        watch.figures[f"code after {mood}"] = until(f"the code arrives after {mood}", lambda: carrier.sent_well(person.phone), 90)
        person.verify(carrier.code(person.phone))
        assert person.signs_in()
        watch.count(mood, carrier, person.phone)
    return watch.cost()


def whatsapp_in_every_mood(binary):
    """WhatsApp is down, hanging, failing, refusing, lying. SMS follows where nobody chose WhatsApp; whoever chose it gets the code there afterwards."""
    postgres, sms, meta, watch = Postgres("whatsapp"), carriers.Twilio(), carriers.Meta(), Watch()
    node = Node(binary, postgres.url(), "whatsapp-node", {**sms.settings(), **meta.settings(), "RESEND_WAIT": "1s"})
    for mood in ("down", "failing", "refusing our token", "refusing the number", "hanging", "lying: takes it and says it failed",
                 "lying: says yes in a foreign tongue"):
        owner, document = account_with_document(node, sms)
        before = len(sms.to(owner.phone))
        meta.mood, began, asked = mood, time.monotonic(), meta.asked
        chooser = Person(lambda: [node])
        watch.ask(chooser, "/api/auth/register/client", client(chooser, channel="whatsapp"), 202)
        watch.ask(owner, "/api/auth/recovery", {"document": document}, 200)
        if mood == "lying: says yes in a foreign tongue":
            until("both were taken, it seems", lambda: meta.asked >= asked + 2)
            meta.mood = "well"
            # It cannot be told from a carrier that works: the person asks again, on another channel.
            time.sleep(1.5)
            watch.ask(chooser, "/api/auth/phone/resend", {"phone": chooser.phone, "channel": "sms"}, 202)
            until("the code comes by SMS", lambda: sms.to(chooser.phone))
            chooser.verify(sms.code(chooser.phone))
            continue
        until(f"SMS follows after {mood}", lambda: len(sms.to(owner.phone)) > before, 90)
        watch.figures[f"SMS after {mood}"] = time.monotonic() - began
        watch.ask(owner, "/api/auth/recovery/verify", {"document": document, "code": sms.code(owner.phone)}, 200)
        assert len(sms.to(owner.phone)) == before + 1, "one SMS"
        meta.mood, well = "well", time.monotonic()
        if mood == "refusing the number":
            # Refused for good: the page offers the other channels.
            assert not meta.to(chooser.phone) and not sms.to(chooser.phone), "who chose WhatsApp is asked first"
            time.sleep(1)
            watch.ask(chooser, "/api/auth/phone/resend", {"phone": chooser.phone, "channel": "sms"}, 202)
            until("the code comes by SMS", lambda: sms.to(chooser.phone))
            chooser.verify(sms.code(chooser.phone))
        else:
            until(f"the code arrives after {mood}", lambda: meta.sent_well(chooser.phone), 90)
            watch.figures[f"WhatsApp after {mood}"] = time.monotonic() - well
            chooser.verify(meta.code(chooser.phone))
            assert not sms.to(chooser.phone), "who chose WhatsApp gets no SMS"
        assert chooser.signs_in()
        tries = 3 if mood.startswith(TAKES) else 0
        assert len(meta.to(owner.phone)) == tries, f"{mood}: {len(meta.to(owner.phone))} by WhatsApp to who got an SMS"
    return watch.cost()


def account_with_document(node, sms):
    """Makes an account that can recover by CPF, with a phone alone."""
    person, document = Person(lambda: [node]), cpf()
    person.register(channel="sms")
    until("the first code", lambda: sms.sent_well(person.phone))
    person.verify(sms.code(person.phone))
    status, tokens = person.ask("/api/auth/login", {"email": person.phone, "password": PASSWORD})
    assert status == 200, tokens
    status, answer = person.ask("/api/auth/profile", {"cpf": document}, "PATCH", {"Authorization": f"Bearer {tokens['accessToken']}"})
    assert status == 200, answer
    # A notice about it may have come too, but has no code.
    time.sleep(1.5)
    return person, document


def mail_in_every_mood(binary):
    """The mail server is down, hanging, busy, refusing, lying. The link arrives afterwards."""
    postgres, mail, watch = Postgres("mail"), carriers.Mail(), Watch()
    node = Node(binary, postgres.url(), "mail-node", {**mail.settings(), "RESEND_WAIT": "1s"})
    for number, mood in enumerate(("down", "hanging", "busy: 421 at the door", "451 to the recipient", "550 to the recipient",
                                   "lying: takes it and drops the connection", "lying: 250, then 421", "lying: speaks garbage")):
        mail.mood = mood
        asked, address, person = mail.asked, f"ana{number}@example.com", Person(lambda: [node])
        watch.ask(person, "/api/register", {"nome": "Ana Souza", "email": address, "senha": PASSWORD, "tipo_usuario": "professor"}, 201)
        if mood == "down":
            time.sleep(2)
        else:
            until("it is asked", lambda: mail.asked > asked)
            time.sleep(1)
        if mood.startswith("550"):
            assert postgres.sql("select count(*) from outbox where status = 'refused'") == "1", "refused for good"
            mail.mood = "well"
            watch.ask(person, "/api/resend-verification", {"email": address}, 202)
        mail.mood = "well"
        if mood != "lying: 250, then 421":
            waited = until(f"the link arrives after {mood}", lambda: mail.sent_well(address), 90)
            watch.figures[f"link after {mood}"] = waited
        else:
            time.sleep(3)
        status, answer = person.ask(f"/api/auth/verify-email?token={mail.link(address)}", None, "GET", {"Accept": "application/json"})
        assert status == 200, (mood, status, answer)
        status, answer = person.ask("/api/auth/login", {"email": address, "password": PASSWORD})
        assert status == 200, (mood, status, answer)
        watch.count(mood, mail, address)
    return watch.cost()


EXPERIMENTS = [sms_in_every_mood, whatsapp_in_every_mood, mail_in_every_mood]
