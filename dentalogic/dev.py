"""`bin/dev` once the checkout is ready: servers, database, web, worker and beat, watched until told to stop."""
import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from dentalogic import catalogues, embedded, keys, placement
from dentalogic.processes import Program, die_with

ROOT = Path(__file__).resolve().parent.parent
LOOK_SECONDS = 0.5
DEAF_SECONDS = 30  # workers and beat say every 2 seconds that they live; one that runs and is silent is started again
PATIENCE_SECONDS = 30


class Part:
    """The web server, a worker or beat: one program of ours that runs in the environment of the moment."""

    def __init__(self, name, title, arguments, *, data, environment):
        self.name, self.title = name, title
        self.program = Program(name, data, stop_signals=(signal.SIGTERM, signal.SIGKILL), patience=10)
        self._arguments = arguments
        self._environment = environment

    def start(self):
        self.program.keep_log_small()
        self.program.start([sys.executable, "-m", *self._arguments], env=self._environment(), cwd=ROOT)

    def alive(self):
        return self.program.alive()

    def stop(self):
        self.program.stop()


class Stop(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal."""


class Dev:
    def __init__(self, *, port, data, demo):
        self.port, self.data, self.demo = port, data, demo
        self.url = f"http://127.0.0.1:{port}"
        self.servers = embedded.Servers(
            data, say=say, postgres=not os.environ.get("DATABASE_URL"), valkey=not os.environ.get("REDIS_URL"))
        self.parts = [
            Part(name, title, arguments, data=data, environment=self.environment_of_parts)
            for name, title, arguments in (
                ("web", "The web server", web(port)), ("worker", "The worker", worker("worker", "dentalogic")),
                ("sender", "The sender", worker("sender", "prompt")), ("beat", "Beat", BEAT),
            )
        ]
        self._not_before = {}
        self._silent_since = {}
        self._last_words = {}

    def environment(self):
        return environment(self.data, self.servers.secret, self.servers.urls(), self.port)

    def environment_of_parts(self):
        """Without the owner's address: what serves people cannot pass by row level security, even by mistake."""
        return {name: value for name, value in self.environment().items() if name != "DATABASE_OWNER_URL"}

    def prepare(self):
        for part in self.parts:
            part.program.end_left_behind()
        if is_taken(self.port):
            raise SystemExit(f"port {self.port} is taken; choose another with --port")
        for server in self.servers.each():
            say(f"Starting {server.title}…")
            server.start()
        catalogues.compile_all()
        self._forget_half_a_demo()
        say("Bringing the database up to date…")
        self._manage("migrate", "--no-input", "--verbosity", "0")
        if self.demo and self._is_empty():
            say("Filling the demo clinics…")
            self._half_a_demo.touch()
            self._manage("seed_demo")
            self._half_a_demo.unlink()

    @property
    def _half_a_demo(self):
        return self.data / "demo.unfinished"

    def _forget_half_a_demo(self):
        """A first start that was broken off while it filled the demo begins anew, on the database that is ours."""
        if self._half_a_demo.exists() and self.servers.postgres:
            say("The demo was not finished; beginning it anew.")
            self.servers.postgres.empty()
        self._half_a_demo.unlink(missing_ok=True)

    def _manage(self, *arguments):
        done = subprocess.run([sys.executable, ROOT / "manage.py", *arguments], env=self.environment(), cwd=ROOT,
                              preexec_fn=die_with(os.getpid(), signal.SIGTERM))
        if done.returncode:
            raise SystemExit(f"manage.py {arguments[0]} did not work (exit code {done.returncode})")

    def _is_empty(self):
        with psycopg.connect(self.environment()["DATABASE_OWNER_URL"]) as connection:
            return not connection.execute("SELECT EXISTS (SELECT FROM tenants)").fetchone()[0]

    def start(self):
        say("Starting the web server, the workers and beat…")
        for part in self.parts:
            part.start()
        self._wait()
        say(f"\nDentalogic is ready: {self.url}\n{logins(self.data, self.url)}Ctrl-C ends it.")

    def _wait(self):
        """Until /healthz answers 200, keeping the parts alive; it says now and then what it waits for."""
        said = time.monotonic()
        while down := self.down():
            self.look()
            time.sleep(LOOK_SECONDS)
            if time.monotonic() - said > PATIENCE_SECONDS:
                say(f"Waiting for: {', '.join(down)}. The logs are in {self.data / 'logs'}")
                said = time.monotonic()

    def down(self):
        """The parts that /healthz names as down; the web server when it does not answer."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return json.load(answer)["down"]
        except urllib.error.HTTPError as answer:
            try:
                return json.load(answer)["down"]
            except (ValueError, KeyError, OSError):
                return ["web"]
        except OSError:
            return ["web"]

    def watch(self):
        asked = time.monotonic()
        while True:
            time.sleep(LOOK_SECONDS)
            self.look()
            if time.monotonic() - asked > DEAF_SECONDS / 6:
                self._wake_the_deaf(self.down())
                asked = time.monotonic()

    def look(self):
        """Start again whatever has ended."""
        for part in [*self.servers.each(), *self.parts]:
            if not part.alive() and time.monotonic() >= self._not_before.get(part.name, 0):
                self._again(part)

    def _again(self, part):
        say(f"{part.title} has ended ({part.program.ended_with()}); starting it again.")
        words = part.program.last_lines()
        if not part.program.was_killed() and words != self._last_words.get(part.name):
            say(_indented(words))
            self._last_words[part.name] = words
        self._not_before[part.name] = time.monotonic() + 3
        before = self.servers.urls()
        try:
            part.start()
        except embedded.NotStarted as fault:
            say(str(fault))
        if self.servers.urls() != before:
            say("Its address is another one now; starting what uses it again.")
            for user in self.parts:
                user.stop()
                user.start()

    def _wake_the_deaf(self, down):
        """A worker that runs but no longer says so has lost its broker for good."""
        now = time.monotonic()
        for part in self.parts[1:]:
            if part.name not in down or not part.alive():
                self._silent_since.pop(part.name, None)
            elif now - self._silent_since.setdefault(part.name, now) > DEAF_SECONDS:
                say(f"{part.title} runs and says nothing; starting it again.")
                del self._silent_since[part.name]
                part.stop()
                part.start()

    def end(self):
        say("Ending…")
        for part in [*reversed(self.parts)]:
            part.program.ask_to_end()
        for part in self.parts:
            part.stop()
        self.servers.stop()
        say("Ended.")


def environment(data, secret, urls, port):
    """What was given from outside wins over what was made here."""
    made = {name: secret[name] for name in keys.FOR_THE_PRODUCT} | {
        "DENTALOGIC_ENV": "development",
        "YCLOUD_API_BASE": f"http://127.0.0.1:{port}/simulator/ycloud/v2",
    }
    fixed = {"DENTALOGIC_DATA": str(data), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    given = {name: value for name, value in os.environ.items() if value}
    return made | urls | given | fixed


def web(port):
    return ["uvicorn", "dentalogic.asgi:application", "--host", "127.0.0.1", "--port", str(port), "--ws", "auto",
            "--no-access-log", "--no-proxy-headers", "--timeout-graceful-shutdown", "3"]


def worker(name, queue):
    return ["celery", "-A", "dentalogic.celery:app", "worker", "--queues", queue, "--hostname", f"{name}@%h",
            "--pool", "threads", "--concurrency", "8", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]


BEAT = ["celery", "-A", "dentalogic.celery:app", "beat", "--loglevel", "INFO", "--pidfile="]


def say(line):
    with contextlib.suppress(OSError):  # whoever read this may have gone; what runs here goes on
        print(line, flush=True)


def _indented(text):
    return "\n".join(f"    {line}" for line in text.splitlines())


def logins(data, url):
    """The demo's logins for whoever reads the terminal; its file gets the address of this start."""
    path = data / "demo.json"
    try:
        demo = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return ""
    if demo.get("base_url") != url:
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(demo | {"base_url": url}, ensure_ascii=False, indent=2))
        new.replace(path)
    rows = map(_login, demo.get("logins", []))
    return "\n".join([*rows, f"  (all of this, and the webhooks to post to, in {path})", ""])


