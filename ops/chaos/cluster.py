"""A cluster that fails over: Patroni with etcd over two Postgres servers, synchronous, behind PgBouncer.

PgBouncer pools transactions where it knows prepared statements (1.21 and newer). An older one cannot serve in that mode: sqlx names its
statements, and "sqlx_s_1" of one client meets that of another. It then pools sessions, and the run says so."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time

from faults import judged
from machinery import ROOT, Node, ask, folder, free_port, postgres_bin, spawn, tail, unprivileged, until
from people import SIGN_UP_PATIENCE, Crowd


class Skipped(Exception):
    """A program that the experiment needs is not installed."""


def tool(name, *elsewhere):
    for one in (shutil.which(name), *elsewhere):
        if one and os.path.exists(one):
            return one
    raise Skipped(f"no {name} (Debian: patroni, etcd-server, pgbouncer, postgresql)")


class Member:
    """One Postgres under Patroni."""

    def __init__(self, name, etcd):
        self.name, self.port, self.api = name, free_port(), free_port()
        home = folder(name)
        settings = {
            "scope": "portaria", "name": name, "restapi": {"listen": f"127.0.0.1:{self.api}", "connect_address": f"127.0.0.1:{self.api}"},
            "etcd3": {"host": f"127.0.0.1:{etcd}"},
            "bootstrap": {
                # Synchronous: a commit is answered once the other member has it. Short waits keep the experiment short.
                "dcs": {"ttl": 20, "loop_wait": 2, "retry_timeout": 3, "maximum_lag_on_failover": 0, "synchronous_mode": True,
                        "postgresql": {"use_pg_rewind": True, "parameters": {"max_connections": 60, "wal_level": "replica", "hot_standby": "on"}}},
                "initdb": [{"encoding": "UTF8"}, {"auth": "trust"}],
                "pg_hba": ["host all all 127.0.0.1/32 trust", "local all all trust", "host replication all 127.0.0.1/32 trust"],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}", "connect_address": f"127.0.0.1:{self.port}", "data_dir": os.path.join(home, "data"),
                "bin_dir": postgres_bin(), "pgpass": os.path.join(home, "pgpass"),
                "authentication": {"superuser": {"username": "postgres"}, "replication": {"username": "replicator"}, "rewind": {"username": "postgres"}},
                "parameters": {"unix_socket_directories": home},
            },
        }
        self.file = os.path.join(home, "patroni.json")
        with open(self.file, "w") as out:
            json.dump(settings, out)
        self.start()

    def start(self):
        self.process = spawn([tool("patroni"), self.file], f"{self.name}.log", **unprivileged())

    def is_primary(self):
        return ask("GET", f"http://127.0.0.1:{self.api}/primary", timeout=2)[0] == 200

    def is_synchronous_standby(self):
        return ask("GET", f"http://127.0.0.1:{self.api}/synchronous", timeout=2)[0] == 200

    def kill(self):
        """Kills Patroni and Postgres at once, as when a machine is lost."""
        with open(os.path.join(ROOT, self.name, "data", "postmaster.pid")) as lock:
            postmaster = int(lock.readline())
        children = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True).stdout.split()
        os.kill(self.process.pid, signal.SIGKILL)
        for one in [postmaster, *map(int, children)]:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()

    def sql(self, statement, database="postgres"):
        done = subprocess.run(["psql", "-XAtq", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database, "-c", statement],
                              capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout.strip()


class Bouncer:
    """PgBouncer, sent to whoever is the primary."""

    def __init__(self, members):
        self.members, self.port, self.target = members, free_port(), None
        self.file = os.path.join(folder("bouncer"), "pgbouncer.ini")
        version = re.search(r"(\d+)\.(\d+)", subprocess.run([tool("pgbouncer"), "--version"], capture_output=True, text=True).stdout)
        self.knows_statements = tuple(map(int, version.groups())) >= (1, 21)
        self.mode = "transaction" if self.knows_statements else "session"
        self.told = f"PgBouncer {version.group()}, {self.mode} mode" + ("" if self.knows_statements else " (transaction mode needs 1.21)")
        with open(self.file + ".users", "w") as users:
            users.write('"portaria" ""\n')
        self.follow()
        self.process = spawn([tool("pgbouncer"), self.file], "pgbouncer.log", **unprivileged())
        threading.Thread(target=self._follow, daemon=True).start()

    def follow(self):
        primary = next((member for member in self.members if member.is_primary()), None)
        if primary is None or primary is self.target:
            return False
        self.target = primary
        with open(self.file, "w") as out:
            out.write(f"""[databases]
