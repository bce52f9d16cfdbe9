"""Servers for a test run that was given none: in a temporary folder, ended and forgotten with the run."""
import atexit
import os
import tempfile
from pathlib import Path

from dentalogic import embedded


def ensure():
    """Put into the environment what it lacks of DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL.

    The workers of pytest-xdist inherit the environment, so that one run has one pair of servers.
    """
    lacks_database, lacks_redis = "DATABASE_URL" not in os.environ, "REDIS_URL" not in os.environ
    if lacks_database or lacks_redis:
        os.environ |= _started(postgres=lacks_database, valkey=lacks_redis)


def of_this_worker():
    """A cache of its own for each worker of pytest-xdist: clearing it between tests empties that one only."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if worker:
        address, _, number = os.environ["REDIS_URL"].rpartition("/")
        os.environ["REDIS_URL"] = f"{address}/{(int(number) + int(worker)) % 16}"


def _started(**which):
    servers = embedded.Servers(Path(tempfile.mkdtemp(prefix="dentalogic-")), durable=False, say=_silent, **which)
    atexit.register(servers.remove)
    return servers.start().urls()


def _silent(line):
    pass
