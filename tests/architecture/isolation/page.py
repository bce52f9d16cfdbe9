"""docs/isolation.md, from the registry, the resolver and the lists of the checks: `python -m
tests.architecture.isolation` writes it, a test holds it."""
from django.apps import apps
from django.conf import settings

from clinics import live, naming
from clinics.tasks import TenantTask
from tests.architecture.isolation import addresses, listening, operations, registry, surfaces
from tests.architecture.isolation.rows import links, tenant_models

INTRODUCTION = """# What keeps each clinic's data apart

Written from the code by `python -m tests.architecture.isolation`; a test fails when it is not what the code says, and
each line is checked by a test on every change.

Each row of a clinic carries its clinic's number, and three walls stand behind each other: the application names the
clinic in every statement; the database itself shows and takes only the rows of the clinic that the transaction speaks
for, whatever the application asks; and a link carries the clinic, so that a row of one cannot point at a row of
another. A fourth thing follows: what belongs to another clinic is answered exactly like what does not exist.

The tests make two clinics with a row of everything in each, and try from the first to reach the second. Where a check
is tried on one's own row it must find it, so that a check that sees nothing proves nothing. For each kind of check
there is a deliberately careless specimen (a table without its wall, an address that tells, a job without a clinic, an
event for everybody), and a test that it is caught.
"""


def document() -> str:
    parts = [INTRODUCTION, *_tables(), *_addresses(), *_others(), *_nobodys()]
    return "\n".join(parts).rstrip() + "\n"


def _row(*cells):
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _head(*titles):
    return [_row(*titles), _row(*("---" for _title in titles))]


def _tables():
    reads = {kind: len(asks) for kind, asks in operations.READS.items()}
    writes = {kind: len(acts) for kind, acts in operations.WRITES.items()}
    kinds = ", ".join(f"{kind} ({count})" for kind, count in (reads | writes).items())
    yield "\n## Tables\n"
    yield f"For each table, from another clinic, in all these ways: {kinds}.\n"
    yield from _head("table", "named in each statement", "held by the database", "links that carry the clinic",
                     f"{sum(reads.values())} ways to read", f"{sum(writes.values())} ways to write")
    for model in sorted(tenant_models(), key=lambda one: one._meta.db_table):
        yield _row(f"`{model._meta.db_table}`", "yes", "yes", len(links(model)) or "–", "nothing", "nothing")


def _addresses():
    found = [one for one in naming.addresses() if not one.of_benches]
    yield "\n## Addresses\n"
    yield ("Asked as every role whose right reaches something there, one that lacks it, a member who waits to be"
           " activated and nobody at all. An id of another clinic in the address, or in what is sent, and its texts"
           " in what is searched or typed, are answered byte for byte like what nobody has; no page of any role holds"
           " a word of the other clinic, and none changes when the other clinic grows.\n")
    yield from _head("address", "verbs", "another clinic's id")
    for one in sorted(found, key=lambda one: one.route):
        if not one.of_admin:
            yield _row(f"`/{one.shown}`", ", ".join(addresses.verbs(one)), _answer(one))
    count = sum(1 for one in found if one.of_admin)
    yield f"\nDjango's admin, {count} addresses, alike: it goes to its first page and says that there is no such row."


def _answer(one):
    why = addresses.NOT_ASKED.get(one.route) or addresses.NOT_COMPARED.get(one.route)
    if why:
        return why
    shapes = addresses.variables(one.route)
    if any(addresses.names_a_row(name, shape) for name, shape in shapes.items()):
        return "404, as for nobody's"
    return "in what is sent: as nobody's"


def _others():
    yield "\n## Jobs\n"
    yield from _head("job", "its clinic")
    for name, task in sorted(surfaces.tasks().items()):
        carried = "carried by the job; ids of another clinic do nothing"
        yield _row(f"`{name}`", carried if isinstance(task, TenantTask) else surfaces.OF_NO_CLINIC.get(name, "?"))
    yield "\n## Sockets\n"
    yield (f"The {len(live.EVENTS)} events, on both kinds of socket, go to the group of their clinic and are heard in"
           " no other: " + ", ".join(f"`{event}`" for event in live.EVENTS) + ".")
    yield "\n## Webhooks, files, exports, cache\n"
    yield ("- A webhook's address belongs to one clinic, whose secret must have signed it; a report of another's"
           " message finds none.")
    yield f"- {_files()}"
    yield "- Exports are addresses like the others: no word of the other clinic is in them."
    yield ("- Keys in the cache and in Redis begin with their clinic (`t7:…`); listened to during every test. Of no"
           " clinic:")
    for shape, why in listening.SHARED_KEYS.items():
        yield f"  - `{shape}`: {why}"
    yield "\n## Who chooses the clinic\n"
    yield "Nothing else in the code may:\n"
    yield from _head("where", "from what")
    for path, why in sorted(surfaces.DOORS.items()):
        yield _row(f"`{path}`", why)


def _files():
    fields = [
        f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.concrete_fields
        if field.get_internal_type() in ("FileField", "ImageField")]
    return f"The place of a file begins with its clinic: {', '.join(fields)}." if fields else (
        "No table keeps a file yet; the place of one must begin with its clinic, or the registry's check fails.")


def _nobodys():
    yield "\n## What belongs to no clinic\n"
    yield from _head("table", "what it holds")
    for table, why in sorted(registry.GLOBAL.items()):
        yield _row(f"`{table}`", why)
    yield "\n## What is left to the database's wall alone\n"
    yield ("Every statement of the product to a clinic's table names the clinic: each one sent during the whole test"
           " run is looked at. These do not, and why:\n")
    yield from _head("statement", "sent by", "why")
    for (verb, table, path), why in sorted(listening.LEFT_TO_THE_POLICY.items()):
        yield _row(f"{verb} `{table}`", f"`{path}`", why)


def path():
    return settings.BASE_DIR / "docs" / "isolation.md"
