"""Rows read and written by SQL of our own, for the doors where hundreds a second pass: to make the SQL of one query
or of one `create` costs the ORM about as long as PostgreSQL needs to run it.

What they write is what `save()` writes; no signal is sent. In the caller's transaction.
"""
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression

from clinics import tenancy


def read(model, condition: str, values, tail="") -> list:
    """The rows of the tenant in scope that meet a condition; `tail` is what follows it (ORDER BY, FOR UPDATE)."""
    columns = ", ".join(_columns(model))
    sql = f"SELECT {columns} FROM {model._meta.db_table} WHERE tenant_id = %s AND ({condition}) {tail}"  # noqa: S608
    with tenancy.cursor() as asked:
        asked.execute(sql, [tenancy.current_tenant(), *values])
        return [_made(model, row) for row in asked.fetchall()]


def get(model, pk: int, *links: str, locked=False):
    """One row by its id, with what these links lead to; `locked` until the transaction ends. Its DoesNotExist."""
    with tenancy.cursor() as asked:
        asked.execute(_one(model, links) + " FOR UPDATE OF it" * locked, [tenancy.current_tenant(), pk])
        found = asked.fetchone()
    if found is None:
        raise model.DoesNotExist(f"no {model.__name__} {pk}")
    row, start = _made(model, found), len(_columns(model))
    for link in links:
        to = model._meta.get_field(link).remote_field.model
        end = start + len(_columns(to))
        setattr(row, link, _made(to, found[start:end]) if found[start] is not None else None)
        start = end
    return row


@cache
def _one(model, links):
    columns, joins = [f"it.{name}" for name in _columns(model)], []
    for link in links:
        field = model._meta.get_field(link)
        to = field.remote_field.model
        columns += [f"{link}.{name}" for name in _columns(to)]
        same = f"{link}.tenant_id = it.tenant_id AND " if "tenant_id" in _columns(to) else ""
        joins.append(f"LEFT JOIN {to._meta.db_table} {link} ON ({same}{link}.id = it.{field.column})")
    return (  # the models' own names
        f"SELECT {', '.join(columns)} FROM {model._meta.db_table} it {' '.join(joins)} "  # noqa: S608
        "WHERE it.tenant_id = %s AND it.id = %s")


@cache
def _columns(model):
    """In the order of its fields, the id first."""
    return [one.column for one in model._meta.concrete_fields]


@cache
def _names(model):
    fields = model._meta.concrete_fields
    converters = [(place, one.from_db_value) for place, one in enumerate(fields) if hasattr(one, "from_db_value")]
    return [one.attname for one in fields], converters


def _made(model, values):
    names, converters = _names(model)
    values = list(values)
    for place, convert in converters:
        values[place] = convert(values[place], None, connections[DEFAULT_DB_ALIAS])
    return model.from_db(DEFAULT_DB_ALIAS, names, values)


def add(row):
    """INSERT one row, which gets its id."""
    sql, values = _insert(row)
    with tenancy.cursor() as said:
        said.execute(f"{sql} RETURNING id", values)
        _has_come(row, said.fetchone()[0])
    return row


def write(row, **changes) -> None:
    """UPDATE one row that is at hand, by column, and the row itself."""
    sql, values = _update(row, changes)
    with tenancy.cursor() as said:
        said.execute(sql, values)
    _has_changed(row, changes)


def add_and_write(new, row, **changes) -> None:
    """`add(new)`, whose id nobody asks for, and `write(row, **changes)`, in one trip to the server."""
    (insert, first), (update, then) = _insert(new), _update(row, changes)
    with tenancy.cursor() as said:
        said.execute(f"{insert}; {update}", [*first, *then])  # psycopg puts the values in, so it may be two
    _has_come(new, None)
    _has_changed(row, changes)


def _insert(row):
    row.take_tenant()
    connection, table = connections[DEFAULT_DB_ALIAS], row._meta.db_table
    given = {
        field.column: field.get_db_prep_save(value, connection)
        for field in row._meta.concrete_fields if not field.primary_key
        and not isinstance(value := getattr(row, field.attname), Expression)}  # the column's own default
    marks = ", ".join(["%s"] * len(given))
    return f"INSERT INTO {table} ({', '.join(given)}) VALUES ({marks})", list(given.values())  # noqa: S608


def _update(row, changes):
    connection, table = connections[DEFAULT_DB_ALIAS], row._meta.db_table
    fields = [row._meta.get_field(name) for name in changes]
    values = [field.get_db_prep_save(changes[field.name], connection) for field in fields]
    columns = ", ".join(f"{field.column} = %s" for field in fields)
    sql = f"UPDATE {table} SET {columns} WHERE tenant_id = %s AND id = %s"  # noqa: S608  (the model's own names)
    return sql, [*values, row.tenant_id, row.pk]


def _has_come(row, pk):
    row.pk = pk
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _has_changed(row, changes):
    for name, value in changes.items():
        setattr(row, name, value)