portaria = host=127.0.0.1 port={primary.port} dbname=portaria
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = trust
auth_file = {self.file}.users
pool_mode = {self.mode}
max_client_conn = 200
default_pool_size = 40
server_check_delay = 0
server_connect_timeout = 2
server_login_retry = 1
ignore_startup_parameters = extra_float_digits,options
{'max_prepared_statements = 200' if self.knows_statements else ''}
""")
        return True

    def _follow(self):
        while self.process.poll() is None:
            if self.follow():
                os.kill(self.process.pid, signal.SIGHUP)
            time.sleep(0.3)


class Cluster:
    """Two members, one of them the primary."""

    def __init__(self):
        tool("patroni"), tool("pgbouncer")
        self.etcd = free_port()
        peer = free_port()
        url, peer_url = f"http://127.0.0.1:{self.etcd}", f"http://127.0.0.1:{peer}"
        spawn([tool("etcd"), "--data-dir", folder("etcd"), "--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls", peer_url,
               "--initial-advertise-peer-urls", peer_url, "--initial-cluster", f"default={peer_url}"], "etcd.log", **unprivileged())
        until("etcd answers", lambda: ask("GET", f"{url}/health", timeout=2)[0] == 200)
        self.members = [Member("one", self.etcd)]
        try:
            until("a primary", self.primary, 60)
            self.members.append(Member("two", self.etcd))
            until("a synchronous standby", self.standby, 90)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{tail(f'{self.members[-1].name}.log')}") from error
        self.primary().sql("create role portaria login")
        self.primary().sql("create database portaria owner portaria")
        # PgBouncer does not pass on the settings of a connection.
        self.primary().sql("alter role portaria set statement_timeout = '10s'")
        self.primary().sql("alter role portaria set lock_timeout = '8s'")

    def primary(self):
        return next((member for member in self.members if member.is_primary()), None)

    def standby(self):
        return next((member for member in self.members if member.is_synchronous_standby()), None)


def direct(member):
    return f"postgres://portaria@127.0.0.1:{member.port}/portaria"


def cluster_fails_over(binary):
    """The primary's machine is gone while people sign up at two nodes; the other takes over, the lost one comes back as the standby."""
    cluster = Cluster()
    # Not through PgBouncer: migrations hold a lock of their session.
    migrated = subprocess.run([os.path.abspath(binary), "migrate"], capture_output=True, text=True, cwd=ROOT,
                              env={"PATH": os.environ["PATH"], "DATABASE_URL": direct(cluster.primary()), "PORTARIA_DATA_DIR": os.path.join(ROOT, "migrate")})
    assert migrated.returncode == 0, migrated.stderr
    bouncer = Bouncer(cluster.members)
    url = f"postgres://portaria@127.0.0.1:{bouncer.port}/portaria"
    nodes = [Node(binary, url, f"cluster-node-{n}") for n in range(2)]
    crowd = Crowd(lambda: nodes, at_once=3)
    until("the first are in", lambda: crowd.done() >= 3, 60)
    before = sum(person.failures for person in crowd.people)
    lost = cluster.primary()
    killed = time.monotonic()
    lost.kill()
    until("the other is the primary", lambda: (new := cluster.primary()) and new is not lost, 90)
    promoted = time.monotonic() - killed
    done = crowd.done()
    until("people come through again", lambda: crowd.done() > done + 1, SIGN_UP_PATIENCE)
    lost.start()
    until("the lost one is the standby", cluster.standby, 120, 0.3)
    done = crowd.done()
    until("people still come through", lambda: crowd.done() > done + 1, SIGN_UP_PATIENCE)
    cost = judged(crowd, type("Now", (), {"sql": staticmethod(lambda statement: cluster.primary().sql(statement, "portaria"))}))
    return {**cost, "new primary after": round(promoted, 1), "refused before": before, "pooled by": bouncer.told}


EXPERIMENTS = [cluster_fails_over]
