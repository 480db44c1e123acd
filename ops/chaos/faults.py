"""Faults of one node and of its Postgres."""

import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import carriers
from machinery import Node, Postgres, Wire, until
from people import LEASE, PASSWORD, SIGN_UP_PATIENCE, Crowd, Person, end


def judged(crowd, postgres):
    crowd.stop()
    done, lost, doubled = crowd.judge(int(postgres.sql("select count(*) from accounts")))
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
    person.register()
    again()
    code = person.code()
    again()
    person.verify(code)
    again()
    assert person.signs_in()
    status, tokens = person.ask("/api/auth/login", {"email": person.phone, "password": PASSWORD})
    again()
    status, _ = person.ask("/api/auth/refresh-token", {"refreshToken": tokens["refreshToken"]})
    assert status == 200, "a session outlives the node that made it"
    # In the middle of the work: each time a little later, while earlier requests are still in progress.
    people, threads = [], []
    for moment in range(6):
        people.append(Person(lambda: [node]))
        threads.append(threading.Thread(target=people[-1].sign_up, daemon=True))
        threads[-1].start()
        time.sleep(0.01 + moment * 0.06)
        again()
    end(threads)
    assert not (gave_up := [one.gave_up for one in people if one.gave_up]), f"who goes on trying comes through: {gave_up[0]}"
    accounts = int(postgres.sql("select count(*) from accounts"))
    twice = sum(len(one.messages()) > 1 for one in people)
    return {"kills": kills, "signed up": accounts, "lost": 1 + len(people) - accounts, "doubled": 0, "messages twice": twice}


def killed_with_a_message_in_hand(binary):
    """The node dies while the carrier has one message and has not answered, and does not have the other: both go when their lease ends."""
    postgres = Postgres("in-hand")
    carrier = carriers.Twilio()
    node = Node(binary, postgres.url(), "in-hand-node", {**carrier.settings(), "PHONE_CHANNELS": "sms"})
    people = {}
    for number, mood in enumerate(("hanging", "lying: takes it and never answers"), 1):
        carrier.mood = mood
        person = people[mood] = Person(lambda: [node])
        person.register()
        until("the carrier is asked", lambda: carrier.asked == number, 20)
    assert postgres.sql("select count(*) from outbox where status = 'queued' and leased_until > now()") == "2", "both are in hand"
    node.kill()
    killed = time.monotonic()
    carrier.mood = "well"
    node.start()
    until("both go again", lambda: all(carrier.sent_well(person.phone) for person in people.values()), LEASE + 40)
    waited = time.monotonic() - killed
    assert waited < LEASE + 10, f"a message in hand went {waited:.1f} s after the kill; its lease is {LEASE} s"
    for person in people.values():
        person.verify(carrier.code(person.phone))
        assert person.signs_in()
    copies = {mood: len(carrier.to(person.phone)) for mood, person in people.items()}
    assert list(copies.values()) == [1, 2], f"once what was not taken, twice what was: {copies}"
    return {"signed up": 2, "lost": 0, "doubled": 0, "lease": LEASE, "codes after the kill": round(waited, 1), "messages twice": 1}


def postgres_stopped(binary, seconds=10):
    """Postgres loses its power, stays away, and comes back."""
    postgres = Postgres("stopped")
    node = Node(binary, postgres.url(), "stopped-node")
    crowd = Crowd(lambda: [node])
    until("the first are in", lambda: crowd.done() >= 3, 60)
    postgres.crash()
    away = time.monotonic()
    assert node.alive() == 200, "the process lives"
    with ThreadPoolExecutor() as at_once:
        ready = at_once.submit(node.ready)
        began = time.monotonic()
        status, body = Person(lambda: [node]).ask("/api/auth/login", {"email": "11987654321", "password": PASSWORD})
        told = time.monotonic() - began
    assert ready.result() == 503, "and says that it cannot serve"
    assert status == 503 and "sqlx" not in str(body), (status, body)
    time.sleep(max(0.0, away + seconds - time.monotonic()))
    postgres.start()
    back = until("ready again", lambda: node.ready() == 200)
    before = crowd.done()
    until("people come through again", lambda: crowd.done() > before, SIGN_UP_PATIENCE)
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
        until("people come through again", lambda: crowd.done() > before + 1, SIGN_UP_PATIENCE)
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
    until("people come through again", lambda: crowd.done() > before, SIGN_UP_PATIENCE)
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
    until("people come through", lambda: crowd.done() > before, SIGN_UP_PATIENCE)
    return judged(crowd, postgres)


SHORT = [killed_between_steps, postgres_stopped]
LONG = [killed_with_a_message_in_hand, postgres_restarted, postgres_slow, out_of_connections]
