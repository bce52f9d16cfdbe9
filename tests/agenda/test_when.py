from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agenda.when import When, is_unclear, parse

SUNDAY = date(2026, 11, 22)


def day(text):
    number, month, *year = map(int, text.split("/"))
    return date(year[0] if year else 2026, month, number)


def said(*, on="", first="", last="", part="", since="", until="", at="", days="", weekdays=(), but=(), but_days=""):
    clock = lambda text: time.fromisoformat(text) if text else None  # noqa: E731
    dates = lambda text: frozenset(day(one) for one in text.split())  # noqa: E731
    first, last = on or first, on or last
    return When(
        day(first) if first else None, day(last) if last else None, part, clock(since), clock(until), clock(at),
        dates(days), frozenset(weekdays), dates(but_days), frozenset(but),
    )  # fmt: skip


READ = [
    ("mañana", said(on="23/11")),
    ("mañana a la mañana", said(on="23/11", part="morning")),
    ("a la mañana", said(part="morning")),
    ("hoy a la tarde", said(on="22/11", part="afternoon")),
    ("pasado mañana", said(on="24/11")),
    ("mañana o pasado", said(first="23/11", last="24/11")),
    ("el martes", said(on="24/11")),
    ("martes a las 10:30", said(on="24/11", at="10:30")),
    ("el domingo", said(on="29/11")),
    ("la semana que viene", said(first="23/11", last="29/11")),
    ("la semana que viene a la tarde", said(first="23/11", last="29/11", part="afternoon")),
    ("el martes de la semana que viene", said(on="24/11")),
    ("a principios de diciembre", said(first="1/12", last="10/12")),
    ("a fin de mes", said(first="22/11", last="30/11")),
    ("a mediados de mes", said(first="11/12", last="20/12")),
    ("principios de mes", said(first="1/12", last="10/12")),
    ("fin de mes", said(first="22/11", last="30/11")),
    ("12/05", said(on="12/5/2027")),
    ("2027-05-12", said(on="12/5/2027")),
    ("el 24", said(on="24/11")),
    ("martes 24", said(on="24/11")),
    ("martes 24/11", said(on="24/11")),
    ("24 de noviembre a las 5", said(on="24/11", at="17:00")),
    ("después de las 5", said(since="17:00")),
    ("el viernes no", said(but=[4])),
    ("a partir del 20", said(first="20/12")),
    ("cualquier día menos el lunes", said(first="22/11", but=[0])),
    ("martes o jueves", said(first="24/11", last="26/11", days="24/11 26/11")),
    ("los martes y jueves a la tarde", said(first="22/11", part="afternoon", weekdays=[1, 3])),
    ("de lunes a viernes", said(first="22/11", weekdays=[0, 1, 2, 3, 4])),
    ("entre el martes y el jueves", said(first="24/11", last="26/11")),
    ("del 24 al 28", said(first="24/11", last="28/11")),
    ("del 28 al 30 de noviembre", said(first="28/11", last="30/11")),
    ("entre las 9 y las 11", said(since="09:00", until="11:00")),
    ("de 9 a 12", said(since="09:00", until="12:00")),
    ("entre 16 y 18hs", said(since="16:00", until="18:00")),
    ("tipo 5", said(since="16:00", until="18:00")),
    ("a las 8 de la noche", said(at="20:00")),
    ("a las 5 de la mañana", said(at="05:00")),
    ("el viernes no, el jueves sí", said(on="26/11", but=[4])),
    ("lo antes posible", said(first="22/11")),
    ("esta semana", said(on="22/11")),
    ("en diciembre", said(first="1/12", last="31/12")),
    ("el finde", said(first="28/11", last="29/11")),
    ("no puedo los lunes", said(but=[0])),
    ("no puedo antes de las 5", said(since="17:00")),
    ("mañana no puedo", said(but_days="23/11")),
    ("salgo de trabajar a las 6", said(since="18:00")),
    ("a la una", said(at="13:00")),
    ("a las dos y media", said(at="14:30")),
    ("antes del viernes", said(first="22/11", last="26/11")),
    ("después del mediodía", said(since="13:00")),
    ("al mediodía", said(since="12:00", until="14:00")),
    ("el turno de mañana", said(on="23/11")),
    ("prefiero de mañana", said(part="morning")),
    ("a partir de mañana", said(first="23/11")),
    ("en 15 días", said(on="7/12")),
    ("dentro de dos semanas", said(first="30/11", last="6/12")),
    ("24 o 25 de noviembre", said(first="24/11", last="25/11")),
    ("la segunda quincena de diciembre", said(first="16/12", last="31/12")),
    ("el 31", said(on="31/12")),
    ("a la noche a las 8", said(part="evening", at="20:00")),
    ("quiero el de las 10:30", said(at="10:30")),
    ("el martes a la mañana no, a la tarde si", said(on="24/11", part="afternoon")),
    ("hoy o mañana", said(first="22/11", last="23/11")),
    ("el lunes 30", said(on="30/11")),
    ("la primera semana de diciembre", said(first="1/12", last="7/12")),
    ("no puedo después de las 5", said(until="17:00")),
    ("después del 20", said(first="21/12")),
    ("martes 1 de diciembre a las 9 y media", said(on="1/12", at="09:30")),
    ("mañana temprano", said(on="23/11", part="morning")),
    ("cualquier día a la tarde", said(first="22/11", part="afternoon")),
    ("esta tarde", said(on="22/11", part="afternoon")),
    ("mañana lunes", said(on="23/11")),
    ("el jueves tipo 11", said(on="26/11", since="10:00", until="12:00")),
    ("del lunes al miércoles", said(first="23/11", last="25/11")),
    ("el 24 de diciembre", said(on="24/12")),
    ("el 3 del mes que viene", said(on="3/12")),
    ("de tarde", said(part="afternoon")),
    ("a la tarde no puedo", said(until="13:00")),
    ("no puedo a la mañana", said(since="13:00")),
    ("el 1ro de diciembre", said(on="1/12")),
    ("el primero de diciembre", said(on="1/12")),
    ("desde el 25 hasta el 30", said(first="25/11", last="30/11")),
    ("a partir de diciembre", said(first="1/12")),
    ("puedo el martes después de las 17", said(on="24/11", since="17:00")),
    ("tenés algo para el jueves a la mañana?", said(on="26/11", part="morning")),
    ("necesito turno para mañana a las 9", said(on="23/11", at="09:00")),
    ("ni lunes ni martes", said(but=[0, 1])),
    ("cualquier día menos martes y jueves", said(first="22/11", but=[1, 3])),
    ("que no sea lunes", said(but=[0])),
    ("el martes a las 5 y media", said(on="24/11", at="17:30")),
    ("martes 24 a las 10 y cuarto", said(on="24/11", at="10:15")),
    ("11 menos cuarto", said(at="10:45")),
    ("para el día 5", said(on="5/12")),
    ("a eso de las 10", said(since="09:00", until="11:00")),
    ("de 4 a 6 de la tarde", said(since="16:00", until="18:00")),
    ("entre las 4 y las 6", said(since="16:00", until="18:00")),
    ("de 10 a 2", said(since="10:00", until="14:00")),
    ("hasta las 11", said(until="11:00")),
    ("antes de las 12", said(until="12:00")),
    ("desde las 16", said(since="16:00")),
    ("de 17 en adelante", said(since="17:00")),
    ("después de las 5 de la tarde", said(since="17:00")),
    ("trabajo hasta las 6", said(since="18:00")),
    ("solo puedo los sábados", said(first="22/11", weekdays=[5])),
    ("mañana o el viernes", said(first="23/11", last="27/11", days="23/11 27/11")),
    ("pasado mañana a primera hora", said(on="24/11", part="morning")),
    ("hoy mismo", said(on="22/11")),
    ("este viernes", said(on="27/11")),
    ("el próximo viernes", said(on="27/11")),
    ("el viernes que viene", said(on="27/11")),
    ("viernes 27 de noviembre", said(on="27/11")),
    ("cuando puedas", said(first="22/11")),
    ("me da igual", said(first="22/11")),
    ("el lunes 23 o el martes 24", said(first="23/11", last="24/11")),
    ("la semana del 30", said(first="30/11", last="6/12")),
    ("el 24 o 26", said(first="24/11", last="26/11", days="24/11 26/11")),
    ("24-11", said(on="24/11")),
    ("24/11/26", said(on="24/11")),
    ("25 de diciembre a la tarde", said(on="25/12", part="afternoon")),
    ("fin de semana", said(first="28/11", last="29/11")),
    ("entre semana", said(first="22/11", weekdays=[0, 1, 2, 3, 4])),
    ("sábado a la mañana", said(on="28/11", part="morning")),
    ("sabado a la mañana o lunes a la tarde", said(on="28/11", part="morning")),
    ("no, el martes", said(on="24/11")),
    ("no puedo el martes, mejor el jueves", said(on="26/11", but=[1])),
    ("el martes no puedo, puede ser el jueves?", said(on="26/11", but=[1])),
    ("un turno la semana que viene si puede ser a la tarde", said(first="23/11", last="29/11", part="afternoon")),
    ("tipo 10 de la mañana", said(since="09:00", until="11:00")),
    ("dentro de 3 días", said(on="25/11")),
    ("en una semana", said(first="23/11", last="29/11")),
    ("el mes que viene", said(first="1/12", last="31/12")),
    ("este mes", said(first="22/11", last="30/11")),
    ("en marzo", said(first="1/3/2027", last="31/3/2027")),
    ("a principios de la semana que viene", said(first="23/11", last="29/11")),
    ("mañana mismo después de las 18hs", said(on="23/11", since="18:00")),
    ("miercoles 25/11 18hs", said(on="25/11", at="18:00")),
    ("juebes", said(on="26/11")),
    ("el savado", said(on="28/11")),
    ("a las 10.30", said(at="10:30")),
    ("10:30", said(at="10:30")),
    ("17hs", said(at="17:00")),
    ("5pm", said(at="17:00")),
    ("9 am", said(at="09:00")),
    ("3 de la tarde", said(at="15:00")),
    ("el 2", said(on="2/12")),
    ("después del finde", said(first="30/11")),
    ("después de las 5 el martes o miércoles", said(first="24/11", last="25/11", since="17:00")),
    ("no antes de las 10", said(since="10:00")),
    ("prefiero que no sea a la mañana", said(since="13:00")),
    ("a la mañana no, tarde", said(part="afternoon", since="13:00")),
    ("domingo", said(on="29/11")),
    ("el lunes que viene a las 9", said(on="23/11", at="09:00")),
    ("el martes de la semana que viene a las 15", said(on="24/11", at="15:00")),
    ("hoy", said(on="22/11")),
    ("1/12", said(on="1/12")),
    ("1-12-2026", said(on="1/12")),
    ("tengo turno el jueves?", said(on="26/11")),
    ("turno mañana", said(on="23/11")),
    ("turno tarde", said(part="afternoon")),
    ("del 17 en adelante", said(first="17/12")),
    ("el lunes no, el martes si", said(on="24/11", but=[0])),
    ("no puedo ni lunes ni martes", said(but=[0, 1])),
    ("mañana a la noche", said(on="23/11", part="evening")),
    ("el lunes o martes después de las 18", said(first="23/11", last="24/11", since="18:00")),
    ("no los viernes", said(but=[4])),
    ("mejor el miércoles", said(on="25/11")),
    ("semana que viene", said(first="23/11", last="29/11")),
    ("la semana que viene el jueves", said(on="26/11")),
    ("el 25 a las 10hs", said(on="25/11", at="10:00")),
    ("tenes para el martes 1?", said(on="1/12")),
    ("me confundí, el jueves quise decir", said(on="26/11")),
    ("no el martes, el miércoles", said(on="25/11", but=[1])),
    ("quiero el turno de las 9", said(at="09:00")),
    ("jueves 26 11:30", said(on="26/11", at="11:30")),
    ("a primera hora del lunes", said(on="23/11", part="morning")),
    ("el lunes a última hora", said(on="23/11")),
    ("quiero el miércoles 2 de diciembre a las 16.30", said(on="2/12", at="16:30")),
    ("desde mañana", said(first="23/11")),
    ("en enero a la mañana", said(first="1/1/2027", last="31/1/2027", part="morning")),
    ("fines de enero", said(first="21/1/2027", last="31/1/2027")),
    ("despues del 10 de diciembre", said(first="11/12")),
    ("antes del 30", said(first="22/11", last="29/11")),
    ("esta semana no puedo", said(but_days="22/11")),
    ("la semana que viene no puedo", said(but_days="23/11 24/11 25/11 26/11 27/11 28/11 29/11")),
    ("hoy no", said(but_days="22/11")),
]  # fmt: skip

