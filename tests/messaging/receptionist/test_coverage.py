"""Insurance is asked before openings, once, and coverage is what is configured."""


import pytest

from clinics.patients.models import Coverage, Insurer
from tests.messaging.receptionist.test_booking import plays


def test_insurance_is_asked_before_availability_and_only_once(chat):
    chat.says("quiero una limpieza mañana a la mañana")
    assert "obra social" in chat.answer
    assert chat.offers == []
    chat.says("no tengo, particular")
    assert "25/11" in chat.answer
    plays(chat, "el 1", "Carolina Méndez 30123456")
    assert chat.appointments[0].patient.insurance == "particular"


@pytest.mark.parametrize(
    ("said", "told", "kept"),
    [
        ("PAMI", "No atendemos por PAMI", "PAMI"),
        ("swiss medical", "con algunas restricciones. Traé la credencial.", "Swiss Medical"),
        ("tengo Medicus", "La cobertura te la confirma la clínica", "Medicus"),
        ("osde 310", "Atendemos por OSDE.", "OSDE"),
        ("no", "Para limpieza dental tengo", "particular"),
        ("vengo particular", "Para limpieza dental tengo", "particular"),
    ],
)
def test_coverage_is_what_is_configured(chat, said, told, kept):
    plays(chat, "quiero una limpieza", said)
    assert told in chat.answer
    assert chat.conversation.facts["insurance"] == kept
    assert not chat.handed_off


def test_a_treatments_own_coverage_is_told_and_its_delay_counts(chat, arrayan, within):
    with within(arrayan):
        Coverage.objects.create(
            insurer=Insurer.objects.get(name="OSDE"), treatment_code="LIM", policy="restricted", copay=4500,
            needs_authorisation=True, delay_days=6, note="Traé la orden.")
    answer = plays(chat, "quiero una limpieza", "osde")
    assert "Atendemos por OSDE para limpieza dental con algunas restricciones." in answer
    assert "Pide autorización previa. El copago es de $ 4.500. Traé la orden." in answer
    assert chat.offers[-1].options[0]["start_at"][:10] == "2026-11-30"


def test_of_another_treatment_what_holds_for_all_is_told(chat, arrayan, within):
    with within(arrayan):
        osde = Insurer.objects.get(name="OSDE")
        Coverage.objects.create(insurer=osde, treatment_code="LIM", policy="rejected")
        Coverage.objects.create(insurer=osde, treatment_code="", copay=900)
    plays(chat, "quiero un blanqueamiento", "osde")
    assert "Atendemos por OSDE. El copago es de $ 900." in chat.answer


def test_an_insurer_with_a_delay_has_the_same_first_day_however_it_is_asked(chat):
    plays(chat, "quiero una limpieza", "swiss")
    assert chat.offers[-1].options[0]["start_at"][:10] == "2026-11-27"
    assert "25/11" not in chat.says("y mañana?")


def test_who_tells_their_data_when_asked_for_the_insurance_is_not_an_insurer(chat):
    plays(chat, "quiero una limpieza", "Laura Díaz 28111222")
    assert "Laura" not in chat.answer and not chat.conversation.facts.get("insurance")
    assert "obra social" in chat.answer
    plays(chat, "osde", "el 1")
    assert "DNI" not in chat.answer
    (visit,) = chat.appointments
    assert (visit.patient.name, visit.patient.dni) == ("Laura Díaz", "28111222")
