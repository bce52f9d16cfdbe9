"""What the receptionist says of the clinic itself: where it is, when it opens, what it does and for how much."""

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from messaging.receptionist.phrases import in_a_row


def address(main: str, by_day: dict[int, str]) -> str:
    if not (main or by_day):
        return _("No tengo cargada la dirección; te la pasa la clínica.")
    others = [
        _("los %(days)s en %(address)s") % {"days": WEEKDAYS[day].lower(), "address": where}
        for day, where in sorted(by_day.items())
        if where != main
    ]
    said = _("Estamos en %(address)s.") % {"address": main.rstrip(".")} if main else ""
    return f"{said} {_('Además, ') if said else ''}{in_a_row(others)}.".strip() if others else said


def hours(found: list[tuple[list[int], str]]) -> str:
    if not found:
        return _("No tengo cargado el horario; te lo pasa la clínica.")
    return _("Atendemos %(hours)s.") % {"hours": "; ".join(f"{_days(days)} de {text}" for days, text in found)}


def _days(days: list[int]) -> str:
    names = [str(WEEKDAYS[day]).lower() for day in days]
    return names[0] if len(names) == 1 else _("%(first)s a %(last)s") % {"first": names[0], "last": names[-1]}


def hours_on(days: list[tuple[int, str]]) -> str:
    """Of the days that are asked about; "" where nobody attends."""
    return " ".join(
        _("Los %(day)s atendemos de %(hours)s.") % {"day": _plural(day), "hours": text} if text
        else _("Los %(day)s no atendemos.") % {"day": _plural(day)} for day, text in days)  # fmt: skip


def _plural(day: int) -> str:
    name = str(WEEKDAYS[day]).lower()
    return name if name.endswith("s") else f"{name}s"


def private() -> str:
    return _("De forma particular no hay cobertura; el valor te lo informa la clínica.")


def services(names) -> str:
    return _("Hacemos %(services)s.") % {"services": in_a_row(names)}


def we_do(name) -> str:
    return _("Sí, hacemos %(treatment)s.") % {"treatment": name.lower()}


def professionals(people) -> str:
    told = [f"{one.name} ({one.specialty})" if one.specialty else one.name for one in people]
    return _("Atienden %(people)s.") % {"people": in_a_row(told)}


def duration(name, minutes) -> str:
    return _("%(treatment)s lleva unos %(minutes)s minutos.") % {"treatment": name, "minutes": minutes}


def next_holiday(day, name) -> str:
    return _("Los feriados no atendemos; el próximo es el %(day)s (%(name)s).") % {"day": day, "name": name}


def price(name, amount) -> str:
    return _("%(treatment)s: %(amount)s.") % {"treatment": name, "amount": amount}


def price_untold() -> str:
    return _("El precio te lo informa la clínica cuando te vean; por acá no lo tengo.")


def insurers(names) -> str:
    if not names:
        return _("Atendemos de forma particular; por tu obra social, te confirma la clínica.")
    return _("Atendemos por %(names)s y de forma particular.") % {"names": ", ".join(names)}


def phone(number) -> str:
    return _("El teléfono es %(phone)s.") % {"phone": number} if number else _("Podés escribirnos por acá.")


def unknown_detail() -> str:
    return _("Ese dato no lo tengo; te lo confirma la clínica.")