def _login(who):
    role = who["role"] if who.get("status", "active") == "active" else f"{who['role']}, {who['status']}"
    return f"  {who['email']:28} {who['password']:18} {role:20} {who.get('clinic', '')}"


def is_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def arguments():
    parser = argparse.ArgumentParser(prog="bin/dev", description="Dentalogic on this machine, from nothing.")
    parser.add_argument("--port", type=int, default=8000, help="where the pages are (8000)")
    parser.add_argument("--data", type=Path, default=ROOT / ".data", help="the folder of all that is kept (.data)")
    parser.add_argument("--no-demo", action="store_true", help="do not fill an empty database")
    parser.add_argument("manage", nargs=argparse.REMAINDER,
                        help="`manage` and a command of manage.py: runs it beside a bin/dev that runs")
    chosen = parser.parse_args()
    if chosen.manage and chosen.manage[0] != "manage":
        parser.error(f"unknown: {chosen.manage[0]}")
    return chosen


def manage(chosen):
    """Become manage.py in the environment of the bin/dev that runs on this data folder."""
    data = chosen.data.absolute()
    if not (data / "secrets.env").exists():
        raise SystemExit(f"bin/dev has not run on {data} yet")
    urls = embedded.addresses(data)
    os.execve(sys.executable, [sys.executable, ROOT / "manage.py", *chosen.manage[1:]],
              environment(data, keys.load(data), urls, chosen.port))


def stop_on_signals():
    def stop(number, frame):
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, signal.SIG_IGN)
        raise Stop

    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(one) is not signal.SIG_IGN:  # under nohup it stays ignored
            signal.signal(one, stop)


def main():
    chosen = arguments()
    if bool(os.environ.get("DATABASE_URL")) != bool(os.environ.get("DATABASE_OWNER_URL")):
        raise SystemExit("DATABASE_URL and DATABASE_OWNER_URL are given together or not at all")
    if chosen.data.exists() and not os.access(chosen.data, os.W_OK):
        raise SystemExit(f"{chosen.data} belongs to somebody else; name another folder with --data")
    if chosen.manage:
        manage(chosen)
    stop_on_signals()
    try:
        dev = Dev(port=chosen.port, data=chosen.data.absolute(), demo=not chosen.no_demo)
    except embedded.DataInUse as fault:
        raise SystemExit(str(fault)) from None
    try:
        dev.prepare()
        dev.start()
        dev.watch()
    except (embedded.NotStarted, placement.NoAccount) as fault:
        raise SystemExit(str(fault)) from None
    except Stop:
        pass
    finally:
        dev.end()


if __name__ == "__main__":
    main()
