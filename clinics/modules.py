"""Optional modules: their tables may be missing, and then the module alone is not available.

The one guard of their queries. It speaks inside a savepoint, so that a missing table does not end the transaction of
whoever asked; it takes for its own no error but the absence of the module's own tables; and where a module decides who
sees what, its absence shows nothing.
"""
import re
from contextlib import contextmanager

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections, transaction
from django.utils.translation import gettext_lazy as _

from clinics.access import TABLE
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.sql import sqlstate_of

UNDEFINED_TABLE = "42P01"
_all = []


class ModuleNotAvailable(Refusal):
    code = "module_not_available"
    status = 503
    detail = _("Este módulo todavía no está disponible en la clínica.")


class Module:
    """An app, by its label, that may be there without its tables; `scope` is the one of `access` that it fills."""

    def __init__(self, label: str, scope: str = ""):
        self.label, self.scope = label, scope
        _all.append(self)

    @property
    def name(self):
        return apps.get_app_config(self.label).verbose_name

    @property
    def tables(self) -> list[str]:
        return sorted(model._meta.db_table for model in apps.get_app_config(self.label).get_models())

    def missing(self) -> list[str]:
        """The module's tables that the database does not have: one question to its catalog, and no row read."""
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(quote_ident(name)) IS NULL",
                           [self.tables])
            return [row[0] for row in cursor.fetchall()]

    def there(self) -> bool:
        return not self.missing()

    def decides_for(self, actor) -> bool:
        """Whether some right of the actor reaches what this module says, and nothing without it."""
        return actor is not None and any(reach.get(actor.role) == self.scope for reach in TABLE.values())

    @contextmanager
    def guard(self):
        """What is asked inside answers ModuleNotAvailable where it named one of the module's tables that is missing.

        Querysets are lazy: evaluate them inside. Every other error passes as it is.
        """
        try:
            with transaction.atomic():
                yield
        except ProgrammingError as error:
            if self._names_a_missing_table(error):
                raise ModuleNotAvailable from error
            raise

    def _names_a_missing_table(self, error) -> bool:
        # the database gives no field with the table's name: it is read from its text, in whatever language that is
        if sqlstate_of(error) != UNDEFINED_TABLE:
            return False
        return any(re.search(rf"\b{table}\b", error.__cause__.diag.message_primary) for table in self.missing())


def absent(actor) -> list[Module]:
    """The modules without which this person sees less than their role says: the page says so, for a list that is
    empty because of it would look like the truth."""
    return [module for module in _all if module.decides_for(actor) and not module.there()]


def is_stored(model) -> bool:
    """Whether a model has its table: whoever walks over every model asks it of each. Only an optional module's may
    be missing."""
    known = model._meta
    return not any(known.db_table in module.missing() for module in _all if module.label == known.app_label)
