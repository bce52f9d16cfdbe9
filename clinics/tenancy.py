"""The tenant in scope, the transaction that speaks for it, and the manager that refuses to speak without one.

Three walls stand behind each other: the manager names `tenant_id` in the SQL when it is compiled (so a queryset
written at import time scopes itself later), row level security refuses what slips past it, and composite foreign keys
refuse a row of one clinic that points at a row of another.
"""
from contextlib import ContextDecorator, contextmanager
from contextvars import ContextVar
from functools import wraps

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.sql import Query
from django.db.models.sql.where import AND

from dentalogic.lib.sql import RunBlock, begun_with

__all__ = [
    "RunBlock", "TenantForeignKey", "TenantModel", "TenantNotSet", "TenantOneToOneField", "TenantQuerySet",
    "WrongTenant", "as_user", "atomic", "current_tenant", "cursor", "here", "joined", "key",
    "remember_here", "tenant_context",
]

_current = ContextVar("tenant", default=None)


class _Scope:
    """A tenant in scope, and what was before it. That of a generator nobody ended is left late, when rubbish is
    collected, in the midst of another: it takes nothing away from that one."""

    def __init__(self, tenant_id):
        self.tenant_id, self.before, self.left = tenant_id, _current.get(), False
        _current.set(self)

    def leave(self):
        self.left = True
        _current.set(_scope())


class TenantNotSet(RuntimeError):
    """A tenant's table was asked with no tenant in scope, or outside `tenancy.atomic()`."""


class WrongTenant(RuntimeError):
    """A row of one tenant was saved while another tenant was in scope."""


@contextmanager
def tenant_context(tenant_id: int):
    """Put a tenant in scope. Only doors may: request, webhook, socket, task, command."""
    if type(tenant_id) is not int:
        raise TypeError(f"tenant_id is an int, not {tenant_id!r}")
    scope = _Scope(tenant_id)
    try:
        yield tenant_id
    finally:
        scope.leave()


def _scope() -> _Scope | None:
    scope = _current.get()
    while scope is not None and scope.left:
        scope = scope.before
    return scope


def current_tenant() -> int:
    scope = _scope()
    if scope is None:
        raise TenantNotSet("no tenant in scope")
    return scope.tenant_id


def key(*parts) -> str:
    """A name in the cache or in Redis for something of the tenant in scope: `key("seen", 5)` is `t7:seen:5`."""
    return ":".join((f"t{current_tenant()}", *map(str, parts)))


def _in_force(connection):
    """The tenant that this connection's open transaction speaks for, or None."""
    return getattr(connection, "tenant_in_force", None) if connection.in_atomic_block else None


def _speak_for(connection, tenant_id):
    # not set_config(): on a Citus cluster a SET LOCAL travels to the workers and set_config does not (measured)
    said = f"""SET LOCAL "app.tenant_id" TO '{"" if tenant_id is None else int(tenant_id)}'"""
    if not begun_with(connection, said):
        with connection.cursor() as cursor:
            cursor.execute(said)
    connection.tenant_in_force = tenant_id
    connection.tenant_row = None


class _Atomic(ContextDecorator):
    """A transaction (or savepoint) in the scope's tenant. A `SET LOCAL` outlives a released savepoint: so it is put
    back on leaving."""

    def __init__(self):
        self._stack = []

    def _recreate_cm(self):
        return _Atomic()

    def __enter__(self):
        tenant_id = current_tenant()
        connection = connections[DEFAULT_DB_ALIAS]
        before = _in_force(connection)
        block = transaction.atomic()
        block.__enter__()
        self._stack.append((block, connection, before, tenant_id))
        if before != tenant_id:
            try:
                _speak_for(connection, tenant_id)
            except BaseException as fault:
                self.__exit__(type(fault), fault, fault.__traceback__)
                raise

    def __exit__(self, kind, fault, trace):
        block, connection, before, tenant_id = self._stack.pop()
        nested = len(connection.savepoint_ids) > 0
        try:
            if nested and before != tenant_id and kind is None and not connection.needs_rollback:
                _speak_for(connection, before)
        finally:
            block.__exit__(kind, fault, trace)
            connection.tenant_in_force = before if connection.in_atomic_block else None
            connection.tenant_row = None if before != tenant_id else getattr(connection, "tenant_row", None)


def atomic(function=None):
    """`with tenancy.atomic():` or `@tenancy.atomic`: one transaction in the tenant in scope; nests as a savepoint."""
    return _Atomic() if function is None else _Atomic()(function)


def joined(function):
    """`@tenancy.joined`, for what breaks no rule of the database: in the caller's transaction as it is, with no
    savepoint, where it speaks for this tenant; else in one of its own."""
    alone = _Atomic()(function)

    @wraps(function)
    def inside(*arguments, **named):
        joins = _in_force(connections[DEFAULT_DB_ALIAS]) == current_tenant()
        return (function if joins else alone)(*arguments, **named)

    return inside


