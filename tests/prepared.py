"""A data folder as the first start of `bin/dev` leaves it, made once a run: who does not test that gets a copy."""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from dentalogic import embedded

ROOT = Path(__file__).parents[1]
NOT_OURS = (
    "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DENTALOGIC_", "DJANGO_", "JWT_", "OPENAI_", "PYTEST", "BENCH")
SHORT_DEMO = (
    "from django.core.management import call_command; from messaging.demo import days; "
    "days.PAST_DAYS = days.NEXT_DAYS = 1; call_command('seed_demo', verbosity=0)")


def copy_to(data):
    """With the owner and the rights of PostgreSQL's files."""
    subprocess.run(["cp", "-a", f"{_made()}/.", data], check=True)


def environment():
    """Of a process that is given nothing of this run's servers and settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}


@cache
def _made():
    folder = Path(tempfile.mkdtemp(prefix="dentalogic-prepared-"))
    folder.chmod(0o711)  # the database's account passes through
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data = folder / "data"
    with embedded.Servers(data, say=lambda line: None, durable=False):
        for command in (["migrate", "--verbosity", "0"], ["shell", "-c", SHORT_DEMO]):
            subprocess.run([sys.executable, "-m", "dentalogic.dev", "--data", data, "manage", *command], check=True,
                           cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)
    return data
