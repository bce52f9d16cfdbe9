"""The hours that are said, of the clock: "a las 3 de la tarde", "nueve y media", "14 hs". Pure, folded text."""

import re

HALF = r"(?: ?(a\.? ?m\b|p\.? ?m\b|de la (?:manana|tarde|noche)))"
HOURS = {
    "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuna": 21, "veintidos": 22,
}  # fmt: skip
MINUTES = {"y media": "30", "y cuarto": "15", "menos cuarto": "45", "y diez": "10", "y veinte": "20",
           "y treinta": "30", "en punto": "00"}  # fmt: skip
COUNTED = (
    r"(?! (?:opciones|horas|personas|veces|piezas|muelas|caras|cosas|primeras|ultimas|semanas|sesiones|fechas|coronas"
    r"|extracciones|radiografias|profesionales|doctoras|hermanas|ninas))"
)
CLOCK = re.compile(
    rf"\b(?P<at>\d{{1,2}})[:.](?P<minute>\d{{2}})(?!\d|\.\d){HALF}?"
    rf"|\b(?:a las?|las) (?P<about>\d{{1,2}})\b(?![:./]?\d){COUNTED}(?P<more> (?:{'|'.join(MINUTES)}))?{HALF}?"
    r"|\b(?P<hours>\d{1,2}) ?(?:hs|horas)\b(?! (?:de anticipacion|antes|despues|habiles|previas|como minimo))"
    rf"|\b(?P<bare>\d{{1,2}}){HALF}"
    rf"|\b(?:a las?|las) (?P<word>{'|'.join(HOURS)})\b{COUNTED}(?P<wmore> (?:{'|'.join(MINUTES)}))?{HALF}?"
    rf"|\b(?P<plain>{'|'.join(HOURS)})(?P<pmore> (?:y media|y cuarto|menos cuarto))\b(?! (?:horas|anos|meses)){HALF}?"
)


def clocks(sentence: str):
    """Each as the times it may mean: "a las 3" is 03:00 and 15:00, "3 de la tarde" 15:00."""
    for match in CLOCK.finditer(sentence):
        hour = match["at"] or match["about"] or match["hours"] or match["bare"]
        hour = int(hour) if hour else HOURS[match["word"] or match["plain"]]
        more = (match["more"] or match["wmore"] or match["pmore"] or "").strip()
        minute = match["minute"] or MINUTES.get(more, "00")
        hour -= more == "menos cuarto"
        half = next((one for one in match.groups() if one and re.match(r"[ap]\.? ?m|de la", one)), "")
        yield {f"{one:02}:{minute}" for one in _meant(hour, half, exact=bool(match["at"]) and hour > 7)}


def of_words(number: str, more: str, half: str) -> set[str]:
    """What "9", "9:30" or "nueve", with "y media" and "de la tarde" where they are said, may mean."""
    hour, _, minute = number.replace(".", ":").partition(":")
    value = int(hour) if hour.isdigit() else HOURS[hour]
    value -= more == "menos cuarto"
    exact = len(hour) == 2 and bool(minute)
    return {f"{one:02}:{minute or MINUTES.get(more, '00')}" for one in _meant(value, half, exact=exact)}


def _meant(hour: int, half: str, *, exact: bool) -> set[int]:
    if half.startswith(("p", "de la tarde", "de la noche")):
        return {hour % 12 + 12}
    if half or exact or hour > 11:
        return {hour}
    return {hour, hour + 12}
