"""The pure parts: the prompt, the guard, what words say of options, names and documents."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.receptionist import guard, naming, prompt, tools, understanding
from messaging.receptionist.facts import Facts
from messaging.receptionist.naming import Document, Name
from messaging.receptionist.understanding import Choice, Choosable

TODAY = date(2026, 11, 22)
OPTIONS = [
    Choosable("A", datetime.fromisoformat("2026-11-24T10:30"), "Dra. Paula Arrieta"),
    Choosable("B", datetime.fromisoformat("2026-11-26T16:00"), "Dr. Nicolás Brandt"),
]
EMPTY = prompt.ClinicFacts(name="Clínica {rara} %s")
FULL = prompt.ClinicFacts(
    name="Clínica Arrayán", zone="America/Argentina/Buenos_Aires", receptionist="Lucía", address="Mitre 1240",
    hours="lunes a viernes de 09:00 a 13:00", services=("Limpieza", "Consulta {x}"),
    professionals=("Dra. Paula Arrieta",), insurers=("OSDE (Se atiende)",),
    prices=("Limpieza $ 18.000",), emergency_number="107",
)  # fmt: skip


@pytest.mark.parametrize("clinic", [EMPTY, FULL, *(prompt.ClinicFacts(name=f"Clínica {n}") for n in range(3))])
def test_the_prompt_renders_for_empty_and_full_clinics(clinic):
    known = prompt.Known(patient="Ana {Quiroga}", options=("a1: martes 24/11",))
    text = prompt.render(clinic, today=TODAY, known=known)
    assert f"domingo 22/11/2026 (zona {clinic.zone})" in text
    assert clinic.name in text
    assert "Ana {Quiroga}" in text
    assert len(text.splitlines()) < 200
    assert text == prompt.render(clinic, today=TODAY, known=known)


def test_no_tool_takes_a_tenant_a_patient_or_an_id():
    assert len(tools.TOOLS) == 10
    for tool in tools.TOOLS:
        assert not {"tenant", "tenant_id", "patient", "patient_id", "id"} & set(tool.arguments.model_fields)
    for name in ("book_appointment", "reschedule_appointment", "cancel_appointment"):
        assert not {"date", "time", "start_at", "on_date"} & set(tools.BY_NAME[name].arguments.model_fields)


@given(st.text(max_size=80))
def test_tags_and_codes_never_pass_the_guard(noise):
    truth = guard.Truth(today=TODAY, codes=frozenset({"ab12cd"}))
    for internal in ("[INTERNAL]", "<tool>", '{"code": 1}', "ab12cd", "hand_off"):
        assert "internal" in guard.faults(f"{noise} {internal} {noise}", truth)


@given(st.integers(1, 999_999))
def test_an_amount_that_is_not_told_never_passes(amount):
    truth = guard.Truth(today=TODAY, amounts=frozenset({"18000"}))
    said = f"Sale $ {amount:,}".replace(",", ".")
    assert ("price" in guard.faults(said, truth)) == (amount != 18000)


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("el 2", "B"), ("2", "B"), ("la segunda", "B"), ("el de las 10:30", "A"), ("el martes", "A"), ("10", "A"),
        ("el jueves a las 16", "B"), ("a las 4 de la tarde", "B"), ("con Brandt", "B"), ("el 24", "A"), ("1030", "A"),
        ("quiero el dos", "B"), ("el último", "B"), ("1)", "A"), ("la opción 1 por favor", "A"),
        ("si, el primero", "A"), ("perfecto el martes 24 a las 10:30", "A"), ("lo antes posible", "A"),
        ("el martes, soy Ana Paz 30123456", "A"),
    ],
)  # fmt: skip
def test_what_is_chosen(words, chosen):
    assert understanding.choice(words, OPTIONS, today=TODAY) == Choice(code=chosen)


@pytest.mark.parametrize("words", ["dale", "ok", "gracias", "los dos me sirven", "Ana Paz 30123456", "OSDE 210"])
def test_what_chooses_nothing(words):
    assert understanding.choice(words, OPTIONS, today=TODAY) == Choice()


@pytest.mark.parametrize("words", ["el miércoles", "a las 18", "no, mejor el viernes", "el martes no puedo", "mañana"])
def test_what_is_about_another_time(words):
    assert understanding.choice(words, OPTIONS, today=TODAY) == Choice(none=True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("30.123.456", Document("30123456")), ("dni 5123456", Document("5123456")),
        ("mi dni: 30 123 456", Document("30123456")),
        ("pasaporte AB123456", Document("AB123456", "Pasaporte")), ("3415550139", None), ("tel 4555013", None),
        ("301234", None), ("el 24/11/2026", None), ("afiliado 30123456", None), ("$ 1.234.567", None),
        ("+54 341 5550139", None),
    ],
)  # fmt: skip
def test_documents(words, found):
    assert naming.document(words) == found


@pytest.mark.parametrize(
    ("words", "asked", "unasked"),
    [
        ("soy Carolina Méndez", Name("Carolina", "Méndez"), Name("Carolina", "Méndez")),
        ("Carolina Méndez", Name("Carolina", "Méndez"), None),
        ("soy de OSDE", None, None),
        ("soy amiga de Paula la doctora", None, None),
        ("soy amiga de Paula, me llamo Inés Ruiz", Name("Inés", "Ruiz"), Name("Inés", "Ruiz")),
        ("soy paciente nueva", None, None),
        ("soy diabética", Name("Diabética"), None),
        ("Hola soy Sofía Martínez quiero un turno", Name("Sofía", "Martínez"), Name("Sofía", "Martínez")),
        ("mi apellido es Núñez", Name(last="Núñez"), Name(last="Núñez")),
        ("ahora lo busco", None, None),
        ("no me acuerdo", None, None),
    ],
)
def test_names(words, asked, unasked):
    assert naming.name(words, asked=True) == asked
    assert naming.name(words) == unasked


def test_what_was_said_of_the_day_adds_up():
    facts = Facts()
    for words in ("después de las 5", "el viernes no", "la semana que viene"):
        facts.remember_when(words, TODAY)
    wanted = facts.when()
    assert (wanted.first, wanted.last) == (date(2026, 11, 23), date(2026, 11, 29))
    assert wanted.since.hour == 17
    assert wanted.excluded_weekdays == {4}
    facts.remember_when("mejor el viernes", TODAY)
    assert facts.when().allows_day(date(2026, 11, 27))


def test_words_are_of_the_day_they_were_said():
    facts = Facts()
    facts.remember_when("mañana", TODAY)
    assert Facts.read(facts.stored()).when().first == date(2026, 11, 23)


@given(st.text(max_size=60))
def test_any_words_are_heard_without_a_fault(words):
    understanding.choice(words, OPTIONS, today=TODAY)
    naming.name(words, asked=True)
    naming.document(words)


@pytest.mark.parametrize(
    ("days", "text", "code"),
    [
        (("18T14:00", "22T14:00"), "el de las 14:00 del viernes", "A"),
        (("14T09:00", "15T09:00"), "el martes a las 09:00", "B"),
        (("14T09:00", "15T09:00"), "el lunes a las 9 hs", "A"),
        (("14T09:00", "15T09:00"), "el martes 22", ""),
        (("14T09:00", "15T09:00"), "el martes que viene", ""),
        (("14T09:00", "15T09:00"), "cualquier dia menos lunes", ""),
    ],
)
def test_a_weekday_singles_out_an_option_of_weeks_ahead(days, text, code):
    offered = [
        Choosable(name, datetime.fromisoformat(f"2026-12-{day}")) for name, day in zip("AB", days, strict=True)
    ]
    assert understanding.choice(text, offered, today=TODAY).code == code