NOTHING = [
    "2026-05-12",
    "31/02",
    "lunes 24",
    "miércoles 24/11",
    "la muela 24",
    "tengo 24 años",
    "mi dni es 30.123.456",
    "me duele hace 3 días",
    "me duele desde el lunes",
    "hola buenas tardes",
    "hasta mañana!",
    "el lunes pasado",
    "el otro martes",
    "30 de febrero",
    "me duele a la noche",
    "OSDE 210",
    "a las 25",
    "mañana martes",
    "quiero sacar turno, me duele la muela 46 desde ayer",
    "viernes 28 de noviembre",
    "29 de febrero",
    "el 32",
    "mi hijo tiene 8 años",
    "calle 25 de mayo 1234",
    "vivo en 9 de julio 456",
    "11 4567 8901",
    "vine el martes",
    "el viernes 20",
    "24/11/2025",
    "las dos me sirven",
    "cualquiera de las dos",
    "24 hs",
    "30123456",
    "soy juan perez 30123456",
    "me duele mucho, no puedo dormir a la noche",
    "de 8 a 12 o de 16 a 18",
    "despues de las fiestas",
]


@pytest.mark.parametrize(("text", "expected"), READ, ids=[text for text, _ in READ])
def test_words_on_a_sunday(text, expected):
    assert parse(text, today=SUNDAY) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_rather_than_a_guess(text):
    assert parse(text, today=SUNDAY) is None


