"""triage_urgency and hand_off."""

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from clinics import live
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.text import fold
from messaging import alarms, handoff
from messaging.models import Conversation
from messaging.receptionist import triage
from messaging.receptionist.case import Case
from messaging.receptionist.tools.base import Answer, Arguments, Tool
from messaging.receptionist.tools.own import upcoming

ASKS_FOR_PERSON = re.compile(
    r"\b(?:hablar|comunicar\w*|chatear|contactar\w*|pas[ae]\w*|deriv\w*|atend\w*|atienda|hable|quiero|necesito"
    r"|prefiero|dame|dejame)\b"
    r"[^.?!\n]{0,40}\b(?:una? (?:persona|humano|humana|operador\w*|secretari[oa]|recepcionista|encargad[oa]"
    r"|responsable|asesor\w*|ser humano)"
    r"|alguien(?! que (?:sepa|haga))|la (?:secretaria|recepcionista|recepcion|duena|encargada|administracion)"
    r"|persona real|alguien real|un humano|el encargado"
    r"|representante)\b|\b(?:no quiero (?:hablar con )?(?:un |una )?(?:robot|bot|maquina|contestador)"
    r"|persona (?:por favor|real)|operador(?:a)?$|humano$)|^\W*persona\W*$"
)  # fmt: skip
ATTENTION = re.compile(r"\batend\w*|\batienda")


class NoReason(Refusal):
    code = "no_reason_to_hand_off"
    status = 409
    detail = _("No hace falta pasar a una persona por esto: seguí con la consulta.")


class TriageUrgency(Arguments):
    level: Literal["none", "routine", "urgent", "emergency"] | None = Field(
        description="Nivel que te parece; solo puede subir el que calcula el sistema. Null si no sabés."
    )


class HandOff(Arguments):
    reason: Literal["asked_for_person", "third_failure", "complaint", "document", "not_bookable",
                    "appointment_not_found", "fault", "data_correction", "waitlist",
                    "running_late"] = Field(
        description="Motivo, de la lista. Precio, miedo, obra social desconocida o estética no son motivos."
    )


@dataclass(frozen=True)
class Assessed:
    level: str
    reasons: list[str]


@dataclass(frozen=True)
class HandedOff:
    reason: str


def conditions_of(patient) -> list[str]:
    """What the medical history says, in words."""
    if patient is None:
        return []
    history = patient.medical_history or {}
    found = [str(value) for key, value in history.items() if key in CONDITIONS and value]
    if history.get("pregnancy_lactation") not in (None, "", False, "no", "No", "ninguna", "Ninguna"):
        found.append("embarazo")
    return found


PRESSING = (triage.URGENT, triage.EMERGENCY)
CONDITIONS = ("base_diseases", "habitual_medication")


def triage_urgency(case: Case, asked: TriageUrgency) -> Answer:
    found = triage.assess(case.text, conditions=conditions_of(case.known))
    level = triage.higher(found.level, asked.level or triage.NONE)
    reasons = list(found.reasons) + (["raised by the model"] if level != found.level else [])
    keep_level(case, level, reasons, told=found.level)
    return Answer(Assessed(case.conversation.triage_level or triage.NONE, reasons))


def keep_level(case: Case, level: str, reasons: list[str], *, told: str) -> None:
    """The level of a conversation only climbs while its episode lasts. Staff see it at once. What opens the agenda's
    gates is ``told``: what the patient's own words say, whatever a model makes of them."""
    row = case.conversation
    before = row.triage_level or triage.NONE
    kept = triage.higher(before, level)
    if level == triage.NONE:
        return
    row.triage_level = kept
    row.triage_reasons = list(dict.fromkeys([*row.triage_reasons, *reasons]))
    Conversation.objects.filter(pk=row.pk).update(triage_level=kept, triage_reasons=row.triage_reasons)
    live.say("CHAT_UPDATED", conversation=row.pk)
    climbed = triage.higher(case.facts.urgent, told)
    news = (told in PRESSING and climbed != case.facts.urgent) or (level in PRESSING and kept != before)
    if told in PRESSING:
        case.facts.urgent = climbed
    if kept == triage.EMERGENCY != before:
        alarms.emergency(conversation=row, by=case.by)
    elif news:
        live.say("URGENT_NOTICE", conversation=row.pk)


def asks_for_person(text: str) -> bool:
    plain = fold(text)
    match = ASKS_FOR_PERSON.search(plain)
    if not match:
        return False
    return not (ATTENTION.match(match[0]) and re.search(r"\b(?:atienden|atiende|atender a)\b", match[0]))


def hand_off(case: Case, asked: HandOff) -> Answer:
    if asked.reason == "asked_for_person" and not asks_for_person(case.text):
        raise NoReason
    if asked.reason == "third_failure" and case.failed_attempts < 2:
        raise NoReason
    if asked.reason == "document" and not any(one.data.get("code") == "document_of_another" for one in case.steps):
        raise NoReason
    if asked.reason == "appointment_not_found" and upcoming(case):
        raise NoReason
    handoff.hand_off(conversation=case.conversation, reason=asked.reason, by=case.by)
    case.handed_off = True
    return Answer(HandedOff(asked.reason))


TRIAGE = Tool(
    "triage_urgency", "alerts.see",
    "Evalúa la urgencia de lo que contó el paciente. No se le dice el nivel.", TriageUrgency, triage_urgency,
)  # fmt: skip
HAND_OFF = Tool(
    "hand_off", "conversations.attend",
    "Pasa la conversación a una persona de la clínica. Vos no respondés más.", HandOff, hand_off,
)  # fmt: skip
