"""Faults of one node, of its Postgres and of its carriers."""

import re
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from machinery import Node, Postgres, Wire, ask, until
from people import PASSWORD, Crowd, Person


def judged(crowd, postgres):
    crowd.stop()
    done, lost, doubled, gave_up = crowd.judge(int(postgres.sql("select count(*) from accounts")))
    assert not gave_up, crowd.gave_up[0][1]
    return {"signed up": done, "lost": lost, "doubled": doubled, "seconds without": round(crowd.longest_gap(), 1)}


def killed_between_steps(binary):
    """The node is killed (-9) after every step of a sign-up, and between asking and being answered; another one goes on."""
    postgres = Postgres("killed")
    node = Node(binary, postgres.url(), "killed-node")
    kills = 0

    def again():
        nonlocal kills
        node.kill()
        kills += 1
        node.start()

    person = Person(lambda: [node])
    soon = lambda: time.monotonic() + 60
    person.register(soon())
    again()
    code = person.code(soon())
    again()
    person.verify(code, soon())
    again()
    assert person.signs_in()
    status, tokens = person.ask("/api/auth/login", {"email": person.phone, "password": PASSWORD})
    again()
    status, _ = person.ask("/api/auth/refresh-token", {"refreshToken": tokens["refreshToken"]})
    assert status == 200, "a session outlives the node that made it"
    # in the middle of the work: each time a little later
    people = []
    for moment in range(6):
        person = Person(lambda: [node])
        people.append(person)
        thread = threading.Thread(target=person.sign_up, daemon=True)
        thread.start()
        time.sleep(0.01 + moment * 0.06)
        again()
        thread.join(160)
        assert person.confirmed, "who goes on trying comes through"
    accounts = int(postgres.sql("select count(*) from accounts"))
    twice = sum(len(one.messages()) > 1 for one in people)
    return {"kills": kills, "signed up": accounts, "lost": 1 + len(people) - accounts, "doubled": 0, "messages twice": twice}


def postgres_stopped(binary, seconds=10):
    """Postgres loses its power, stays away, and comes back."""
    postgres = Postgres("stopped")
    node = Node(binary, postgres.url(), "stopped-node")
    crowd = Crowd(lambda: [node])
    until("the first are in", lambda: crowd.done() >= 3, 60)
    postgres.crash()
    away = time.monotonic()
    assert node.alive() == 200, "the process lives"
    assert node.ready() == 503, "and says that it cannot serve"
    began = time.monotonic()
    status, body = Person(lambda: [node]).ask("/api/auth/login", {"email": "11987654321", "password": PASSWORD})
    told = time.monotonic() - began
    assert status == 503 and "sqlx" not in str(body), (status, body)
    time.sleep(max(0.0, away + seconds - time.monotonic()))
    postgres.start()
    back = until("ready again", lambda: node.ready() == 200)
    before = crowd.done()
    until("people come through again", lambda: crowd.done() > before, 120)
    return {**judged(crowd, postgres), "ready again after": round(back, 1), "a 503 takes": round(told, 1)}


def postgres_restarted(binary):
    """Postgres is restarted as an operator does it."""
    postgres = Postgres("restarted")
    node = Node(binary, postgres.url(), "restarted-node")
    crowd = Crowd(lambda: [node])
    until("the first are in", lambda: crowd.done() >= 3, 60)
    for _ in range(2):
        postgres.restart()
        before = crowd.done()
        until("people come through again", lambda: crowd.done() > before + 1, 120)
    return judged(crowd, postgres)


def postgres_slow(binary):
    """Every packet to and from Postgres takes 40 ms, then for three seconds none arrives."""
    postgres = Postgres("slow")
    wire = Wire(postgres.port)
    node = Node(binary, postgres.url(wire.port), "slow-node")
    wire.delay = 0.04
    crowd = Crowd(lambda: [node])
    until("slowly they come in", lambda: crowd.done() >= 2, 90)
    wire.silent = True
    assert node.alive() == 200
    time.sleep(3)
    wire.silent = False
    wire.delay = 0.0
    before = crowd.done()
    until("people come through again", lambda: crowd.done() > before, 120)
    return judged(crowd, postgres)


def out_of_connections(binary):
    """Others hold all of Postgres' connections but two, then every one that is free, for eight seconds."""
    postgres = Postgres("crowded", connections=12)
    node = Node(binary, postgres.url(), "crowded-node")
    crowd = Crowd(lambda: [node], at_once=2)
    until("the first are in", lambda: crowd.done() >= 2, 60)
    sleepers = [subprocess.Popen(["psql", "-Xq", "-h", "127.0.0.1", "-p", str(postgres.port), "-U", "portaria", "-c", "select pg_sleep(8)"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(12)]
    before = crowd.done()
    for sleeper in sleepers:
        sleeper.wait()
    until("people come through", lambda: crowd.done() > before, 120)
    return judged(crowd, postgres)


class Carrier:
    """SMS by Twilio's interface, in every mood."""

    def __init__(self):
        carrier = self
        self.mood, self.taken = "well", []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                carrier.answer(self, body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler, body):
        mood = self.mood
        if mood == "hanging":
            time.sleep(12)
            return
        if mood in ("well", "lying: took it and says it failed"):
            self.taken.append(body)
        status, text = {
            "well": (201, '{"sid":"SM1","status":"queued"}'),
            "failing": (503, "{}"),
            "lying: says yes in a foreign tongue": (200, "<html>It works!</html>"),
            "lying: took it and says it failed": (500, "{}"),
        }[mood]
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text.encode())


def carriers_fail(binary):
    """SMS is down, hanging, failing, lying; a mail server hangs meanwhile. Registering stays quick; the code arrives afterwards."""
    postgres = Postgres("carriers")
    carrier = Carrier()
    hanging_mail = socket.create_server(("127.0.0.1", 0))
    node = Node(binary, postgres.url(), "carriers-node", {
        "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "token", "TWILIO_FROM": "+15005550006", "TWILIO_BASE_URL": f"http://127.0.0.1:{carrier.port}",
        "SMTP_URL": f"smtp://127.0.0.1:{hanging_mail.getsockname()[1]}", "MAIL_FROM": "Portaria <nao-responda@portaria.example>",
    })
    slowest, copies, waits = 0.0, 0, []
    for mood in ("failing", "hanging", "lying: took it and says it failed", "lying: says yes in a foreign tongue"):
        carrier.mood = mood
        person = Person(lambda: [node])
        began = time.monotonic()
        status, body = person.ask("/api/auth/register/client", {"fullName": "Ana", "phone": person.phone, "password": PASSWORD, "termsAccepted": True})
        slowest = max(slowest, time.monotonic() - began)
        assert status == 202, (mood, status, body)
        time.sleep(2)
        carrier.mood = "well"
        of = lambda: [body for body in carrier.taken if person.phone in body]
        if not mood.startswith("lying: says yes"):
            waits.append(until(f"the code arrives after {mood}", lambda: of() and carrier.mood == "well", 90, 0.1))
            code = re.search(r"(?<!\d)\d{6}(?!\d)", of()[-1].replace("%2B55" + person.phone, "")).group()
            person.verify(code, time.monotonic() + 30)
            assert person.signs_in()
        copies += max(0, len(of()) - 1)
    return {"lost": 0, "doubled": 0, "messages twice": copies, "slowest 202": round(slowest, 2), "code after": round(max(waits), 1)}


SHORT = [killed_between_steps, postgres_stopped]
LONG = [postgres_restarted, postgres_slow, out_of_connections, carriers_fail]
