"""The few places where the product speaks SQL of its own: migration blocks, locks, folded errors."""
import sys
from pathlib import Path

from django.db import OperationalError, connection, transaction
from django.db.migrations.operations import RunSQL
from psycopg import errors, pq

LOCK_KINDS = ("professional", "patient", "cash", "record", "conversation", "calendar", "audit", "chair")


class RunBlock(RunSQL):
    """A migration's one `DO $$` block: `sql/<name>.sql` beside the migration, with the state it stands for."""

    def __init__(self, name, state=(), *, foundation=True):
        """`foundation=False`: of no use before Django's own tables are there, so not in db/init."""
        folder = Path(sys._getframe(1).f_globals["__file__"]).parent
        self.name, self.foundation = name, foundation
        self.text = (folder / "sql" / f"{name}.sql").read_text()
        # a list, so that Django does not split the block at its semicolons
        super().__init__([self.text], RunSQL.noop, state_operations=list(state))

    def state_forwards(self, app_label, state):
        # rendered anew once, for the next migration, and not after each of these operations: a third of the time
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def deconstruct(self):
        return self.__class__.__name__, [self.name], {"state": self.state_operations, "foundation": self.foundation}


_NAME = "((current_setting('app.tenant_id')::bigint * %s + %s) %% 2147483647)::int, %s"


def _named(kind, row_id):
    return [len(LOCK_KINDS), LOCK_KINDS.index(kind), row_id % 2**31]


def lock(kind: str, *ids: int) -> None:
    """Hold a lock on each of these rows' names until the transaction ends; ascending, so that two never deadlock.

    Advisory and per tenant: it shortens the wait of rivals, a constraint decides.
    """
    with connection.cursor() as cursor:
        for row_id in sorted(set(ids)):
            cursor.execute(f"SELECT pg_advisory_xact_lock({_NAME})", _named(kind, row_id))  # noqa: S608  (ours)


def share(kind: str) -> None:
    """Hold the tenant's one lock of this kind with others who share it, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_NAME})", _named(kind, 0))  # noqa: S608


def try_lock(kind: str) -> bool:
    """The same lock for oneself alone, if nobody shares it now. Never waits, so nobody waits behind it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({_NAME})", _named(kind, 0))  # noqa: S608
        return cursor.fetchone()[0]


def insist(kind: str, *, milliseconds=1000) -> bool:
    """The same, waiting a moment: meanwhile those who want to share it wait behind."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout TO {int(milliseconds)}")
            cursor.execute(f"SELECT pg_advisory_xact_lock({_NAME})", _named(kind, 0))  # noqa: S608
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as fault:
        if sqlstate_of(fault) != "55P03":  # lock_not_available
            raise
        return False
    return True


def begun_with(connection, statement: str) -> bool:
    """Begin the transaction that is about to begin, and say its first statement, in one trip to the server: psycopg
    sends BEGIN by itself and waits for its answer. False when there is none to begin. No parameters, no result."""
    server = connection.connection.pgconn
    if connection.connection.autocommit or server.transaction_status != pq.TransactionStatus.IDLE:
        return False
    with connection.wrap_database_errors:
        result = server.exec_(f"BEGIN; {statement}".encode())
        if result.error_field(pq.DiagnosticField.SQLSTATE):
            raise errors.error_from_result(result)
        if result.status != pq.ExecStatus.COMMAND_OK:  # nobody answered
            raise errors.OperationalError(server.get_error_message())
    return True


def constraint_of(error: Exception) -> str:
    """The name of the constraint that an IntegrityError of Django speaks of, or ""."""
    diag = getattr(error.__cause__, "diag", None)
    return (diag and diag.constraint_name) or ""


def sqlstate_of(error: Exception) -> str:
    """PostgreSQL's five-letter code of a database error, or ""."""
    return getattr(error.__cause__, "sqlstate", None) or ""