@pytest.mark.parametrize(
    ("today", "text", "first", "last"),
    [
        ("1/12", "a principios de mes", "1/12", "10/12"),
        ("1/12", "a mediados de mes", "11/12", "20/12"),
        ("1/12", "a fin de mes", "21/12", "31/12"),
        ("15/12", "a principios de mes", "1/1/2027", "10/1/2027"),
        ("15/12", "a mediados de diciembre", "15/12", "20/12"),
        ("15/12", "fines de diciembre", "21/12", "31/12"),
        ("28/12", "principios de diciembre", "1/12/2027", "10/12/2027"),
        ("28/12", "a fin de mes", "28/12", "31/12"),
        ("31/12", "a fin de mes", "31/12", "31/12"),
        ("31/12", "a mediados de mes", "11/1/2027", "20/1/2027"),
        ("31/12", "mañana", "1/1/2027", "1/1/2027"),
        ("31/12", "el mes que viene", "1/1/2027", "31/1/2027"),
        ("24/11", "el martes", "1/12", "1/12"),
        ("24/11", "martes 24", "24/11", "24/11"),
        ("24/11", "el 24", "24/11", "24/11"),
        ("28/11", "el finde", "28/11", "29/11"),
        ("27/11", "esta semana", "27/11", "29/11"),
        ("27/11", "la semana que viene", "30/11", "6/12"),
        ("27/11", "el martes de la semana que viene", "1/12", "1/12"),
        ("25/11", "el lunes de la semana que viene", "30/11", "30/11"),
    ],
)
def test_the_same_words_on_other_days(today, text, first, last):
    found = parse(text, today=day(today))
    assert (found.first, found.last) == (day(first), day(last))


