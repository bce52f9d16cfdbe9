"""What the inbox shows: the list in its two groups, a thread with her steps, the patient beside it. Reads only."""
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from agenda.models import AHEAD, Appointment, Status
from agenda.rights import named
from clinics import access, tenancy
from clinics.models import Professional
from dentalogic.lib import clock
from messaging import rights
from messaging.models import ChatMessage, Conversation, Offer, TurnStep
from messaging.models.conversation import RANKS

LISTED, PAGE, MOST = 120, 60, 600
WEEKDAYS = (
    gettext_noop("lun"), gettext_noop("mar"), gettext_noop("mié"), gettext_noop("jue"), gettext_noop("vie"),
    gettext_noop("sáb"), gettext_noop("dom"),
)
STEPS = {
    "check_availability": gettext_lazy("Ver huecos"), "book_appointment": gettext_lazy("Dar el turno"),
    "list_my_appointments": gettext_lazy("Ver sus turnos"), "reschedule_appointment": gettext_lazy("Reprogramar"),
    "cancel_appointment": gettext_lazy("Cancelar el turno"), "list_services": gettext_lazy("Ver tratamientos"),
    "list_professionals": gettext_lazy("Ver profesionales"), "triage_urgency": gettext_lazy("Triage"),
    "hand_off": gettext_lazy("Avisar al equipo"),
}
CLINICAL_STEPS = ("triage_urgency",)
LEVELS = {
    "emergency": gettext_lazy("Emergencia"), "urgent": gettext_lazy("Urgente"),
    "routine": gettext_lazy("Sin urgencia"), "none": gettext_lazy("Sin síntomas"),
}
PLAYERS = {"patient": "in", "receptionist": "ai", "staff": "staff", "template": "tpl", "system": "sys"}
TICKS = {"queued": "clock", "sent": "check", "delivered": "checks", "read": "checks", "failed": "warnc"}
KINDS = {
    "image": gettext_lazy("Foto"), "audio": gettext_lazy("Audio"), "video": gettext_lazy("Video"),
    "document": gettext_lazy("Documento"), "location": gettext_lazy("Ubicación"), "sticker": gettext_lazy("Sticker"),
}


@dataclass
class Entry:
    """One piece of a thread, in the order it is read: a day, a message, or the steps of a turn."""

    kind: str  # day, message, turn
    key: str
    what: object
    steps: list = field(default_factory=list)
    milliseconds: int = 0


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
    row.waits = _waits(row, now)
    row.yours = row.with_staff and row.assigned_to_id == actor.user_id
    row.is_phone = row.patient is None and not row.profile_name


def _unclinical(row, actor):
    """For whom triage is not: that somebody is needed, without how urgent it is."""
    if not rights.clinical(actor):
        rights.as_told(row, actor)
        row.rank = row.rank if row.rank == RANKS["rest"] else RANKS["asked"]


