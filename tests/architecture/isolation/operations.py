"""Everything that can be asked of a model, as functions: what reads says whether it saw a row, what writes only tries.

`faults(model, …)` runs them all from one clinic upon a row of the other. Each read is tried upon a row of one's own
too, so that one that never sees anything is no proof.
"""
from asgiref.sync import async_to_sync
from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Exists, Max, Q, Subquery
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from clinics import tenancy
from clinics.models import Tenant
from dentalogic.lib.sql import sqlstate_of
from tests.architecture.isolation.rows import links, tenant_models

ABSENT = (ObjectDoesNotExist, ValidationError, serializers.ValidationError, Http404)
REFUSED = (*ABSENT, DatabaseError, tenancy.WrongTenant, tenancy.TenantNotSet, NotImplementedError, TypeError)


def _has(found, pk) -> bool:
    return any(getattr(row, "pk", row) == pk for row in found)


def _table(model):
    return connection.ops.quote_name(model._meta.db_table)


def _sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else cursor.rowcount


def _forward(model, pk):
    """Through the link of any model that points here."""
    field = _pointing(model)
    if field is None:
        return model._base_manager.get(pk=pk).pk == pk  # what a link would ask
    return getattr(field.model(**{field.attname: pk}), field.name).pk == pk


def _pointing(model):
    return next(
        (field for other in tenant_models() for field in links(other) if field.related_model is model), None)


@async_to_sync
async def _aget(model, pk):
    return (await model.objects.aget(pk=pk)).pk == pk


@async_to_sync
async def _acount(model, pk):
    return await model.objects.filter(pk=pk).acount() == 1


@async_to_sync
async def _aexists(model, pk):
    return await model.objects.filter(pk=pk).aexists()


@async_to_sync
async def _aiter(model, pk):
    return [row.pk async for row in model.objects.all() if row.pk == pk] == [pk]


def _form(model, pk):
    return forms.ModelChoiceField(queryset=model.objects.all()).clean(str(pk)).pk == pk


def _choices(model, pk):
    return _has((value.value for value, _label in forms.ModelChoiceField(model.objects.all()).choices if value), pk)


def _serializer(model, pk):
    return serializers.PrimaryKeyRelatedField(queryset=model.objects.all()).to_internal_value(pk).pk == pk


def _prefetch(model, pk):
    names = [field.name for field in links(model)]
    return _has(model.objects.filter(pk=pk).prefetch_related(*names), pk)


def _joined(model, pk):
    names = [field.name for field in links(model)]
    found = model.objects.select_related(*names) if names else model.objects.select_related(None)
    return _has(found, pk)


def _outer(model, pk):
    asked = Tenant.objects.annotate(row=Subquery(model.objects.filter(pk=pk).values("pk")[:1]))
    return _has(asked.values_list("row", flat=True), pk)


def _refresh(model, pk):
    row = model(pk=pk)
    row.refresh_from_db()
    return row.pk == pk


# kind: {name: function(model, pk) -> whether the row was seen}
READS = {
    "list": {
        "all": lambda model, pk: _has(model.objects.all(), pk),
        "filter": lambda model, pk: _has(model.objects.filter(pk=pk), pk),
        "exclude": lambda model, pk: _has(model.objects.exclude(pk=0), pk),
        "iterator": lambda model, pk: _has(model.objects.iterator(), pk),
        "slice": lambda model, pk: _has(model.objects.order_by("-pk")[:1000], pk),
        "or": lambda model, pk: _has(model.objects.filter(Q(pk=0) | Q(pk=pk)), pk),
        "joined queries": lambda model, pk: _has(model.objects.filter(pk=0) | model.objects.filter(pk=pk), pk),
        "union": lambda model, pk: _has(model.objects.filter(pk=0).union(model.objects.filter(pk=pk)), pk),
        "intersection": lambda model, pk: _has(model.objects.all().intersection(model.objects.filter(pk=pk)), pk),
        "difference": lambda model, pk: _has(model.objects.all().difference(model.objects.filter(pk=0)), pk),
        "values": lambda model, pk: _has((row["pk"] for row in model.objects.values("pk")), pk),
        "values_list": lambda model, pk: _has(model.objects.values_list("pk", flat=True), pk),
        "select_for_update": lambda model, pk: _has(model.objects.select_for_update().filter(pk=pk), pk),
    },
    "get": {
        "get": lambda model, pk: model.objects.get(pk=pk).pk == pk,
        "first": lambda model, pk: model.objects.filter(pk=pk).first() is not None,
        "latest": lambda model, pk: model.objects.latest("pk").pk == pk,
        "in_bulk": lambda model, pk: pk in model.objects.in_bulk([pk]),
        "get_object_or_404": lambda model, pk: get_object_or_404(model, pk=pk).pk == pk,
        "base manager": lambda model, pk: model._base_manager.get(pk=pk).pk == pk,
        "default manager": lambda model, pk: model._default_manager.get(pk=pk).pk == pk,
        "refresh_from_db": _refresh,
        "forward link": _forward,
    },
    "exists, count": {
        "exists": lambda model, pk: model.objects.filter(pk=pk).exists(),
        "count": lambda model, pk: model.objects.filter(pk=pk).count() == 1,
        "contains": lambda model, pk: model.objects.contains(model(pk=pk)),
    },
    "aggregate": {
        "aggregate": lambda model, pk: model.objects.filter(pk=pk).aggregate(most=Max("pk"))["most"] == pk,
        "annotate": lambda model, pk: _has(
            (row["pk"] for row in model.objects.values("pk").annotate(times=Count("pk"))), pk),
        "group": lambda model, pk: _has((row["most"] for row in model.objects.values("tenant_id").annotate(
            most=Max("pk"))), pk),
    },
    "subquery": {
        "in": lambda model, pk: _has(model.objects.filter(pk__in=model.objects.filter(pk=pk).values("pk")), pk),
        "exists of a global table": lambda model, pk: Tenant.objects.filter(
            Exists(model.objects.filter(pk=pk))).exists(),
        "value of a global table": _outer,
    },
    "join, prefetch": {"select_related": _joined, "prefetch_related": _prefetch},
    "raw SQL": {
        "cursor": lambda model, pk: _sql(f"SELECT count(*) FROM {_table(model)} WHERE id = %s", pk) == (1,),
        "RawSQL": lambda model, pk: _has(
            model.objects.filter(pk__in=RawSQL(f"SELECT id FROM {_table(model)}", [])), pk),
    },
    "async": {"aget": _aget, "acount": _acount, "aexists": _aexists, "async for": _aiter},
    "forms, serializers": {"form": _form, "choices": _choices, "serializer": _serializer},
}


