"""What the product sends to PostgreSQL and to Redis during the whole test run, each test answering for its own.

`tests/conftest.py` installs it: a test in which a statement does not name its clinic fails, whatever it is about.
"""
import re
import sys
import threading
from pathlib import Path

import redis
from django.apps import apps
from django.conf import settings
from django.db.backends.signals import connection_created
from redis.client import Pipeline

from clinics.tenancy import TenantModel
from tests.architecture.isolation.statements import unnamed

ROOT = Path(__file__).resolve().parents[3]
KERNEL = "clinics/tenancy.py"  # speaks for whoever called it

# What is left to the policy of the table alone, and why: the verb, the table, the module that sends it.
LEFT_TO_THE_POLICY = {
    ("SELECT", "memberships", "clinics/auth/memberships.py"):
        "a login reads a person's memberships before a clinic is chosen, under a policy of their own",
}
# Keys in Redis that belong to no clinic, and why.
SHARED_KEYS = {
    r"(_kombu|unacked|celery)\b.*|dentalogic|prompt": "the queue: each job in it carries its clinic",
    r"clock:shift|dentalogic:lives:\w+": "the installation's own: its clock, and which of its processes live",
    r"rl:.*": "limits, counted by address or person, as a digest",
    r"provider:.*": "development only: what the simulated provider keeps, by the account's key",
}
_CLINICS = re.compile(r"t\d+:.*")
_COMMANDS = {
    "GET", "SET", "SETEX", "SETNX", "ADD", "DEL", "UNLINK", "EXISTS", "INCR", "INCRBY", "DECRBY", "EXPIRE", "PEXPIRE",
    "GETDEL", "MGET", "RPUSH", "LPUSH", "LRANGE", "LTRIM", "HSET", "HGET", "HGETALL", "SADD", "ZADD",
}


def tenant_tables() -> frozenset:
    return frozenset(model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel))


def is_of_a_clinic(key: str) -> bool:
    """Whether a key of the cache or of Redis names its clinic, as `tenancy.key` writes it, or belongs to none."""
    prefix = re.escape(settings.CACHES["default"].get("KEY_PREFIX", ""))
    name = re.sub(rf"^(simulator:)?({prefix})?:?(\d+:)?", "", key)
    return bool(_CLINICS.fullmatch(name)) or any(re.fullmatch(shape, name) for shape in SHARED_KEYS)


class Listener:
    """One for each process, whatever the thread: what was heard since it was last asked."""

    def __init__(self):
        self.faults, self.lock, self.tables = [], threading.Lock(), None

    def install(self):
        connection_created.connect(self._opened, dispatch_uid="isolation", weak=False)
        for kind in (redis.Redis, Pipeline):
            kind.execute_command = self._listening(kind.execute_command)

    def take(self) -> list[str]:
        with self.lock:
            faults, self.faults = self.faults, []
        return faults

    def _opened(self, connection, **_):
        if self.statement not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.statement)

    def statement(self, execute, sql, params, many, context):
        if isinstance(sql, str):
            self.tables = self.tables or tenant_tables()
            for verb, table in unnamed(sql, self.tables):
                self._note(f"{verb} of {table} does not name its clinic: {sql[:600]}", (verb, table))
        return execute(sql, params, many, context)

    def _listening(self, execute):
        def execute_command(client, *args, **options):
            if len(args) > 1 and str(args[0]).upper() in _COMMANDS:
                key = args[1].decode() if isinstance(args[1], bytes) else str(args[1])
                if not is_of_a_clinic(key):
                    self._note(f"the key {key!r} does not name its clinic")
            return execute(client, *args, **options)

        return execute_command

    def _note(self, fault, left=()):
        place = sender(sys._getframe(2))
        if place is None or (*left, place.rpartition(":")[0]) in LEFT_TO_THE_POLICY:
            return
        with self.lock:
            self.faults.append(f"{place}: {fault}")


def sender(frame) -> str | None:
    """`module.py:line` of the product that sends; None for a test's own, and for what no part of it sends."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and not {".venv", "site-packages"} & set(path.parts):
            place = path.relative_to(ROOT)
            if place.as_posix() != KERNEL and path != Path(__file__):
                return None if place.parts[0] == "tests" else f"{place}:{frame.f_lineno}"
        frame = frame.f_back
    return None


heard = Listener()
heard.install()
