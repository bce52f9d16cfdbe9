"""A scratch clinic: the demo's, in a transaction that is never committed, each dialogue in a savepoint of its own."""
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from clinics import tenancy
from clinics.access import Actor
from dentalogic.lib import clock
from messaging.demo import seeding, world
from messaging.evaluation.quiet import quiet
from messaging.models import Channel


@dataclass(frozen=True)
class Stage:
    zone: ZoneInfo
    channel: Channel
    desk: Actor
    head: Actor


@contextmanager
def undone():
    """Nothing of what happens inside is kept; what waits for a commit never happens."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def scratch(clinic: str, now):
    """`demo`: with patients and a half full agenda as of `now` (its date; the same every time); `demo-empty`: before
    anybody came. `now` without an offset is the clinic's."""
    chosen = world.CLINICS[0]
    zone = ZoneInfo(chosen.timezone)
    now = now if now.tzinfo else now.replace(tzinfo=zone)
    slug = f"scratch-{secrets.token_hex(4)}"  # beside a demo that exists
    with undone(), quiet(connection), clock.standing_at(now):
        members, channel = seeding.seed(replace(chosen, slug=slug), lived=clinic == "demo")
        with tenancy.tenant_context(channel["tenant_id"]):
            with tenancy.atomic():
                row = Channel.objects.select_related("tenant").get()
                desk, head = (next(one for one in members.values() if one.role == role).actor
                              for role in ("secretary", "ceo"))
            yield Stage(zone, row, desk, head)