def _a_field(model):
    """A column to write: one that is no link, where there is one."""
    fields = [field for field in model._meta.concrete_fields if field.column not in ("id", "tenant_id")]
    return next((field for field in fields if not field.is_relation), fields[0])


def _same(model, own):
    """The value that one's own row has: what counts is whether another was touched."""
    return {_a_field(model).attname: getattr(model.objects.get(pk=own), _a_field(model).attname)}


def _copy(model, own, pk):
    row = model.objects.get(pk=own)
    row.pk = pk
    return row


def _columns(model):
    return ", ".join(connection.ops.quote_name(field.column) for field in model._meta.concrete_fields
                     if field.column not in ("id", "tenant_id"))


def _instead(model, tenant_id):
    """One's own row, written into the other clinic."""
    columns = _columns(model)
    return (f"INSERT INTO {_table(model)} (tenant_id, id, {columns})"
            f" SELECT {int(tenant_id)}, id + 7, {columns} FROM {_table(model)}")


# kind: {name: function(model, own pk, foreign pk, the other clinic's id) -> rows touched, or None}
WRITES = {
    "update": {
        "update": lambda model, own, pk, there: model.objects.filter(pk=pk).update(**_same(model, own)),
        "update of all": lambda model, own, pk, there: model.objects.update(**_same(model, own)) and None,
        "save": lambda model, own, pk, there: _copy(model, own, pk).save(force_update=True),
        "save of what another clinic loaded": lambda model, own, pk, there: model(pk=pk, tenant_id=there).save(),
        "raw update": lambda model, own, pk, there: _sql(
            f"UPDATE {_table(model)} SET id = id WHERE id = %s", pk),
        "update_or_create": lambda model, own, pk, there: model.objects.update_or_create(
            pk=pk, defaults=_same(model, own)) and None,
        "move to the other clinic": lambda model, own, pk, there: _sql(
            f"UPDATE {_table(model)} SET tenant_id = %s WHERE id = %s", there, own),
    },
    "delete": {
        "delete": lambda model, own, pk, there: model.objects.filter(pk=pk).delete()[0],
        "delete of one": lambda model, own, pk, there: model(pk=pk).delete()[0],
        "raw delete": lambda model, own, pk, there: _sql(f"DELETE FROM {_table(model)} WHERE id = %s", pk),
    },
    "bulk": {
        "bulk_update": lambda model, own, pk, there: model.objects.bulk_update(
            [_copy(model, own, pk)], [_a_field(model).name]),
        "bulk_create": lambda model, own, pk, there: model.objects.bulk_create([model(pk=pk, tenant_id=there)]),
        "get_or_create": lambda model, own, pk, there: model.objects.get_or_create(
            pk=pk, tenant_id=there) and None,
        "raw insert": lambda model, own, pk, there: _sql(_instead(model, there)),
    },
}


def _linked(field):
    """One's own row made to point at the other clinic's."""
    return lambda model, own, pk, there: model.objects.filter(pk=own).update(**{field.attname: pk})


def writes_of(model) -> dict:
    return WRITES | {"link": {f"link {field.name}": _linked(field) for field in links(model)}}


NOT_GRANTED = "not granted"


def _attempt(act):
    """What it answers; None where it is refused. What it did is taken back by the caller."""
    try:
        with transaction.atomic():
            return act()
    except REFUSED as fault:
        return NOT_GRANTED if sqlstate_of(fault) == "42501" else None


def fingerprint(model, tenant_id) -> tuple:
    with tenancy.tenant_context(tenant_id), tenancy.atomic():
        return _sql(
            f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t.id)) FROM {_table(model)} t"
            " WHERE tenant_id = %s", tenant_id)


def read_faults(model, own, foreign) -> list[str]:
    """In the scope of the clinic that owns `own`."""
    found = []
    for kind, asks in READS.items():
        for name, ask in asks.items():
            if _attempt(lambda ask=ask: ask(model, foreign)) is True:
                found.append(f"{model.__name__}: {kind}: {name} shows another clinic's row")
            if not _attempt(lambda ask=ask: ask(model, own)):
                found.append(f"{model.__name__}: {kind}: {name} shows not even one's own: it proves nothing")
    return found


def write_faults(model, own, foreign, there) -> list[str]:
    found, before = [], fingerprint(model, there)
    for kind, acts in writes_of(model).items():
        for name, act in acts.items():
            with transaction.atomic():
                touched = _attempt(lambda act=act: act(model, own, foreign, there))
                if touched not in (None, 0, NOT_GRANTED) or fingerprint(model, there) != before:
                    found.append(f"{model.__name__}: {kind}: {name} reaches another clinic's row")
                transaction.set_rollback(True)
    return found