@contextmanager
def as_user(user_id: int):
    """A cursor that sees one person's memberships in every clinic, and of the clinics nothing: policies add up, so
    a person and a tenant are never set together."""
    connection = connections[DEFAULT_DB_ALIAS]
    before = _in_force(connection)
    with transaction.atomic(), connection.cursor() as cursor:
        _speak_for(connection, None)
        cursor.execute(f"""SET LOCAL "app.user_id" TO '{int(user_id)}'""")
        yield cursor
        cursor.execute("""SET LOCAL "app.user_id" TO ''""")
        _speak_for(connection, before)


def cursor():
    """For the few statements written by hand: a cursor, where the transaction speaks for the tenant in scope."""
    connection = connections[DEFAULT_DB_ALIAS]
    if _in_force(connection) != current_tenant():
        raise TenantNotSet("a statement outside tenancy.atomic()")
    return connection.cursor()


def here():
    """The row of the tenant in scope, read once a transaction."""
    connection = connections[DEFAULT_DB_ALIAS]
    row = getattr(connection, "tenant_row", None)
    if row is None or row.pk != current_tenant():
        from clinics.models import Tenant  # noqa: PLC0415  (models import this module)

        row = connection.tenant_row = Tenant.objects.get(pk=current_tenant())
    return row


def remember_here(row):
    """The door has read the tenant's row already."""
    connections[DEFAULT_DB_ALIAS].tenant_row = row


class TenantQuery(Query):
    """A query that takes the tenant in scope when its SQL is built, not when it is written."""

    bound = False

    def bind(self):
        if not self.bound and not self.is_empty():
            tenant_id = current_tenant()
            if _in_force(connections[DEFAULT_DB_ALIAS]) != tenant_id:
                raise TenantNotSet(f"a query of {self.model.__name__} outside tenancy.atomic()")
            start = next((alias for alias, used in self.alias_refcount.items() if used), None)
            if start == next(iter(self.alias_map), None):
                self.add_q(models.Q(tenant_id=tenant_id))
            else:  # the subquery of an exclude(), from which Django has trimmed the model's own table
                field = self.model._meta.get_field("tenant")
                self.where.add(field.get_lookup("exact")(field.get_col(start), tenant_id), AND)
            self.bound = True
        return self

    def get_compiler(self, *args, **kwargs):
        return Query.get_compiler(self.clone().bind(), *args, **kwargs)

    def chain(self, klass=None):
        if klass is None or klass is Query:
            return super().chain(klass)
        return Query.chain(self.clone().bind(), klass)

    def get_aggregation(self, *args, **kwargs):
        return Query.get_aggregation(self.clone().bind(), *args, **kwargs)


class TenantQuerySet(models.QuerySet):
    def __init__(self, model=None, query=None, using=None, hints=None):
        super().__init__(model, query or TenantQuery(model), using, hints)

    def _raw_delete(self, using):
        self.query.bind()
        return super()._raw_delete(using)

    def raw(self, *args, **kwargs):
        raise NotImplementedError("raw SQL cannot be scoped to a tenant")

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for obj in objs:
            obj.take_tenant()
        return super().bulk_create(objs, *args, **kwargs)


class _SameTenant:
    """A join along the link names the tenant on both of its sides, as the composite key does."""

    def get_extra_restriction(self, alias, related_alias):
        if alias is None:  # the subquery of an exclude(), which names its tenant by itself
            return None
        theirs, mine = self.remote_field.model._meta.get_field("tenant"), self.model._meta.get_field("tenant")
        return theirs.get_lookup("exact")(theirs.get_col(alias), mine.get_col(related_alias))


class TenantForeignKey(_SameTenant, models.ForeignKey):
    """A link between two tenant tables. The block writes the composite key: `id` alone is not unique there."""

    def __init__(self, to, on_delete=models.PROTECT, **kwargs):
        kwargs.setdefault("db_constraint", False)
        kwargs.setdefault("db_index", False)
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)


class TenantOneToOneField(_SameTenant, models.OneToOneField):
    """The same, to one row at most. For migrations it is Django's own."""

    def __init__(self, to, on_delete=models.PROTECT, **kwargs):
        kwargs.setdefault("db_constraint", False)
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.OneToOneField", args, kwargs


class TenantModel(models.Model):
    tenant = models.ForeignKey(
        "clinics.Tenant", on_delete=models.PROTECT, related_name="+", db_index=False, editable=False)
    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # save(), refresh_from_db() and forward links name the tenant too

    def save(self, *args, **kwargs):
        self.take_tenant()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Through the queryset, whose SQL names the tenant; Django's own deletes by id alone."""
        return type(self).objects.filter(pk=self.pk).delete()

    def take_tenant(self):
        tenant_id = current_tenant()
        if self.tenant_id is None:
            self.tenant_id = tenant_id
        elif self.tenant_id != tenant_id:
            raise WrongTenant(f"{self} belongs to another tenant")
