"""The forms of Ajustes: what is typed, as people write it. What it may be is the verbs' to say."""
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from django import forms
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from clinics import hours
from clinics.week import NAMES
from dentalogic.lib import money, phones
from dentalogic.lib.forms import CHOOSE, MISSING, AmountField, NumberField, RefusableForm

COUNTRIES = ("AR", "BO", "BR", "CL", "CO", "CR", "DO", "EC", "ES", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "PY",
             "SV", "US", "UY", "VE")
STEPS = (5, 10, 15, 20, 30, 60)
NOTICES = (0, 30, 60, 120, 240, 480, 720, 1440, 2880, 4320)  # minutes


def _required(label, **how):
    return forms.CharField(label=label, error_messages={"required": MISSING}, **how)


class ClinicForm(RefusableForm):
    """Facts and rules of the clinic, but for its hours, which are a week of their own."""

    name = _required(gettext_lazy("Nombre"), max_length=120)
    phone = forms.CharField(label=gettext_lazy("Teléfono"), max_length=40, required=False)
    address = forms.CharField(label=gettext_lazy("Dirección"), max_length=200, required=False)
    country = forms.ChoiceField(label=gettext_lazy("País"), error_messages=CHOOSE)
    timezone = forms.ChoiceField(label=gettext_lazy("Zona horaria"), error_messages=CHOOSE)
    currency = forms.ChoiceField(label=gettext_lazy("Moneda"), error_messages=CHOOSE)
    slot_step = forms.TypedChoiceField(
        label=gettext_lazy("Los turnos empiezan cada"), coerce=int, error_messages=CHOOSE)
    buffer_minutes = NumberField(label=gettext_lazy("Minutos libres entre turnos"))
    minimum_notice = forms.TypedChoiceField(
        label=gettext_lazy("Anticipación mínima"), coerce=int, error_messages=CHOOSE)
    horizon_days = NumberField(label=gettext_lazy("Se dan turnos hasta dentro de"))
    hold_minutes = NumberField(label=gettext_lazy("Un horario elegido se retiene"))
    offer_minutes = NumberField(label=gettext_lazy("Una oferta vale"))
    receptionist_name = forms.CharField(label=gettext_lazy("Cómo se llama"), max_length=60, required=False)
    consultation_price = AmountField(label=gettext_lazy("Precio de la consulta"), max_length=20, required=False)
    quiet_seconds = NumberField(label=gettext_lazy("Espera después de un mensaje"))
    quiet_max_seconds = NumberField(label=gettext_lazy("Espera como mucho"))
    return_hours = NumberField(label=gettext_lazy("La conversación vuelve sola a las"))
    emergency_number = _required(gettext_lazy("Número de emergencias"), max_length=20)
    emergency_advice = forms.CharField(
        label=gettext_lazy("Consejo en una emergencia"), max_length=1000, required=False, widget=forms.Textarea)
    second_factor_required = forms.BooleanField(
        label=gettext_lazy("Todas las cuentas entran con un segundo factor"), required=False)

    def __init__(self, data=None, *, clinic):
        super().__init__(data, initial=_initial(clinic))
        country = (data or {}).get("country", clinic.country)
        self.fields["country"].choices = countries(clinic.country)
        self.fields["timezone"].choices = zones(country, clinic.timezone, (data or {}).get("timezone"))
        self.fields["currency"].choices = currencies()
        self.fields["slot_step"].choices = [(str(n), _("%(n)s minutos") % {"n": n})
                                            for n in sorted({*STEPS, clinic.slot_step})]
        self.fields["minimum_notice"].choices = [
            (str(n), span(n)) for n in sorted({*NOTICES, clinic.minimum_notice})]
        for number, name in enumerate(NAMES):
            self.fields[f"address_{number}"] = forms.CharField(label=_(name), max_length=200, required=False)

    @property
    def by_day(self):
        return [self[f"address_{number}"] for number in range(7)]

    @property
    def differs_by_day(self):
        return any(field.value() for field in self.by_day)

    def facts(self) -> dict:
        """What the verb takes."""
        said = dict(self.cleaned_data)
        said["addresses"] = {day: said.pop(f"address_{day}") for day in hours.DAYS}
        return said


def _initial(clinic):
    known = {name: getattr(clinic, name) for name in ClinicForm.base_fields}
    for name in ("slot_step", "minimum_notice"):
        known[name] = str(known[name])
    if known["consultation_price"] is not None:
        known["consultation_price"] = written(known["consultation_price"])
    known["phone"] = phones.show(clinic.phone) if clinic.phone else ""
    return known | {f"address_{day}": clinic.addresses.get(day, "") for day in hours.DAYS}


def written(amount) -> str:
    """An amount for a field: without the sign of the currency, and without cents where there are none."""
    return money.show(amount).partition("\u00a0")[2].removesuffix(",00") if amount is not None else ""


def _locale():
    return Locale.parse((get_language() or "es").split("-")[0])


def countries(own):
    names = _locale().territories
    return sorted(((code, names.get(code, code)) for code in {*COUNTRIES, own}), key=lambda pair: pair[1])


def zones(country, *kept):
    """The country's zones by their city, and those that are chosen already."""
    places = _locale().time_zones
    found = {zone for zone, where in get_global("zone_territories").items() if where == country}
    found |= {zone for zone in kept if zone in available_timezones()}
    named = [(zone, places.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")) for zone in found]
    return sorted(named, key=lambda pair: pair[1])


def currencies():
    names = _locale().currencies
    return sorted(((code, f"{names.get(code, code)} ({sign})") for code, sign in money.SIGNS.items()),
                  key=lambda pair: pair[1])


def span(minutes) -> str:
    """`30 minutos`, `2 horas`, `3 días`."""
    if not minutes:
        return _("Sin anticipación")
    if minutes % 1440 == 0:
        return ngettext("%(n)s día", "%(n)s días", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(n)s hora", "%(n)s horas", minutes // 60) % {"n": minutes // 60}
    return _("%(n)s minutos") % {"n": minutes}
