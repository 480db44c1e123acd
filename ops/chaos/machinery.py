"""What the experiments break: Postgres servers, nodes and a slow wire. Everything is on 127.0.0.1, and ends with the run."""

import atexit
import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

SECRET = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="
ROOT = tempfile.mkdtemp(prefix="portaria-chaos-")
os.chmod(ROOT, 0o755)
_running = []


def end_all():
    """Ends what was started, so that no experiment disturbs the next."""
    for process in _running:
        if process.poll() is None:
            for one in (signal.SIGCONT, signal.SIGQUIT, signal.SIGKILL):
                try:
                    os.killpg(process.pid, one)
                except ProcessLookupError:
                    break
                time.sleep(0 if one == signal.SIGCONT else 0.3)
            process.wait()
    _running.clear()


def clean_up():
    end_all()
    shutil.rmtree(ROOT, ignore_errors=True)


atexit.register(clean_up)
# A signal to stop runs the same clean-up.
signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit(143)))


def folder(name):
    """A folder that the user of Postgres may write."""
    path = os.path.join(ROOT, name)
    os.makedirs(path, exist_ok=True)
    if os.getuid() == 0:
        shutil.chown(path, "postgres", "postgres")
    return path


def unprivileged():
    """Postgres refuses to run as root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}


def spawn(command, log, **options):
    with open(os.path.join(ROOT, log), "ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True, cwd=ROOT, **options)
    _running.append(process)
    return process


def tail(log, lines=15):
    with open(os.path.join(ROOT, log), errors="replace") as text:
        return "".join(text.readlines()[-lines:])


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, is_so, seconds=30.0, every=0.05):
    """Waits until is_so() is true. Returns how long that took."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(every)
    return time.monotonic() - began


def postgres_bin():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    where = shutil.which("initdb")
    return found[-1] if found else os.path.dirname(where) if where else None


def ask(method, url, body=None, headers=(), timeout=20.0):
    """(status, body); status 0 when there was no answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json", **dict(headers)})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            status, raw = answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        status, raw = refused.code, refused.read()
    except (OSError, urllib.error.URLError, ValueError) as error:
        return 0, str(error)
    except Exception as error:  # a connection that breaks within an answer
        return 0, repr(error)
    try:
        return status, json.loads(raw)
    except ValueError:
        return status, raw.decode(errors="replace")


class Postgres:
    """One server, with the role and the database of the product."""

    def __init__(self, name="postgres", connections=100):
        self.name, self.port, self.bin = name, free_port(), postgres_bin()
        self.data = os.path.join(folder(name), "data")
        self.connections = connections
        subprocess.run([f"{self.bin}/initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"],
                       check=True, stdout=subprocess.DEVNULL, cwd=ROOT, **unprivileged())
        self.start()
        self.sql("create role portaria login", database="postgres")
        self.sql("create database portaria owner portaria", database="postgres")

    def start(self):
        self.process = spawn([f"{self.bin}/postgres", "-D", self.data, "-p", str(self.port), "-h", "127.0.0.1", "-k", os.path.dirname(self.data),
                              "-c", f"max_connections={self.connections}"], f"{self.name}.log", **unprivileged())
        return until("Postgres answers", self.answers)

    def answers(self):
        return subprocess.run([f"{self.bin}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0

    def crash(self):
        """As if the machine had lost its power: nothing is written first."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        lock = os.path.join(self.data, "postmaster.pid")
        if os.path.exists(lock):
            os.remove(lock)

    def restart(self):
        os.kill(self.process.pid, signal.SIGINT)
        self.process.wait()
        return self.start()

    def sql(self, statement, database="portaria", user="postgres"):
        done = subprocess.run(["psql", "-XAtq", "-h", "127.0.0.1", "-p", str(self.port), "-U", user, "-d", database, "-c", statement],
                              capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout.strip()

    def url(self, port=None, options=""):
        return f"postgres://portaria@127.0.0.1:{port or self.port}/portaria{options}"


class Node:
    """A running `portaria serve`."""

    of_this_experiment = []

    def __init__(self, binary, database, name="node", settings=None, files=None):
        self.binary, self.name = os.path.abspath(binary), name
        # How many files it may have open; None means as many as this process.
        self.limit = f"ulimit -n {files}; " if files else ""
        Node.of_this_experiment.append(name)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"], "PORTARIA_ENV": "development", "LEPTOS_SITE_ADDR": f"127.0.0.1:{self.port}", "PUBLIC_URL": self.url,
            "PORTARIA_SECRET": SECRET, "DATABASE_URL": database, "TRUSTED_PROXIES": "127.0.0.1", "PORTARIA_LOG": "warn",
            "PORTARIA_DATA_DIR": os.path.join(ROOT, f"{name}-data"), **(settings or {}),
        }
        self.start()

    def start(self):
        self.process = spawn(["sh", "-c", f'{self.limit}exec "$0" serve', self.binary], f"{self.name}.log", env=self.environment)
        return until(f"{self.name} is ready", self.is_ready, 60)

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended:\n{tail(f'{self.name}.log')}")
        return self.ready() == 200

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ready(self):
        return ask("GET", f"{self.url}/readyz", timeout=12)[0]

    def alive(self):
        return ask("GET", f"{self.url}/healthz", timeout=5)[0]


class Wire:
    """A connection to somewhere that can be slow, or dead without saying so."""

    def __init__(self, to_port):
        self.to_port, self.delay, self.silent = to_port, 0.0, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            near, _ = self.listener.accept()
            try:
                far = socket.create_connection(("127.0.0.1", self.to_port))
            except OSError:
                near.close()
                continue
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one, other):
        try:
            while data := one.recv(65536):
                while self.silent:
                    time.sleep(0.05)
                if self.delay:
                    time.sleep(self.delay)
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
