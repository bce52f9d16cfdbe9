"""Fewer statements where everything happens inside one transaction that is thrown away.

There each transaction of the product is a savepoint, which says its clinic on entering and takes it back on leaving:
half of all that PostgreSQL is told. A savepoint in which nothing was written, and a clinic that nobody asked as, are
not sent. A statement runs as the clinic that it would have run as, and what is rolled back is what would have been.
The price: a SELECT that fails leaves the transaction broken, where the savepoint before it was not sent.
"""
import re
from contextlib import contextmanager

SAYS = 'SET LOCAL "app.tenant_id" TO '
_READS = re.compile(r"\s*SELECT\b(?!.*\b(?:nextval|setval|set_config)\b)", re.IGNORECASE | re.DOTALL)


@contextmanager
def quiet(connection):
    """For a transaction that speaks for no clinic yet; to be left before it is rolled back."""
    with connection.execute_wrapper(_Hushed()):
        yield


class _Hushed:
    def __init__(self):
        self.open = []  # (savepoint, the clinic at that moment), outermost first
        self.sent = 0  # so many of them PostgreSQL knows of
        self.wanted, self.said = f"{SAYS}''", None  # the clinic as it should be, and as PostgreSQL was told

    def __call__(self, execute, sql, params, many, context):
        told = sql if isinstance(sql, str) else ""
        verb, _, name = told.rpartition(" ")
        if verb == "SAVEPOINT":
            self.open.append((name, self.wanted))
            return None
        if told.startswith(SAYS):
            self.wanted = told
            return None
        if verb in ("RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT"):
            return self._leave(name, verb.startswith("ROLLBACK"), lambda: execute(sql, params, many, context))
        self._before(told, lambda statement: execute(statement, None, False, context))
        return execute(sql, params, many, context)

    def _before(self, told, send):
        """What has to be said before this statement."""
        if not _READS.match(told):
            for name, _clinic in self.open[self.sent:]:
                send(f"SAVEPOINT {name}")
            self.sent = len(self.open)
        if self.wanted != self.said:
            send(self.wanted)
            self.said = self.wanted

    def _leave(self, name, back, send):
        place = [one for one, _clinic in self.open].index(name)
        if back:
            self.wanted = self.open[place][1]
        if place < self.sent:
            send()
            self.said = None if back else self.said
        del self.open[place + back:]
        self.sent = min(self.sent, len(self.open))
