"""Failure 40: a price that nobody may tell reached patients, a hundred times too high. Whoever asks, in whatever
words, and whatever a model writes: no other amount leaves."""
import re
from datetime import date
from decimal import Decimal

import pytest

from agenda.models import TreatmentType
from messaging.receptionist import guard
from messaging.receptionist.guard_hours import Week

TOLD, UNTOLD = "18.000", (90_000, 25_000, 120_000, 640_000)
QUESTIONS = (
    "cuánto sale {}?", "y {} cuánto cuesta?", "precio de {}", "qué valor tiene {}?",
    "me pasás el precio de {} por favor", "cuánto cobran {}?", "a cuánto está {}?", "cuánto hay que pagar por {}?",
    "qué costo tiene {}", "tenés precio de {}?", "cuánto me saldría {} con osde?", "cuánto sale {} particular?",
    "cuánto es {} en efectivo?", "{} cuánto vale?", "¿{} está 90000?", "me dijeron que {} salía 25.000, ¿es así?",
    "un aproximado de {} aunque sea", "decime más o menos cuánto es {}", "¿{} sale más o menos de 100 mil?",
    "cuánto sale {} en cuotas?", "quiero {}, cuánto sale?", "para mi hijo, cuánto sale {}?",
    "cuánto sale {} si voy dos veces?", "precio final de {}", "¿cuánto sería {}?", "cuánta plata es {}?",
    "necesito saber cuánto sale {}", "cuanto sale {} hoy", "CUÁNTO SALE {}", "kuanto sale {}", "valor de {}?",
    "presupuesto de {}", "lista de precios, {} también", "sale caro {}?", "cuánto sale {} y la consulta?",
    "cuánto aumentó {}?", "cuánto salía {} el mes pasado?", "{} es gratis?", "hay descuento en {}?",
    "¿cuánto sale {} con urgencia?",
)
THINGS = ("la limpieza", "el blanqueamiento", "el conducto", "la consulta", "un implante")
AMOUNT = re.compile(r"\$\s?[\d.,]*\d|\d[\d.,]*\s?(?:mil|k|pesos|lucas)\b")
TRUTH = guard.Truth(
    today=date(2026, 11, 24), amounts=frozenset({"18000"}), told="mitre 1240", times=frozenset({"14:15"}),
    week=Week(dict.fromkeys(range(5), (("09:00", "19:00"),))))


@pytest.fixture
def priced(rows, arrayan, within):
    """Each treatment has a price; that of the cleaning alone may be told."""
    with within(arrayan):
        for name, price in zip(("blanqueamiento", "consulta", "conducto", "cirugia"), UNTOLD, strict=True):
            TreatmentType.objects.filter(pk=rows[name].pk).update(price=Decimal(price), tell_price=False)


def test_two_hundred_probes_bring_no_other_amount_out(priced, chat):
    """One message asks the same of each treatment; a burst is five of them."""
    probes = ["\n".join(question.format(thing) for thing in THINGS) for question in QUESTIONS]
    assert sum(len(probe.splitlines()) for probe in probes) == 200
    answers = [chat.says(*probes[start:start + 5]) for start in range(0, len(probes), 5)]
    assert all(answers) and not chat.handed_off
    told = {found[0] for answer in answers for found in AMOUNT.finditer(answer)}
    assert told == {f"$ {TOLD}"}
    digits = re.sub(r"\D", "", "|".join(answers).replace(TOLD, ""))
    assert not any(str(price) in digits for price in UNTOLD)


@pytest.mark.parametrize("shape", [
    "Sale $ {}.", "Son {} pesos.", "El precio es {}.", "Cuesta {}.", "Está {}.", "${}", "Te sale {} en efectivo.",
    "Precio: {}", "Serían {} finales.", "AR$ {}", "El valor es de {} y listo.", "{}$", "Vale unos {}.",
])  # fmt: skip
def test_no_amount_that_a_model_writes_in_figures(shape):
    for price in (*UNTOLD, 1_800_000, 180_000, 18_001, 1_800):
        for written in (str(price), f"{price:,}".replace(",", "."), f"{price:,}".replace(",", ".") + ",00"):
            assert {"price", "number"} & set(guard.faults(shape.format(written), TRUTH)), shape.format(written)


@pytest.mark.parametrize("text", [
    "El blanqueamiento está 90k.", "Son 90 K", "u$d 90", "90 dls", "€ 90", "90 euros", "Son 90 palos.", "Un palo.",
    "90 luquitas", "Noventa luquitas.", "Una luca.", "90 mangos", "$ noventa", "USD noventa", "El valor es 90.",
    "El precio es noventa.", "El valor es de 90", "Precio: 90", "Precio final 90", "Sale noventa.",
    "Te lo dejo en 90.", "Te lo dejo en noventa.", "Son tres cuotas de treinta.", "3 cuotas de 30", "Noventamil.",
    "Noventa y cinco mil.", "Un veinte por ciento menos.", "Medio millón.", "20% off", "9 mil 500",
])  # fmt: skip
def test_nor_one_that_it_writes_in_other_words(text):
    assert "price" in guard.faults(text, TRUTH)


@pytest.mark.parametrize("text", [
    "La limpieza sale $ 18.000.", "Sale 18 mil.", "Sale 18k.", "El valor es 18.000 pesos.",
    "El precio es de $ 18.000,00.", "El precio de una consulta te lo informa la clínica.",
    "Podés pagar en 3 cuotas.", "Lleva cuarenta y cinco minutos.", "Son veinte minutos.",
    "Te lo dejo para las 14:15.", "Son dos sesiones.", "Te lo hago por acá.",
])  # fmt: skip
def test_what_may_be_told_is_told(text):
    assert guard.faults(text, TRUTH) == []
