"""The few places where the product speaks SQL of its own: migration blocks, locks, folded errors."""
import sys
from pathlib import Path

from django.db import connection
from django.db.migrations.operations import RunSQL

LOCK_KINDS = ("professional", "patient", "cash", "record", "conversation", "calendar")


class RunBlock(RunSQL):
    """A migration's one `DO $$` block: `sql/<name>.sql` beside the migration, with the state it stands for."""

    def __init__(self, name, state=(), *, foundation=True):
        """`foundation=False`: of no use before Django's own tables are there, so not in db/init."""
        folder = Path(sys._getframe(1).f_globals["__file__"]).parent
        self.name, self.foundation = name, foundation
        self.text = (folder / "sql" / f"{name}.sql").read_text()
        # a list, so that Django does not split the block at its semicolons
        super().__init__([self.text], RunSQL.noop, state_operations=list(state))

    def deconstruct(self):
        return self.__class__.__name__, [self.name], {"state": self.state_operations, "foundation": self.foundation}


def lock(kind: str, *ids: int) -> None:
    """Hold a lock on each of these rows' names until the transaction ends; ascending, so that two never deadlock.

    Advisory and per tenant: it shortens the wait of rivals, a constraint decides.
    """
    with connection.cursor() as cursor:
        for row_id in sorted(set(ids)):
            cursor.execute(
                "SELECT pg_advisory_xact_lock("
                "((current_setting('app.tenant_id')::bigint * %s + %s) %% 2147483647)::int, %s)",
                [len(LOCK_KINDS), LOCK_KINDS.index(kind), row_id % 2**31])


def constraint_of(error: Exception) -> str:
    """The name of the constraint that an IntegrityError of Django speaks of, or ""."""
    diag = getattr(error.__cause__, "diag", None)
    return (diag and diag.constraint_name) or ""


def sqlstate_of(error: Exception) -> str:
    """PostgreSQL's five-letter code of a database error, or ""."""
    return getattr(error.__cause__, "sqlstate", None) or ""
