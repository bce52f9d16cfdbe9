"""One thread: its messages, her steps, what colleagues noted, and what the composer may be. Reads only."""
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agenda.calendars import busy
from clinics import access, tenancy
from dentalogic.lib import clock
from messaging import beside, bubbles, media, rights, rounds_told
from messaging.models import ChatMessage, Note, Turn, TurnStep

PAGE, MOST, NOTED = 60, 600, 300
STEPS = {
    "check_availability": gettext_lazy("Ver huecos"), "book_appointment": gettext_lazy("Dar el turno"),
    "list_my_appointments": gettext_lazy("Ver sus turnos"), "reschedule_appointment": gettext_lazy("Reprogramar"),
    "cancel_appointment": gettext_lazy("Cancelar el turno"), "drop_offer": gettext_lazy("Soltar la oferta"),
    "list_services": gettext_lazy("Ver tratamientos"),
    "list_professionals": gettext_lazy("Ver profesionales"), "triage_urgency": gettext_lazy("Triage"),
    "hand_off": gettext_lazy("Avisar al equipo"), "guard": gettext_lazy("Revisar lo que iba a decir"),
    "inspection": gettext_lazy("Revisar lo que llegó"),
}
CLINICAL_STEPS = ("triage_urgency",)
LEVELS = {
    "emergency": gettext_lazy("Emergencia"), "urgent": gettext_lazy("Urgente"),
    "routine": gettext_lazy("Sin urgencia"), "none": gettext_lazy("Sin síntomas"),
}


@dataclass
class Entry:
    """One piece of a thread, in the order it is read: a day, a message, or the steps of a turn."""

    kind: str  # day, message, turn
    key: str
    what: object
    steps: list = field(default_factory=list)
    milliseconds: int = 0
    who: str = ""  # the person whose turn it was, where it was not hers


def thread(conversation, actor, *, count=PAGE) -> dict:
    """Everything of one conversation that is on screen; a constant number of queries."""
    count, conversation = min(max(count, PAGE), MOST), rights.as_told(conversation, actor)
    messages, more = _newest(conversation, count)
    since = messages[0].created_at if more and messages else None
    now, zone = clock.now(), tenancy.here().zone
    closed = not conversation.window_open(now)
    return {
        "one": conversation, "more": more, "count": count, "more_count": min(count + PAGE, MOST),
        "entries": list(_entries(messages, _beside(conversation, since), zone, actor)),
        "mode": mode(conversation, actor), "closed": closed, "window": window_label(conversation, now, zone),
        "left": None if closed else int((conversation.window_closes_at - now).total_seconds()),
        "later": ChatMessage.objects.of(conversation).scheduled().order_by("scheduled_at"),
        "attends": access.can(actor, "conversations.attend"), "passes": access.can(actor, "conversations.assign"),
        "links": access.can(actor, "conversations.link"), "deep": access.can(actor, "clinic.configure"),
        "today": now.astimezone(zone).date(), "reason": reason_label(conversation.handoff_reason),
        **beside.of(conversation, actor, now),
    }


def _newest(conversation, count):
    """The last messages, oldest first, and whether there are more. What waits for its hour, or will never go, is not
    among them."""
    rows = ChatMessage.objects.of(conversation).exclude(status=ChatMessage.Status.CANCELLED).exclude(
        pk__in=ChatMessage.objects.of(conversation).scheduled().values("pk"))
    found = list(rows.select_related("author_user").order_by("-pk")[:count + 1])
    shown = media.with_files(found[:count][::-1])
    bubbles.dress(shown)
    return shown, len(found) > count


def _beside(conversation, since):
    """What colleagues said, and did with the receptionist's tools, as far back as these messages go."""
    notes = Note.objects.filter(conversation=conversation).select_related("author", "about")
    used = Turn.objects.filter(conversation=conversation, by_user__isnull=False).select_related("by_user")
    if since:
        notes, used = notes.filter(created_at__gte=since), used.filter(started_at__gte=since)
    return [*notes.order_by("-created_at", "-pk")[:NOTED], *used.order_by("-pk")[:NOTED]]


