"""Texts that the desk writes often: kept once, with the facts of the moment filled in when they are used."""
import re

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from agenda.models import Appointment
from agenda.rights import named
from clinics import audit, tenancy
from clinics.clinic import admit, check
from clinics.templatetags.dentalogic import day, hour
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.text import fold
from messaging.models import CannedReply

MOST = 200
LIMIT = 1000
VARIABLES = {
    "nombre": gettext_lazy("nombre del paciente"), "fecha": gettext_lazy("día de su próximo turno"),
    "hora": gettext_lazy("hora de su próximo turno"), "profesional": gettext_lazy("con quién es"),
    "clinica": gettext_lazy("nombre de la clínica"), "direccion": gettext_lazy("dirección de la clínica"),
}
_BRACES = re.compile(r"\{([^{}\n]{0,40})\}")


class TooMany(Refusal):
    code = "too_many"
    detail = gettext_lazy("Ya hay 200 respuestas rápidas. Borrá alguna que no se use.")


@tenancy.atomic
def keep(*, shortcut, text, by, reply=None) -> CannedReply:
    """A new reply, or another text for one. Refuses with every field that cannot be."""
    admit(by, "conversations.replies")
    shortcut, text = fold(shortcut).lstrip("/").replace(" ", "-"), text.strip()
    check({"shortcut": _shortcut_fault(shortcut, reply), "text": _text_fault(text)})
    changes = {"shortcut": shortcut, "text": text, "changed_at": clock.now()}
    if reply is None:
        if CannedReply.objects.count() >= MOST:
            raise TooMany
        reply = CannedReply.objects.create(**changes)
    else:
        CannedReply.objects.filter(pk=reply.pk).update(**changes)
        for name, value in changes.items():
            setattr(reply, name, value)
    audit.log_security_event("reply.kept", by=by, row=reply.pk)
    return reply


@tenancy.atomic
def remove(*, reply, by) -> None:
    admit(by, "conversations.replies")
    if CannedReply.objects.filter(pk=reply.pk).delete()[0]:
        audit.log_security_event("reply.removed", by=by, row=reply.pk)


def fill(text, facts) -> tuple[str, list[str]]:
    """The text with its facts in place, and the variables that nothing is known of: they stay as they are written."""
    missing = []

    def put(match):
        name = fold(match[1])
        if name not in VARIABLES:
            return match[0]
        if not facts.get(name):
            missing.append(name)
            return match[0]
        return facts[name]

    return _BRACES.sub(put, text), list(dict.fromkeys(missing))


@override(settings.LANGUAGE_CODE)  # the patient's, whoever writes to them
def facts_of(conversation, now, *, by) -> dict:
    """What may be filled in of this conversation: from its patient's next visit that this person may know, and the
    clinic's own facts."""
    clinic, patient = tenancy.here(), conversation.patient
    visit = _next_visit(patient, now, by) if patient else None
    on = (visit.start_at if visit else now).astimezone(clinic.zone).date()
    return {
        "nombre": patient.first_name if patient else conversation.profile_name.split(" ")[0],
        "fecha": day(visit.start_at) if visit else "", "hora": hour(visit.start_at) if visit else "",
        "profesional": visit.professional.name if visit else "", "clinica": clinic.name,
        "direccion": clinic.address_on(on),
    }


def _next_visit(patient, now, by):
    visits = named(by, Appointment.objects.filter(patient=patient))
    return visits.upcoming(now).select_related("professional").first()


def _shortcut_fault(shortcut, reply):
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,29}", shortcut):
        return _("Letras, números y guiones; hasta 30.")
    others = CannedReply.objects.filter(shortcut=shortcut).exclude(pk=reply.pk if reply else None)
    return _("Ya hay una respuesta con ese atajo.") if others.exists() else ""


def _text_fault(text):
    if not text or len(text) > LIMIT:
        return _("Escribí un texto de hasta 1000 caracteres.")
    strange = [match[1] for match in _BRACES.finditer(text) if fold(match[1]) not in VARIABLES]
    if strange:
        return _("No conocemos {%(name)s}. Se puede usar: %(names)s.") % {
            "name": strange[0], "names": ", ".join(f"{{{name}}}" for name in VARIABLES)}
    return ""
