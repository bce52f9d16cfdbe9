import pytest

from clinics.patients import alerts


def texts(**history):
    return [text for _level, text in alerts.read(history)]


@pytest.mark.parametrize(("answer", "shown"), [
    ("Penicilina (urticaria, 2014)", ["Alergia a penicilina"]),
    ("AINE", ["Alergia a AINE"]),
    ("Alérgica al látex", ["Alérgica al látex"]),
    ("no tolera la penicilina", ["Alergias: no tolera la penicilina"]),
    ("Ninguna, salvo ibuprofeno", ["Alergias: Ninguna, salvo ibuprofeno"]),
    ("ninguna", []), ("No", []), ("no refiere", []), ("Sin alergias conocidas", []),
    ("No, que yo sepa", []), ("no sabe", ["Alergias: no sabe"]),
    ("niega alergias a medicamentos", []), ("", []), ("  ", []),
])
def test_allergies(answer, shown):
    assert texts(allergies=answer) == shown


@pytest.mark.parametrize(("answer", "alert"), [
    ("Acenocumarol, control RIN 14/11: 2,4", True),
    ("SINTROM 4 mg", True),
    ("rivaroxabán", True),
    ("anticoagulada desde 2019", True),
    ("No toma anticoagulantes", False),
    ("sin anticoagulantes", False),
    ("no fuma, toma warfarina", True),
    ("ibuprofeno", False),
])
def test_anticoagulants(answer, alert):
    assert texts(habitual_medication=answer) == (["Toma anticoagulantes"] if alert else [])


@pytest.mark.parametrize(("answer", "alert"), [
    ("Fibrilación auricular", True), ("marcapasos", True), ("Infarto en 2020", True), ("problemas del corazón", True),
    ("angina de pecho", True), ("anginas a repetición", False), ("No tiene problemas cardíacos", False),
    ("asma", False), ("ninguna", False),
])
def test_heart(answer, alert):
    assert texts(base_diseases=answer) == (["Enfermedad cardíaca"] if alert else [])


@pytest.mark.parametrize(("answer", "shown"), [
    ("Embarazo de 20 semanas", ["Embarazo"]), ("sí", ["Embarazo"]), ("Lactancia", ["Lactancia"]),
    ("está amamantando", ["Lactancia"]), ("No", []), ("no está embarazada", []), ("no corresponde", []), ("", []),
])
def test_pregnancy(answer, shown):
    assert texts(pregnancy_lactation=answer) == shown


def test_the_most_serious_comes_first():
    history = {"habitual_medication": "sintrom", "allergies": "látex", "base_diseases": "arritmia"}
    assert [level for level, _text in alerts.read(history)] == ["danger", "warn", "warn"]


def test_nothing_asked_is_no_alert():
    assert alerts.read({}) == []
