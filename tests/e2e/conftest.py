"""Stories in a real browser, against the real parts: `bin/dev` on embedded servers of its own, with the demo.

`STORIES_SITE=<data folder>` tells them on an installation that runs already; `STORIES_GOOGLE=<port>` is where on
loopback that one looks for Google. Quiet time is one second.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from messaging.demo import world
from tests import prepared
from tests.e2e.agenda import name
from tests.e2e.windows import Windows
from tests.fakes.google import Google
from tests.fakes.openai import Model

ROOT = Path(__file__).parents[2]
READY_SECONDS = 240
TOKEN_SECONDS = 600  # less than it is good for
LATE = 19  # o'clock at the clinic
NEXT_MORNING = "from datetime import timedelta; from dentalogic.lib import clock; clock.shift(timedelta(hours=13))"
SMALLEST_PICTURE = 8000  # bytes; a blank page has fewer
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--no-first-run", "--mute-audio",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)


class Site:
    def __init__(self, demo, google=None, ear=None):
        self.url, self.logins, self.google, self.ear = demo["base_url"], demo["logins"], google, ear
        self.sessions = {}  # the cookies of who is logged in: five logins a minute are the limit of an account

    def login(self, role, clinic=0):
        """Who has that role in the first clinic of the demo, or in the second."""
        clinics = list(dict.fromkeys(one["tenant_id"] for one in self.logins))
        return next(one for one in self.logins if (one["role"], one["tenant_id"]) == (role, clinics[clinic]))

    def api(self, role, path, body=None, clinic=0):
        """One call of the API as that role; `(status, answer)`."""
        who = self.login(role, clinic)
        if time.monotonic() > who.get("until", 0):
            who["until"] = time.monotonic() + TOKEN_SECONDS
            who["token"] = self._send("/auth/token", {
                "email": who["email"], "password": who["password"], "tenant_id": who["tenant_id"]})[1]["access"]
        return self._send(path, body, {"Authorization": f"Bearer {who['token']}"})

    def _send(self, path, body=None, headers=None):
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as answer:
            return answer.code, json.loads(answer.read() or b"null")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _is_up(url):
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _until_ready(process, url, data, log):
    end = time.monotonic() + READY_SECONDS
    while not (_is_up(url) and (data / "demo.json").exists()):
        assert process.poll() is None, log.read_text()[-3000:]
        assert time.monotonic() < end, log.read_text()[-3000:]
        time.sleep(0.3)


def _in_the_daytime(data):
    """Late in the evening nobody can be given a visit for the same day, nor arrive: there it is the next morning."""
    if datetime.now(ZoneInfo(world.CLINICS[0].timezone)).hour >= LATE:
        subprocess.run(
            [sys.executable, "-m", "dentalogic.dev", "--data", data, "manage", "shell", "-c", NEXT_MORNING], cwd=ROOT,
            env=prepared.environment(), check=True)


@pytest.fixture(scope="session")
def site():
    if given := os.environ.get("STORIES_SITE"):
        port = os.environ.get("STORIES_GOOGLE")
        yield Site(json.loads((Path(given) / "demo.json").read_text()), Google(int(port)) if port else None)
        return
    folder = Path(tempfile.mkdtemp(prefix="dentalogic-stories-"))
    folder.chmod(0o711)  # the database's account passes through
    data, log, port = folder / "data", folder / "dev.log", _free_port()
    google, ear = Google(), Model()
    environment = prepared.environment() | google.settings | {
        "QUIET_SECONDS": "1", "PUBLIC_URL": f"http://127.0.0.1:{port}", "GOOGLE_LIVE_FRESH": "0",
        "TRANSCRIPTION_BASE_URL": ear.base, "TRANSCRIPTION_API_KEY": "stories"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dentalogic.dev", "--port", str(port), "--data", str(data)], cwd=ROOT,
            env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            _until_ready(process, f"http://127.0.0.1:{port}", data, log)
            _in_the_daytime(data)
            yield Site(json.loads((data / "demo.json").read_text()), google, ear)
        finally:
            google.close()
            ear.close()
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not found:
        pytest.fail("there is no Chromium; bin/test installs it where it may")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def windows(browser, site):
    return Windows(browser, site)


@pytest.fixture
def open_as(windows):
    """`open_as("secretary")`: a window that is logged in. What its console says against us fails the story."""
    opened = []

    def make(role=None, **how):
        opened.append(windows.open(role, **how))
        return opened[-1]

    yield make
    said = [fault for page in opened for fault in page.faults]
    for page in opened:
        windows.close(page)
    assert said == []


@pytest.fixture
def free(site):
    """`free(n)`: the nth opening of the professional who has a login, some days ahead, as the API tells it."""
    def ask(place=0, days=3):
        first = site.today + timedelta(days=days)
        for treatment in site.api("secretary", "/api/v1/treatments")[1]["results"]:
            _status, found = site.api(
                "secretary", f"/api/v1/availability?treatment={treatment['id']}&professional={site.own_professional}"
                f"&from={first}&to={first + timedelta(days=12)}")
            rows = found["results"] if isinstance(found, dict) else found
            if len(rows) > place:
                return treatment["id"], rows[place]
        return pytest.fail("the professional with a login has no opening at all")

    if not hasattr(site, "own_professional"):  # whose own column comes first in their agenda
        _status, feed = site.api("professional", "/agenda/feed")
        site.own_professional, site.today = feed["professionals"][0]["id"], date.fromisoformat(feed["first"])
    return ask


@pytest.fixture
def booked(site, free):
    """`booked()`: a visit given through the API; its id, surname and opening."""
    def make(place=0, days=3):
        surname, (treatment, opening) = name(), free(place, days)
        status, patient = site.api("secretary", "/api/v1/patients", {
            "first_name": "Ana", "last_name": surname, "phone": "341 555-0177", "insurance": "particular"})
        assert status == 201, patient
        status, visit = site.api("secretary", "/api/v1/appointments", {
            "patient": patient["id"], "professional": opening["professional"], "treatment": treatment,
            "start_at": opening["start_at"]})
        assert status == 201, visit
        return visit["id"], surname, opening

    return make


@pytest.fixture
def open_today(open_as, site):
    """The clinic attends today whatever day the stories are told on, so that somebody can arrive."""
    if hasattr(site, "opened"):
        return
    page = open_as("ceo")
    page.goto("/settings/closures/new/")
    page.select_option("[name=kind]", "open")
    for field, value in (("first_day", "hoy"), ("first_hour", "00:00"), ("last_hour", "23:45")):
        page.fill(f"[name={field}]", value)
    page.click(".set-acts .btn-primary")
    page.wait_for_url("**/settings/closures/**saved**")
    site.opened = True


@pytest.fixture
def picture():
    """`picture(page, "agenda-week")`: the page as docs/img shows it; kept with STORIES_PICTURES=1, made always."""
    def take(page, name):
        keeps = os.environ.get("STORIES_PICTURES")
        page.wait_for_timeout(400 if keeps else 0)
        drawn = page.screenshot(animations="disabled")
        assert len(drawn) > SMALLEST_PICTURE
        if keeps:
            (ROOT / "docs" / "img" / f"{name}.png").write_bytes(drawn)

    return take
