"""What a model wanted to say and was not let out: a row of the turn, which staff read, and an event, which counts."""

from django.utils.translation import gettext as _

from clinics import tenancy
from clinics.audit import log_security_event
from messaging.models import TurnRound
from messaging.receptionist.case import Case, Done
from messaging.receptionist.steps import note

TOOL = "guard"


@tenancy.atomic
def keep(case: Case, text: str, found: list[str], *, tokens: int = 0) -> None:
    case.steps.append(Done(TOOL, True, {"faults": found}))
    if case.round_id:
        TurnRound.objects.filter(pk=case.round_id).update(caught=found)
    note(case, TOOL, {"faults": found, "text": text[:500], "detail": in_words(found)}, tokens=tokens)
    log_security_event(
        "receptionist.caught", by=case.by, severity="warning", conversation=case.conversation.pk,
        kinds=[one.replace(":", ".") for one in found],
    )  # fmt: skip


def in_words(found: list[str]) -> str:
    words = {
        "empty": _("nada"), "internal": _("algo interno"), "price": _("un precio que no se puede decir"),
        "time": _("una hora que no se ofreció"), "date": _("una fecha que no se ofreció"),
        "day": _("un día que no se ofreció"), "weekday": _("un día que no es el de su fecha"),
        "coverage": _("una cobertura que no está cargada"), "url": _("una dirección de internet"),
        "diagnosis": _("un diagnóstico o un remedio"), "number": _("un número que nadie dio"),
        "person": _("datos de otra persona"), "claim:booked": _("que dio un turno"), "claim:held": _("que lo guardó"),
        "claim:visits": _("que hay un turno"), "claim:moved": _("que cambió un turno"),
        "claim:cancelled": _("que canceló un turno"), "claim:handed_off": _("que pasó la conversación"),
        "claim:alerted": _("que avisó al equipo"),
        "long": _("demasiado texto"), "language": _("algo en otro idioma"), "place": _("una dirección que no es"),
        "herself": _("que es quien no es"), "professional": _("un profesional que no está en la clínica"),
        "hours": _("un horario en el que la clínica no atiende"), "claim:other": _("que hizo lo que no puede hacer"),
    }
    return _("Iba a decir %(what)s.") % {"what": ", ".join(words.get(one, one) for one in found)}
