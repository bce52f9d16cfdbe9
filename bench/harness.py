"""What the benches share: a server of their own, a clinic to measure, clients that fire, and runs that alternate.

    with harness.Stage() as stage:                 # servers, migrations; `stage.owner`: the owner's connection
        clinic = stage.clinic(professionals=25, patients=300)
        stage.serve()                                   # the product, its limits off (it says so)
        floor = stage.get("/api/v1/floor", clinic)   # one request, as bytes; stage.post(path, body, clinic, headers)
        figures = stage.fire(repeat(floor), clients=8, seconds=3)   # or without seconds: until the requests end
        figures.per_second, figures.p50, figures.p99, figures.statuses
        runs = harness.alternate({"floor": measure_floor, "slots": measure_slots}, runs=5)   # {name: [what each gave]}
        harness.middle(one.p50 for one in runs["floor"])                                     # the median

The database and the cache are embedded, in a folder that is forgotten at the end, unless DATABASE_URL,
DATABASE_OWNER_URL and REDIS_URL name others: give an empty database, the bench leaves its clinics in it. More
processes that need the same environment (a Celery worker, a fake provider) are started with `stage.run(*arguments)`
and end with the stage. `stage.environment` is what they get.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
if find_spec("django") is None and PYTHON.exists():
    os.execv(PYTHON, [PYTHON, *sys.argv])
sys.path.insert(0, str(ROOT))

PROCESSES, THREADS = 2, 12
TOKEN_SECONDS = 120  # it lives longer: what is written shortly before is good for a volley
ALL_WEEK = {str(day): {"enabled": True, "slots": [{"start": "08:00", "end": "20:00"}]} for day in range(7)}
EXTERNAL = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@dataclass
class Figures:
    """What a volley gave: seconds of each answer, what they were, how long the whole took."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def per_second(self):
        return len(self.latencies) / self.seconds

    @property
    def p50(self):
        return statistics.median(self.latencies) * 1000

    @property
    def p99(self):
        return sorted(self.latencies)[int(len(self.latencies) * 0.99)] * 1000


@dataclass
class Clinic:
    tenant_id: int
    user_id: int
    treatment: int
    professionals: list[int]
    patients: list[int]
    ten: int | None = None  # a treatment that ten of them do, where a bench makes one

    bearer: tuple[str, float] | None = None  # what opens it, and since when

    @property
    def token(self):
        """What `renew` made last: a request written while a volley runs, inside its loop, begins no session."""
        return self.bearer[0] if self.bearer else self.renew()

    def renew(self):
        """A new one once it is old: a bench lasts longer than a token."""
        if self.bearer is None or time.monotonic() - self.bearer[1] > TOKEN_SECONDS:
            self.bearer = self._begun(), time.monotonic()
        return self.bearer[0]

    def _begun(self):
        from clinics import tenancy  # noqa: PLC0415  (settings are read first)
        from clinics.auth import sessions  # noqa: PLC0415
        from clinics.models import Membership  # noqa: PLC0415

        with tenancy.tenant_context(self.tenant_id), tenancy.atomic():
            member = Membership.objects.get(user_id=self.user_id)
            return str(sessions.begin(membership=member, bearer=True).access_token)