def _waits(row, now) -> int | None:
    """Minutes that somebody of the clinic has been waited for."""
    return max(0, int((now - row.waiting_since).total_seconds() // 60)) if row.waiting_since else None


def time_label(instant, now, zone) -> str:
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    away = (today - local.date()).days
    if away <= 0:
        return f"{local:%H:%M}"
    if away == 1:
        return _("ayer")
    return _(WEEKDAYS[local.weekday()]) if away < 7 else f"{local:%d/%m}"


def notices(actor) -> dict:
    """What the bar says wherever the person is: who waits for somebody, and how much is unread."""
    mine, now = visible(actor), clock.now()
    waiting = list(mine.needing_someone().select_related("patient")[:8])
    for row in waiting:
        _unclinical(row, actor)
        row.waits = _waits(row, now)
    return {
        "waiting": waiting, "emergencies": [row for row in waiting if row.triage_level == "emergency"],
        "unread": counts(mine, actor)["unread"],
    }


def thread(conversation, actor, *, count=PAGE) -> dict:
    """Everything of one conversation that is on screen; a constant number of queries."""
    count, conversation = min(max(count, PAGE), MOST), rights.as_told(conversation, actor)
    newest = ChatMessage.objects.of(conversation).select_related("author_user").order_by("-pk")
    messages = list(newest[:count + 1])
    more, messages = len(messages) > count, messages[:count][::-1]
    now, zone = clock.now(), tenancy.here().zone
    return {
        "one": conversation, "entries": list(_entries(messages, zone, actor)), "more": more, "count": count,
        "more_count": min(count + PAGE, MOST), "mode": mode(conversation, actor, now),
        "window": window_label(conversation, now, zone), "attends": access.can(actor, "conversations.attend"),
        "deep": access.can(actor, "clinic.configure"), "today": now.astimezone(zone).date(),
        "reason": reason_label(conversation.handoff_reason), **beside(conversation, actor, now),
    }


def mode(conversation, actor, now) -> str:
    """What the composer may be: the window closed, the receptionist attends, a colleague does, nobody yet, or me."""
    if not conversation.window_open(now):
        return "closed"
    if not conversation.with_staff:
        return "receptionist"
    if conversation.assigned_to_id is None:
        return "nobody"
    return "me" if conversation.assigned_to_id == actor.user_id else "other"


def window_label(conversation, now, zone) -> str:
    if conversation.last_inbound_at is None:
        return _("Todavía no escribió")
    if not conversation.window_open(now):
        return _("Ventana cerrada, último mensaje %s") % f"{conversation.last_inbound_at.astimezone(zone):%d/%m %H:%M}"
    minutes = int((conversation.window_closes_at - now).total_seconds() // 60)
    return _("Ventana abierta, %(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def reason_label(reason) -> str:
    known = {
        "asked": _("Pidió hablar con una persona."), "emergency": _("Emergencia."), "urgent": _("Urgencia."),
        "failed_attempts": _("La recepcionista no pudo resolverlo."), "phone_app": _("Contestaron desde el teléfono."),
        "receptionist_off": _("La recepcionista está apagada."),
        "taken": "", "": "",
    }
    return known.get(reason, "")


def _entries(messages, zone, actor):
    steps = _steps([one.turn_id for one in messages if one.turn_id], actor)
    told, day = set(), None
    for one in messages:
        local = (one.sent_at if one.is_inbound and one.sent_at else one.created_at).astimezone(zone)
        if local.date() != day:
            day = local.date()
            yield Entry("day", f"d-{day}", day)
        if one.turn_id and one.turn_id not in told and (its := steps.get(one.turn_id)):
            told.add(one.turn_id)
            yield Entry("turn", f"t-{one.turn_id}", one.turn_id, its, sum(step.milliseconds for step in its))
        one.look, one.tick, one.local = PLAYERS[one.author], TICKS.get(one.status), local
        one.kind_word = KINDS.get(one.kind, "") if one.kind != "text" else ""
        yield Entry("message", f"m-{one.pk}", one)


def _steps(turns, actor) -> dict:
    found, rows = {}, TurnStep.objects.filter(turn__in=set(turns)).order_by("turn_id", "position")
    for step in rows if rights.clinical(actor) else rows.exclude(tool__in=CLINICAL_STEPS):
        step.word, step.said = STEPS.get(step.tool, step.tool), said_by(step)
        found.setdefault(step.turn_id, []).append(step)
    return found


def said_by(step) -> str:
    """A step's answer in staff's words; the whole of it is one click deeper, for the owner."""
    result = step.result if isinstance(step.result, dict) else {}
    if step.refused or "detail" in result:
        return str(result.get("detail") or result.get("code") or _("No se pudo."))
    if level := result.get("level"):
        reasons = ", ".join(str(reason) for reason in result.get("reasons", [])[:3])
        return f"{LEVELS.get(level, level)}: {reasons}" if reasons else str(LEVELS.get(level, level))
    for name in ("options", "openings", "appointments", "services", "professionals"):
        if isinstance(result.get(name), list):
            texts = [_told(one) for one in result[name][:3]]
            return " · ".join(text for text in texts if text) or _("%d resultados") % len(result[name])
    return str(result.get("summary") or result.get("said") or _("Hecho"))


def _told(one) -> str:
    if not isinstance(one, dict):
        return str(one)
    return str(one.get("said") or one.get("text") or one.get("name") or one.get("label") or "")


def beside(conversation, actor, now) -> dict:
    """The patient's panel: the next visit, the last ones, what she has offered."""
    patient = conversation.patient
    offers = list(Offer.objects.live(conversation=conversation, now=now).select_related("treatment")[:1])
    names = {}
    if offers:
        wanted = {option["professional"] for option in offers[0].options}
        names = {one.pk: one for one in Professional.objects.filter(pk__in=wanted)}
    visits = []
    if patient and access.can(actor, "agenda.see"):
        shown = (*AHEAD, Status.ARRIVED, Status.SEATED, Status.COMPLETED)
        rows = named(actor, Appointment.objects.filter(patient=patient, status__in=shown))
        visits = list(rows.with_names().order_by("-start_at")[:12])
    ahead = [one for one in visits if one.status != Status.COMPLETED and one.end_at > now - timedelta(hours=12)]
    return {
        "patient": patient, "alerts": patient.alerts if patient and access.can(actor, "alerts.see") else [],
        "upcoming": ahead[-1] if ahead else None,
        "past": [one for one in visits if one.status == Status.COMPLETED][:3],
        "offered": [_option(option, names) for option in offers[0].options] if offers else [],
    }


def _option(option, names):
    professional = names.get(option["professional"])
    return {"start_at": datetime.fromisoformat(option["start_at"]),
            "name": f"{professional.title} {professional.last_name}".strip() if professional else ""}
