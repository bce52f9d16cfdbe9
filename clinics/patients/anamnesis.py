"""The medical history: what was asked and answered. Answers merge; nobody's blank wipes what another wrote."""
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.patients.models import Patient
from dentalogic.lib.refusals import Refusal

QUESTIONS = {
    "allergies": _("Alergias"),
    "habitual_medication": _("Medicación"),
    "base_diseases": _("Enfermedades"),
    "pregnancy_lactation": _("Embarazo o lactancia"),
    "previous_surgeries": _("Cirugías"),
    "is_smoker": _("Fuma"),
    "smoker_amount": _("Cuánto fuma"),
    "negative_experiences": _("Malas experiencias"),
    "specific_fears": _("Miedos"),
}
LONGEST = 1000  # of an answer


class UnknownQuestion(Refusal):
    code = "unknown_question"
    detail = _("Los antecedentes no tienen esa pregunta.")


class BadAnswer(Refusal):
    code = "bad_answer"
    detail = _("Cada respuesta es un texto de hasta 1000 letras.")


class NotAProfessional(Refusal):
    code = "not_a_professional"
    status = 403
    detail = _("Los antecedentes los carga quien atiende.")


def _clean(answers):
    if unknown := answers.keys() - QUESTIONS.keys():
        raise UnknownQuestion(fields={key: [str(UnknownQuestion.detail)] for key in sorted(unknown)})
    wrong = [key for key, value in answers.items() if not isinstance(value, str) or len(value) > LONGEST]
    if wrong:
        raise BadAnswer(fields={key: [str(BadAnswer.detail)] for key in wrong})
    return {key: " ".join(value.split()) for key, value in answers.items() if value.strip()}


@tenancy.atomic
def merge(*, patient, answers, by, through, now) -> Patient:
    """Add `answers` to the history. A blank one was not asked and changes nothing; "ninguna" is an answer.

    `through` says how it was learned: "chair", "whatsapp", "api". Of staff, only professionals write it.
    """
    if by.kind == "staff" and by.professional_id is None:
        raise NotAProfessional
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    asked = _clean(answers)
    changed = sorted(key for key, value in asked.items() if patient.medical_history.get(key) != value)
    if not changed:
        return patient
    seen = {"by": by.name, "at": now.isoformat(), "through": through}
    history = {"completed": seen, **patient.medical_history, **asked, "edited": seen}
    patient.medical_history = history
    patient.save(update_fields=["medical_history"])
    log_security_event("medical_history.edited", by=by, patient=patient.pk, changed=changed)
    live.say("PATIENT_UPDATED", patient=patient.pk)
    return patient


def reviewed(patient) -> tuple[datetime, str] | None:
    """When the history was last edited, and by whom."""
    seen = patient.medical_history.get("edited")
    return (datetime.fromisoformat(seen["at"]), seen["by"]) if seen else None


def table(patient) -> list[tuple[str, str, str]]:
    """(key, question, answer) in the order they are asked; a blank answer was not asked."""
    return [(key, str(label), str(patient.medical_history.get(key, ""))) for key, label in QUESTIONS.items()]