class Stage:
    def __init__(self):
        self.processes, self.servers, self.port, self.clinics = [], None, None, []

    def __enter__(self):
        try:
            self._set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *fault):
        for process in reversed(self.processes):
            _end(process)
        if self.servers:
            self.servers.remove()

    def _set_up(self):
        from dentalogic import keys  # noqa: PLC0415

        data = Path(tempfile.mkdtemp(prefix="dentalogic-bench-"))
        data.chmod(0o711)
        (data / "static").mkdir()
        given = {name: os.environ[name] for name in EXTERNAL if os.environ.get(name)}
        if len(given) < len(EXTERNAL):
            given = self._embedded(data)
        secrets = keys.load(data)
        self.environment = os.environ | given | {name: secrets[name] for name in keys.FOR_THE_PRODUCT} | {
            "DENTALOGIC_ENV": "production", "BENCH": "1", "ALLOWED_HOSTS": "127.0.0.1", "SSL_REDIRECT": "0",
            "DENTALOGIC_DATA": str(data), "DJANGO_SETTINGS_MODULE": "dentalogic.settings", "WEB_THREADS": str(THREADS)}
        os.environ.update(self.environment)
        subprocess.run([PYTHON, ROOT / "manage.py", "migrate", "-v0"], env=self.environment, cwd=ROOT, check=True)
        import django  # noqa: PLC0415
        import psycopg  # noqa: PLC0415

        django.setup()
        self.owner = psycopg.connect(given["DATABASE_OWNER_URL"], autocommit=True)

    def _embedded(self, data):
        from dentalogic import embedded  # noqa: PLC0415

        self.servers = embedded.Servers(data, say=lambda line: None).start()
        return self.servers.urls()

    def clinic(self, *, professionals=1, patients=1, minutes=30, holidays=False) -> Clinic:
        """A clinic open all week from 8 to 20, on holidays too unless it is said that it keeps them; its desk's
        secretary, and as many of each as said."""
        from agenda.models import TreatmentType  # noqa: PLC0415
        from clinics import tenancy  # noqa: PLC0415
        from clinics.models import Membership, Professional, Tenant, User  # noqa: PLC0415
        from dentalogic.lib import clock  # noqa: PLC0415

        now = clock.now()
        label = f"bench-{time.time_ns()}"
        tenant = Tenant.objects.create(
            name=label, slug=label, working_hours=ALL_WEEK, minimum_notice=0, horizon_days=365, created_at=now,
            closes_on_holidays=holidays)
        user = User.objects.create(email=f"{label}@bench.example", name="Bench", password="!", created_at=now)
        with tenancy.tenant_context(tenant.pk), tenancy.atomic():
            Membership.objects.create(user=user, role="secretary", status="active", created_at=now)
            treatment = TreatmentType.objects.create(code="B", name="Bench", folded="bench", minutes=minutes)
            made = Professional.objects.bulk_create(
                Professional(first_name="P", last_name=str(n), folded=f"p {n}") for n in range(professionals))
        self.clinics.append(Clinic(
            tenant.pk, user.pk, treatment.pk, [one.pk for one in made], self._patients(tenant.pk, patients)))
        return self.clinics[-1]

    def _patients(self, tenant_id, count):
        from clinics.patients.models import Patient  # noqa: PLC0415

        return self.fill(Patient, count, {
            "tenant_id": str(tenant_id), "first_name": "'Ana'", "last_name": "'Bench ' || n",
            "folded": "'bench ana ' || n"})

    def fill(self, model, count, values) -> list[int]:
        """`count` rows by one INSERT of the owner; `values` are SQL expressions of `n` (0, 1, …), the rest is the
        model's default or blank. Their ids."""
        columns = sql_defaults(model) | values
        rows = self.owner.execute(  # the names are the model's, the expressions the bench's own
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
            f"SELECT {', '.join(columns.values())} FROM generate_series(0, {count - 1}) n RETURNING id")
        return [row[0] for row in rows]

    def serve(self):
        """Start the product; ready when it answers."""
        self.port = _free_port()
        self.run("granian", "--interface", "wsgi", "dentalogic.wsgi:application", "--port", str(self.port),
                 "--workers", str(PROCESSES), "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "error")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                break
            time.sleep(0.1)
        print(f"limits are off; {PROCESSES} processes of {THREADS} threads serve (granian, WSGI)", flush=True)

    def run(self, program, *arguments):
        """Start a program of the virtual environment in the stage's environment; it ends with the stage."""
        process = subprocess.Popen(
            [PYTHON.parent / program, *arguments], env=self.environment, cwd=ROOT, start_new_session=True)
        self.processes.append(process)
        return process

    def get(self, path, clinic) -> bytes:
        return self._request("GET", path, clinic, b"", {})

    def post(self, path, body, clinic=None, headers=None) -> bytes:
        """`body` is an object for JSON, or bytes as they are."""
        return self._request("POST", path, clinic, body if isinstance(body, bytes) else json.dumps(body).encode(),
                             {"Content-Type": "application/json"} | (headers or {}))

    def _request(self, method, path, clinic, body, headers):
        lines = {"Host": f"127.0.0.1:{self.port}", "Content-Length": len(body), **headers}
        if clinic:
            lines["Authorization"] = f"Bearer {clinic.token}"
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body

    def fire(self, requests: Iterable[bytes], *, clients=1, seconds=None, keep=False) -> Figures:
        """Every client sends the next request when it has its answer, until `seconds` are over or none is left."""
        for clinic in self.clinics:
            clinic.renew()
        return asyncio.run(self._volley(iter(requests), clients, seconds, keep))

    async def _volley(self, requests, clients, seconds, keep):
        figures = Figures()
        lines = [await asyncio.open_connection("127.0.0.1", self.port) for _ in range(clients)]
        began = time.perf_counter()
        deadline = began + seconds if seconds else float("inf")
        await asyncio.gather(*(self._client(line, requests, deadline, figures, keep) for line in lines))
        figures.seconds = time.perf_counter() - began
        for _reader, writer in lines:
            writer.close()
        return figures

    async def _client(self, line, requests, deadline, figures, keep):
        reader, writer = line
        for request in requests:
            began = time.perf_counter()
            writer.write(request)
            status, body = await _answer(reader)
            ended = time.perf_counter()
            figures.latencies.append(ended - began)
            figures.statuses[status] += 1
            if keep:
                figures.bodies.append(body)
            if ended > deadline:
                return


async def _answer(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


def alternate(measures: dict[str, Callable], *, runs=5) -> dict[str, list]:
    """Each measure `runs` times, one after the other by turns, so that a slow minute of the machine meets all."""
    given = {name: [] for name in measures}
    for _ in range(runs):
        for name, measure in measures.items():
            given[name].append(measure())
    return given


def middle(values):
    return statistics.median(values)


def check(label, value, limit, *, at_most=True) -> bool:
    """Print a ratio and whether it is where it should be."""
    good = value <= limit if at_most else value >= limit
    bound = "at most" if at_most else "at least"
    print(f"{'ok  ' if good else 'MISS'} {label}: {value:.2f} ({bound} {limit:.2f})", flush=True)
    return good


def sql_defaults(model) -> dict[str, str]:
    """Column -> an SQL literal that fits it."""
    return {column.column: _default(column) for column in model._meta.concrete_fields if not column.primary_key}


def _default(column):
    if column.null:
        return "NULL"
    if column.has_default():
        value = column.get_default()
        return f"'{json.dumps(value)}'" if isinstance(value, dict | list) else f"'{value}'"
    kind = column.get_internal_type()
    return "'2026-01-01T00:00Z'" if kind == "DateTimeField" else "''"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _end(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