@pytest.mark.parametrize(
    "text", ["31/02", "lunes 24", "el otro martes", "miércoles 24/11", "a las 25", "mañana martes"]
)
def test_what_is_about_a_date_and_cannot_be_read_is_unclear(text):
    assert is_unclear(text, today=SUNDAY)


@pytest.mark.parametrize("text", ["hola", "mi dni es 30.123.456", "OSDE 210", "la muela 24", "el martes"])
def test_what_is_not_about_a_date_is_not_unclear(text):
    assert not is_unclear(text, today=SUNDAY)


def test_parts_of_the_day_touch_and_do_not_overlap():
    for hour in range(24):
        parts = [part for part in ("morning", "afternoon", "evening") if When(part=part).allows_clock(time(hour))]
        assert len(parts) == 1
    assert When(part="morning").allows_clock(time(12, 45))
    assert not When(part="morning").allows_clock(time(13))


def test_an_option_outside_the_words_is_not_allowed():
    words = parse("la semana que viene después de las 5, el viernes no", today=SUNDAY)
    assert words.allows(datetime(2026, 11, 24, 17, 0))  # noqa: DTZ001
    assert not words.allows(datetime(2026, 11, 24, 16, 45))  # noqa: DTZ001
    assert not words.allows(datetime(2026, 11, 27, 18, 0))  # noqa: DTZ001
    assert not words.allows(datetime(2026, 12, 1, 18, 0))  # noqa: DTZ001


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(0, 400))
def test_a_written_date_is_that_date_or_nothing(today, ahead):
    asked = today + timedelta(days=ahead)
    for text in (asked.isoformat(), f"{asked:%d/%m/%Y}"):
        assert parse(text, today=today) == When(asked, asked)


