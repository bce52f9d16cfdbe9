"""The checks of bin/test, run by the environment's Python, on servers of their own in a temporary folder."""
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from dentalogic import catalogues, embedded, keys

ROOT = Path(__file__).resolve().parent.parent
# the first is the same engine without windows: half of the work
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STORIES_NOT_RUN = 3
LONGEST_STEP = 1500  # seconds
PYTEST = [sys.executable, "-m", "pytest", "--durations", "12", "--durations-min", "4"]
MANAGE = [sys.executable, "manage.py"]


def steps(scratch):
    """Title, command, what its environment has besides; the quick ones first. `scratch` is a folder for a while."""
    production = {
        "DENTALOGIC_ENV": "production", "ALLOWED_HOSTS": "clinic.example", "ORIGINS": "https://front.example",
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(60),
    }
    return [
        ("ruff", [sys.executable, "-m", "ruff", "check", "."], {}),
        ("the floors", [Path(sys.executable).with_name("lint-imports")], {}),
        ("no missing migration", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
        ("fit for production", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING", "--database", "default"],
         production),
        ("a release's static files", [*MANAGE, "collectstatic", "--no-input", "--verbosity", "0"],
         production | {"DENTALOGIC_DATA": scratch}),
    ]


# gives way to the two below, which wait more than they work and whose servers have to answer in time; three at once,
# for half of a test's time is PostgreSQL's; long files first (tests/conftest.py), lest one alone is waited for
TESTS = ("tests", ["nice", "-n", "10", *PYTEST, "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder",
                   "-m", "not e2e and not crash"], {})
# a minute of chaos by itself: bin/test tests/messaging/test_chaos.py
CRASHES = ("tests that kill servers", [*PYTEST, "-m", "crash and not e2e"], {"CHAOS_SECONDS": "20"})
STORIES = ("stories in a browser", [*PYTEST, "-m", "e2e"], {})


def run(title, command, more, lines=None):
    """Run one step in the environment of all; return (title, what became of it, seconds). Its output goes to `lines`
    where a file is given."""
    print(f"\n── {title} ──", flush=True)
    began = time.monotonic()
    try:
        done = subprocess.run([str(word) for word in command], cwd=ROOT, env=os.environ | more, timeout=LONGEST_STEP,
                              stdout=lines, stderr=lines and subprocess.STDOUT)
        outcome = "ok" if done.returncode == 0 else f"FAILED (exit code {done.returncode})"
    except subprocess.TimeoutExpired:
        outcome = f"FAILED (not done in {LONGEST_STEP} s)"
    return title, outcome, time.monotonic() - began


def beside(first, *others):
    """Steps at the same time, each on servers of its own. What the others say comes when the first has ended."""
    with ThreadPoolExecutor(len(others)) as hands, ExitStack() as files:
        lines = [files.enter_context(tempfile.TemporaryFile("w+")) for _ in others]
        later = [hands.submit(run, *other, file) for other, file in zip(others, lines, strict=True)]
        results = [run(*first), *(one.result() for one in later)]
        for other, file in zip(others, lines, strict=True):
            file.seek(0)
            print(f"\n── {other[0]}, in the meantime ──\n{file.read()}", flush=True)
    return results


def browser():
    """The path of a Chromium, installed from Debian's packages where this runs as root; "" when there is none."""
    found = _on_path()
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        print("There is no Chromium here; installing Debian's…", flush=True)
        quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        for package in BROWSERS[:2]:  # an older Debian has the second only
            subprocess.run(
                ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package, "fonts-dejavu-core"], **quiet)
            if found := _on_path():
                break
    return found


def _on_path():
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def given_arguments():
    """Only pytest, with what was asked for."""
    os.environ |= {"CHROMIUM": _on_path()}
    return subprocess.run([*PYTEST, *sys.argv[1:]], cwd=ROOT).returncode


def everything():
    chromium = browser()
    os.environ |= {"CHROMIUM": chromium}
    with tempfile.TemporaryDirectory(prefix="dentalogic-release-") as scratch:
        results = [run(*step) for step in steps(scratch)]
    results += beside(TESTS, CRASHES, *[STORIES] * bool(chromium))
    if not chromium:
        print("\nThere is no Chromium, and without root none can be installed. Stories not run:", flush=True)
        subprocess.run([*PYTEST, "-m", "e2e", "--collect-only", "-q"], cwd=ROOT)
        results.append((STORIES[0], "NOT RUN", 0))
    print("\n── summary ──")
    for title, outcome, seconds in results:
        print(f"  {title:26} {outcome:24} {seconds:6.1f} s")
    if any(outcome.startswith("FAILED") for _, outcome, _ in results):
        return 1
    return 0 if chromium else STORIES_NOT_RUN


def main():
    catalogues.compile_all()
    servers = embedded.Servers(Path(tempfile.mkdtemp(prefix="dentalogic-test-")), durable=False)
    try:
        servers.start()
        made = {name: servers.secret[name] for name in keys.FOR_THE_PRODUCT}
        os.environ |= made | servers.urls() | {"DENTALOGIC_ENV": "test", "PYTHONUNBUFFERED": "1"}
        for name in ("DJANGO_SETTINGS_MODULE", "TEST_DATABASE_NAME"):
            os.environ.pop(name, None)
        return given_arguments() if len(sys.argv) > 1 else everything()
    finally:
        servers.remove()


if __name__ == "__main__":
    sys.exit(main())
