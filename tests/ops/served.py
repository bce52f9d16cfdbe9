"""The product as production serves it: both commands of deploy/Procfile, on a database of its own, behind a "proxy".

The proxy is the test: it speaks plain HTTP to the ports and says who asks and that TLS ended with it.
"""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.hashers import make_password
from django.db import connection
from websockets.sync.client import connect

from clinics import tenancy
from clinics.models import User
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
HOST = "clinic.example"
READY_SECONDS = 60


def commands() -> dict[str, str]:
    lines = (ROOT / "deploy" / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if line.strip())


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)

    @property
    def cookies(self):
        jar = SimpleCookie()
        for line in self.headers.get_all("Set-Cookie", ()):
            jar.load(line)
        return jar


@dataclass
class Browser:
    """One person at one address, with a jar; `port` is where the proxy sends what is asked."""

    port: int
    address: str = "203.0.113.7"
    jar: dict = field(default_factory=dict)

    def ask(self, method, path, body=None, *, form=None, port=None, **headers):
        line = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
        sent = {"Host": HOST, "X-Forwarded-For": self.address, "X-Forwarded-Proto": "https", "Cookie": self.cookie}
        if body is not None:
            body, sent["Content-Type"] = json.dumps(body), "application/json"
        if form is not None:
            body, sent["Content-Type"] = form, "application/x-www-form-urlencoded"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            line.request(method, path, body, {name: value for name, value in sent.items() if value})
            got = line.getresponse()
            answer = Answer(got.status, got.headers, got.read())
        finally:
            line.close()
        for name, morsel in answer.cookies.items():
            self.jar.pop(name, None) if morsel["max-age"] == "0" else self.jar.update({name: morsel.value})
        return answer

    @property
    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.jar.items())

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body=None, **headers):
        sent = {"X_CSRFToken": self.csrf, "Origin": f"https://{HOST}"} | headers
        return self.ask("POST", path, {} if body is None else body, **sent)

    @property
    def csrf(self):
        return self.jar.get("__Host-csrftoken", "")

    def log_in(self, member, password=factories.PASSWORD, **more):
        return self.post("/auth/login", {"email": member.user.email, "password": password}, **more)

    def socket(self, port, path="/ws/", origin=f"https://{HOST}"):
        return connect(
            f"ws://{HOST}{path}", sock=socket.create_connection(("127.0.0.1", port), 5), origin=origin,
            additional_headers={"Cookie": self.cookie, "X-Forwarded-Proto": "https"})


class Served:
    def __init__(self, database):
        self.database, self.processes = database, []
        folder = tempfile.mkdtemp(prefix="dentalogic-served-")
        self.log = Path(folder) / "log"
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "BENCH", "DJANGO_"))
        } | {
            "DENTALOGIC_ENV": "production", "DJANGO_SETTINGS_MODULE": "dentalogic.settings",
            "DJANGO_SECRET_KEY": "served-" + "s3cret" * 12, "ALLOWED_HOSTS": HOST, "PROXIES": "1",
            "DENTALOGIC_DATA": folder, "WEB_WORKERS": "1", "WEB_THREADS": "4",
            "DATABASE_URL": _named(os.environ["DATABASE_URL"], database),
            "DATABASE_OWNER_URL": _named(os.environ["DATABASE_OWNER_URL"], database),
        }
        self.run("python manage.py collectstatic --no-input --verbosity 0").wait()

    def run(self, command, **environment):
        """One command, in the environment of production, its programs those of the tests' own Python."""
        bin_ = Path(sys.executable).parent
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                ["sh", "-c", f"exec {command}"], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
                env=self.environment | environment | {"PATH": f"{bin_}:{os.environ['PATH']}"}, start_new_session=True)
        self.processes.append(process)
        return process

    def start(self, *parts, **environment) -> list[int]:
        """The ports where those parts of deploy/Procfile answer now."""
        ports = [_free_port() for _part in parts]
        for part, port in zip(parts, ports, strict=True):
            self.run(commands()[part], WEB_PORT=str(port), SOCKETS_PORT=str(port), **environment)
        end = time.monotonic() + READY_SECONDS
        for port, process in zip(ports, self.processes[-len(parts):], strict=True):
            while not _answers(port):
                assert process.poll() is None and time.monotonic() < end, self.log.read_text()[-3000:]
                time.sleep(0.1)
        return ports

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(self.log.parent, ignore_errors=True)

    @contextmanager
    def at_its_database(self, tenant_id=None):
        """This process's own connection, for a while, as the application's role: for rows and verbs."""
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = self.database
        try:
            if tenant_id is None:
                yield
            else:
                with tenancy.tenant_context(tenant_id), tenancy.atomic():
                    yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


def fill(served):
    """Two clinics with everybody in them, whose passwords are hashed as production does."""
    clinics = {}
    with served.at_its_database():
        for name in ("arrayan", "bosque"):
            tenant = factories.TenantFactory(slug=name)
            with tenancy.tenant_context(tenant.pk), tenancy.atomic():
                clinics[name] = factories.staff(f"{name}.example")
        User.objects.update(password=make_password(factories.PASSWORD, hasher="argon2"))
    return clinics


def _named(url, database):
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
