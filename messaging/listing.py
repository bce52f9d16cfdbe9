"""What the inbox lists: who needs somebody now, the rest, and what the bar says of them. Reads only."""
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinics import access, tenancy
from clinics.models import Membership
from dentalogic.lib import clock
from messaging import health, language_model, rights
from messaging.models import Conversation
from messaging.models.conversation import RANKS

LISTED = 120
WEEKDAYS = (
    gettext_noop("lun"), gettext_noop("mar"), gettext_noop("mié"), gettext_noop("jue"), gettext_noop("vie"),
    gettext_noop("sáb"), gettext_noop("dom"),
)


def visible(actor):
    return access.visible(actor, "conversations.see", Conversation.objects.all())


def listed(actor, *, show="all", text="") -> dict:
    """The list: who needs somebody now, oldest wait first, and the rest, newest first; three queries."""
    mine = visible(actor)
    rows = mine.for_inbox().ranked().order_by("rank", "-last_message_at", "-pk")
    narrow = {
        "unread": rows.unread, "mine": lambda: rows.assigned_to_user(actor.user_id), "new": rows.new_people,
    }.get(show)
    rows = narrow() if narrow else rows
    found = list((rows.search(text) if text else rows)[:LISTED])
    now, zone = clock.now(), tenancy.here().zone
    for row in found:
        _describe(row, actor, now, zone)
    needing = [row for row in found if row.rank < RANKS["rest"]]
    return {
        "needing": sorted(needing, key=lambda row: (row.rank, row.waiting_since or row.last_message_at, row.pk)),
        "rest": [row for row in found if row.rank == RANKS["rest"]], "show": show, "text": text,
        "counts": counts(mine, actor),
    }


def counts(mine, actor) -> dict:
    return mine.aggregate(
        unread=Count("pk", filter=Q(unread__gt=0)),
        mine=Count("pk", filter=Q(assigned_to=actor.user_id, attended_by=Conversation.Attends.STAFF)))


def _describe(row, actor, now, zone):
    _unclinical(row, actor)
    row.time = time_label(row.last_message_at, now, zone)
    row.closed = not row.window_open(now)
    row.waits = waits_label(row, now)
    row.yours = row.with_staff and row.assigned_to_id == actor.user_id
    row.is_phone = row.patient is None and not row.profile_name


def _unclinical(row, actor):
    """For whom triage is not: that somebody is needed, without how urgent it is."""
    if not rights.clinical(actor):
        rights.as_told(row, actor)
        row.rank = row.rank if row.rank == RANKS["rest"] else RANKS["asked"]


def waits_label(row, now) -> str:
    """How long somebody of the clinic has been waited for: `9 min`, `3 h`, `2 días`."""
    if row.waiting_since is None:
        return ""
    minutes = max(0, int((now - row.waiting_since).total_seconds() // 60))
    if minutes < 60:
        return _("%d min") % minutes
    return _("%d h") % (minutes // 60) if minutes < 2880 else _("%d días") % (minutes // 1440)


def time_label(instant, now, zone) -> str:
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    away = (today - local.date()).days
    if away <= 0:
        return f"{local:%H:%M}"
    if away == 1:
        return _("ayer")
    return _(WEEKDAYS[local.weekday()]) if away < 7 else f"{local:%d/%m}"


def notices(actor) -> dict:
    """What the bar says wherever the person is: who waits for somebody, what a colleague passed to them, and how much
    is unread. An emergency stays until somebody takes it."""
    mine, now = visible(actor), clock.now()
    waiting = list(mine.needing_someone().select_related("patient")[:8])
    passed = list(mine.assigned_to_user(actor.user_id).filter(passed_at__isnull=False).select_related(
        "patient").order_by("passed_at")[:8])
    for row in [*waiting, *passed]:
        _unclinical(row, actor)
        row.waits = waits_label(row, now)
    return {
        "waiting": waiting, "passed": passed, "unread": counts(mine, actor)["unread"],
        "calls": len({row.pk for row in [*waiting, *passed]}),
        "emergencies": [row for row in waiting if row.triage_level == "emergency" and not row.assigned_to_id],
        "lines": health.alarms(actor), "model": language_model.notice(actor),
    }


def name_of(user_id) -> str | None:
    """A colleague's name; None of who is none."""
    member = Membership.objects.filter(user=user_id).select_related("user").first()
    return member.user.name if member else None