@given(st.text(max_size=60), st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_any_text_is_read_or_not_and_never_before_today(text, today):
    found = parse(text, today=today)
    assert found is None or found.first is None or found.first >= today


@given(st.lists(st.sampled_from([
    "hoy", "mañana", "el", "la", "martes", "jueves", "24", "5", "de", "diciembre", "a", "las",
    "no", "y", "o", "desde", "hasta", ",", "antes", "después", "semana", "que", "viene", "tarde",
    "entre", "puedo", "mes", "fin", "menos", "al", "del", "10:30", "hs", "finde", "próximo",
]),
                max_size=9), st.dates(date(2026, 1, 1), date(2030, 12, 31)))  # fmt: skip
def test_any_order_of_its_words_is_read_or_not(words, today):
    found = parse(" ".join(words), today=today)
    if found and found.first and found.last:
        assert today <= found.first <= found.last


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("osde el 10/12", "el 10/12"),
        ("osde 210 el 10/12", "el 10/12"),
        ("osde el 10 de diciembre", "el 10 de diciembre"),
        ("osde martes 24/11", "martes 24/11"),
        ("quiero limpieza\nparticular\nel 15/12 a la tarde", "el 15/12 a la tarde"),
        ("el 15/12 dps de las 5", "el 15/12 después de las 5"),
        ("el jueves x la tarde", "el jueves por la tarde"),
        ("la semana q viene pa la tarde", "la semana que viene para la tarde"),
    ],
)
def test_what_stands_beside_a_date_leaves_it_whole(text, same):
    assert parse(text, today=SUNDAY) == parse(same, today=SUNDAY) is not None


@pytest.mark.parametrize("text", ["osde 210", "osde plan 310", "swiss medical 64", "omint 4500"])
def test_the_number_of_a_plan_is_no_date(text):
    assert parse(text, today=SUNDAY) is None