def mode(conversation, actor) -> str:
    """Who attends: the receptionist, nobody yet, me, or a colleague."""
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
        "asked_for_person": _("Pidió hablar con una persona."),
        "third_failure": _("La recepcionista no pudo resolverlo."), "complaint": _("Es un reclamo."),
        "data_correction": _("Hay un dato de la ficha para corregir."),
        "running_late": _("Avisa que llega tarde."),
        "waitlist": _("Quiere que le avisen si se libera algo antes."),
        "document": _("El documento figura con otro nombre."),
        "not_bookable": _("Ese tratamiento se coordina con una persona."),
        "appointment_not_found": _("Dice que tiene un turno que no aparece."), "fault": _("Algo falló al atenderlo."),
        "prompt_security": _("Insistió con mensajes que dan órdenes a la recepcionista."),
        "taken": "", "": "",
    }
    return known.get(reason, "")


def _entries(messages, beside_them, zone, actor):
    used = [one.pk for one in beside_them if isinstance(one, Turn)]
    steps = _steps([*used, *(one.turn_id for one in messages if one.turn_id)], actor)
    told, day = set(), None
    for one in sorted([*messages, *beside_them], key=_place):
        local = _said_at(one).astimezone(zone)
        if local.date() != day:
            day = local.date()
            yield Entry("day", f"d-{day}", day)
        one.local = local
        if isinstance(one, Note):
            yield Entry(*_note(one))
            continue
        if isinstance(one, Turn):
            if its := steps.get(one.pk):
                yield Entry("turn", f"t-{one.pk}", one.pk, its, _milliseconds(its), one.by_user.name)
            continue
        if one.turn_id and one.turn_id not in told and (its := steps.get(one.turn_id)):
            told.add(one.turn_id)
            yield Entry("turn", f"t-{one.turn_id}", one.turn_id, its, _milliseconds(its))
        yield Entry("message", f"m-{one.pk}", one)


def _milliseconds(steps) -> int:
    return sum(step.milliseconds for step in steps)


def _place(one):
    """Where it is read: by its arrival, or by its own hour for what waited for one."""
    if isinstance(one, Turn):
        return one.started_at, 1, one.pk
    if isinstance(one, Note):
        return one.created_at, 1, one.pk
    return (one.sent_at if one.scheduled_at and one.sent_at else one.created_at), 0, one.pk


def _said_at(one):
    if isinstance(one, Turn):
        return one.started_at
    if isinstance(one, Note):
        return one.created_at
    return one.sent_at if one.sent_at and (one.is_inbound or one.scheduled_at) else one.created_at


def _note(one):
    one.said = _line(one)
    return ("note", f"n-{one.pk}", one) if one.kind == Note.Kind.NOTE else ("line", f"n-{one.pk}", one)


def _line(note) -> str:
    """Who has it from now on, as colleagues say it."""
    who, about = (person.name if person else "" for person in (note.author, note.about))
    said = {
        Note.Kind.TAKEN: _("%(who)s la tomó. La atendía %(about)s.") if about else _("%(who)s la tomó."),
        Note.Kind.PASSED: _("%(who)s se la pasó a %(about)s."),
        Note.Kind.GIVEN_BACK: _("%(who)s la devolvió a la recepcionista."),
        Note.Kind.RETURNED: _("Volvió sola a la recepcionista: nadie del equipo escribió en %(text)s h."),
        Note.Kind.LINKED: _("%(who)s dijo de quién es."),
        Note.Kind.UNLINKED: _("%(who)s dijo que no es de ese paciente."),
    }.get(note.kind, "")
    return said % {"who": who, "about": about, "text": note.text} if said else ""


def _steps(turns, actor) -> dict:
    """What each turn did: her tools, and the model's rounds that asked for them."""
    found, rows = {}, TurnStep.objects.filter(turn__in=set(turns)).order_by("turn_id", "position")
    for step in rows if rights.clinical(actor) else rows.exclude(tool__in=CLINICAL_STEPS):
        step.word, step.said = STEPS.get(step.tool, step.tool), said_by(step)
        found.setdefault(step.turn_id, []).append(step)
    rounds = rounds_told.of(turns)
    return {one: rounds_told.woven(found.get(one, []), rounds.get(one, [])) for one in {*found, *rounds}}


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
            count = len(result[name])
            texts = " · ".join(filter(None, map(_told, result[name][:3]))) or ngettext(
                "%d resultado", "%d resultados", count) % count
            return f"{texts}. {busy.COPIED}" if result.get("calendars") == busy.MIRROR else texts
    return str(result.get("summary") or result.get("said") or _("Hecho"))


def _told(one) -> str:
    if not isinstance(one, dict):
        return str(one)
    hour = f"{one['day']} {one['time']}" if one.get("day") and one.get("time") else ""
    return str(one.get("said") or one.get("text") or one.get("name") or one.get("label") or hour)
