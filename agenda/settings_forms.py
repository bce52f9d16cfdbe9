"""The forms of Ajustes that are the agenda's: professionals, chairs, treatments, closures."""
from contextlib import suppress
from datetime import datetime, time, timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda import holidays, when
from agenda.forms import HOURS
from agenda.models import Chair, Closure, TreatmentType, UsualChair
from clinics import tenancy
from clinics.models import Membership, Professional
from clinics.settings_forms import written
from dentalogic.lib import clock
from dentalogic.lib.forms import CHOOSE, MISSING, AmountField, NumberField, RefusableForm, WordsField

CLINICS, OWN = "clinic", "own"
ALL, SOME = "all", "some"


def _text(label, most, **how):
    return forms.CharField(label=label, max_length=most, required=False, **how)


def _required(label, most):
    return forms.CharField(label=label, max_length=most, error_messages={"required": MISSING})


def _checks(label):
    return forms.MultipleChoiceField(label=label, required=False, error_messages=CHOOSE)


class ProfessionalForm(RefusableForm):
    title = _text(gettext_lazy("Título"), 12)
    first_name = _required(gettext_lazy("Nombre"), 80)
    last_name = _required(gettext_lazy("Apellido"), 80)
    licence = _text(gettext_lazy("Matrícula"), 40)
    specialty = _text(gettext_lazy("Especialidad"), 80)
    membership = forms.ChoiceField(label=gettext_lazy("Su cuenta"), required=False, error_messages=CHOOSE)
    chair = forms.ChoiceField(label=gettext_lazy("Sillón habitual"), required=False, error_messages=CHOOSE)
    hours = forms.ChoiceField(
        label=gettext_lazy("Horario"), error_messages=CHOOSE,
        choices=[(CLINICS, gettext_lazy("El de la clínica")), (OWN, gettext_lazy("Uno propio"))])
    treatments = _checks(gettext_lazy("Qué hace"))
    active = forms.BooleanField(label=gettext_lazy("Atiende"), required=False)

    def __init__(self, data=None, *, professional=None, does=()):
        super().__init__(data, initial=_of_professional(professional, does))
        self.accounts = {str(one.pk): one for one in _accounts(professional)}
        self.chairs = {str(one.pk): one for one in Chair.objects.active()}
        self.treatments = {str(one.pk): one for one in TreatmentType.objects.active()}
        self.fields["membership"].choices = [("", _("Ninguna")), *(
            (pk, f"{one.user.name} · {one.get_role_display()}") for pk, one in self.accounts.items())]
        self.fields["chair"].choices = [("", _("Ninguno")), *((pk, one.name) for pk, one in self.chairs.items())]
        self.fields["treatments"].choices = [(pk, one.name) for pk, one in self.treatments.items()]

    def facts(self) -> dict:
        """Of the professional's own row, but for the hours."""
        names = ("title", "first_name", "last_name", "licence", "specialty", "active")
        said = {name: self.cleaned_data[name] for name in names}
        return said | {"membership": self.accounts.get(self.cleaned_data["membership"])}

    @property
    def chair_row(self):
        return self.chairs.get(self.cleaned_data["chair"])

    @property
    def treatment_rows(self):
        return [self.treatments[pk] for pk in self.cleaned_data["treatments"]]


def _accounts(professional):
    """Those that nobody else's row has taken, of people who may attend."""
    taken = Professional.objects.exclude(pk=professional.pk if professional else None).exclude(membership=None)
    return Membership.objects.filter(role__in=("professional", "ceo")).exclude(
        status=Membership.Status.SUSPENDED).exclude(pk__in=taken.values("membership")).select_related(
        "user").order_by("user__name", "pk")


def _of_professional(row, does):
    if row is None:
        return {"hours": CLINICS, "active": True, "treatments": [str(pk) for pk in does]}
    chair = UsualChair.objects.filter(professional=row).values_list("chair", flat=True).first()
    names = ("title", "first_name", "last_name", "licence", "specialty", "active")
    return {name: getattr(row, name) for name in names} | {
        "membership": str(row.membership_id or ""), "chair": str(chair or ""),
        "hours": OWN if row.working_hours is not None else CLINICS, "treatments": [str(pk) for pk in does]}


class ChairForm(RefusableForm):
    name = _required(gettext_lazy("Nombre"), 60)


class TreatmentForm(RefusableForm):
    name = _required(gettext_lazy("Nombre"), 120)
    code = _text(gettext_lazy("Código"), 40)
    category = _text(gettext_lazy("Categoría"), 60)
    aliases = WordsField(label=gettext_lazy("Cómo lo llama la gente"), max_length=400, required=False)
    minutes = NumberField(label=gettext_lazy("Minutos"))
    minutes_min = NumberField(label=gettext_lazy("Minutos como mínimo"), required=False)
    minutes_max = NumberField(label=gettext_lazy("Minutos como máximo"), required=False)
    price = AmountField(label=gettext_lazy("Precio"), max_length=20, required=False)
    tell_price = forms.BooleanField(label=gettext_lazy("La recepcionista dice el precio"), required=False)
    bookable = forms.BooleanField(label=gettext_lazy("Lo puede pedir un paciente"), required=False)
    active = forms.BooleanField(label=gettext_lazy("Se hace"), required=False)
    sessions = NumberField(label=gettext_lazy("Sesiones"))
    gap_days = NumberField(label=gettext_lazy("Días entre sesiones"))
    before_visit = _text(gettext_lazy("Indicaciones antes de venir"), 1000, widget=forms.Textarea)
    after_visit = _text(gettext_lazy("Indicaciones para después"), 1000, widget=forms.Textarea)
    who = forms.ChoiceField(
        label=gettext_lazy("Quién lo hace"), error_messages=CHOOSE,
        choices=[(ALL, gettext_lazy("Todos los profesionales")), (SOME, gettext_lazy("Solo algunos"))])
    doers = _checks(gettext_lazy("Profesionales"))

    def __init__(self, data=None, *, treatment=None, doers=()):
        super().__init__(data, initial=_of_treatment(treatment, doers))
        self.people = {str(one.pk): one for one in Professional.objects.active().in_order()}
        self.fields["doers"].choices = [(pk, one.name) for pk, one in self.people.items()]

    def clean(self):
        said = super().clean()
        if said.get("who") == SOME and not said.get("doers") and "doers" not in self.errors:
            self.add_error("doers", _("Marcá quién lo hace."))
        return said

    def facts(self) -> dict:
        """What the verb takes, with `doers`."""
        said = dict(self.cleaned_data)
        chosen, some = said.pop("doers"), said.pop("who") == SOME
        return said | {"doers": [self.people[pk] for pk in chosen] if some else []}


def _of_treatment(row, doers):
    if row is None:
        return {"bookable": True, "active": True, "sessions": 1, "gap_days": 0, "who": ALL, "doers": []}
    known = {name: getattr(row, name) for name in TreatmentForm.base_fields if hasattr(row, name)}
    return known | {
        "price": written(row.price), "who": SOME if doers else ALL, "doers": [str(pk) for pk in doers]}


class HourField(forms.TimeField):
    default_error_messages = {"invalid": gettext_lazy("La hora se escribe 10:30.")}

    def __init__(self, **how):
        super().__init__(input_formats=HOURS, required=False, **how)
        self.max_length = 5


class DayField(forms.CharField):
    """`25/12/2026`, `25/12`, or in words: `mañana`, `jueves 10`. One day, never a guess."""

    default_error_messages = {"required": MISSING}

    def __init__(self, **how):
        super().__init__(max_length=40, **how)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        with suppress(ValueError):
            day = datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  (a day has no zone)
            if day.year in clock.YEARS:
                return day
        meant = when.parse(text, today=clock.today(tenancy.here().zone))
        if not meant or not meant.first or meant.first != meant.last:
            raise forms.ValidationError(_("Ese día no se entiende. Escribilo así: 25/12/2026"))
        return meant.first


class ClosureForm(RefusableForm):
    whom = forms.ChoiceField(label=gettext_lazy("A quién"), error_messages=CHOOSE)
    kind = forms.ChoiceField(label=gettext_lazy("Qué pasa"), choices=Closure.Kind.choices, error_messages=CHOOSE)
    first_day = DayField(label=gettext_lazy("Desde el día"))
    first_hour = HourField(label=gettext_lazy("Desde la hora"))
    last_day = DayField(label=gettext_lazy("Hasta el día"), required=False)
    last_hour = HourField(label=gettext_lazy("Hasta la hora"))
    repeats = forms.ChoiceField(
        label=gettext_lazy("Se repite"), choices=Closure.Repeats.choices, required=False, error_messages=CHOOSE)
    until_on = DayField(label=gettext_lazy("Por última vez"), required=False)
    reason = _text(gettext_lazy("Motivo"), 200)

    def __init__(self, data=None, *, zone, closure=None, **initial):
        self.zone = zone
        super().__init__(data, initial=_of_closure(closure, zone) if closure else {
            "kind": Closure.Kind.CLOSED} | initial)
        # those in use, and whom it concerns already though they no longer are
        people = Professional.objects.filter(Q(active=True) | Q(pk=closure and closure.professional_id)).in_order()
        chairs = Chair.objects.filter(Q(active=True) | Q(pk=closure and closure.chair_id))
        self.whom = {f"p{one.pk}": one for one in people} | {f"c{one.pk}": one for one in chairs}
        self.fields["whom"].choices = [("clinic", _("Toda la clínica")), *(
            (key, str(one)) for key, one in self.whom.items())]

    def span(self) -> dict:
        """What the verb takes: whole days where no hour is said, which opened are days in their usual hours."""
        said = self.cleaned_data
        last_day = said["last_day"] or said["first_day"]
        whole = last_day + timedelta(days=1) if said["last_hour"] is None else last_day
        whom, opens = said["whom"], said["kind"] == Closure.Kind.OPEN
        usual = {"usual_hours": opens and said["first_hour"] is None and said["last_hour"] is None}
        return usual | {
            "start_at": datetime.combine(said["first_day"], said["first_hour"] or time(), self.zone),
            "end_at": datetime.combine(whole, said["last_hour"] or time(), self.zone), "kind": said["kind"],
            "reason": said["reason"], "repeats": said["repeats"], "until_on": said["until_on"],
            "professional": self.whom[whom] if whom[0] == "p" else None,
            "chair": self.whom[whom] if whom[0] == "c" and whom != "clinic" else None}


def _of_closure(row, zone):
    start, end = row.start_at.astimezone(zone), row.end_at.astimezone(zone)
    last_day = (end - timedelta(microseconds=1)).date() if end.time() == time() else end.date()
    whom = f"p{row.professional_id}" if row.professional_id else f"c{row.chair_id}" if row.chair_id else CLINICS
    return {
        "whom": whom, "kind": row.kind, "reason": row.reason, "first_day": f"{start:%d/%m/%Y}",
        "repeats": row.repeats, "until_on": f"{row.until_on:%d/%m/%Y}" if row.until_on else "",
        "first_hour": f"{start:%H:%M}" if start.time() != time() else "", "last_day": f"{last_day:%d/%m/%Y}",
        "last_hour": f"{end:%H:%M}" if end.time() != time() else ""}


class HolidaysForm(RefusableForm):
    closes_on_holidays = forms.BooleanField(
        label=gettext_lazy("La clínica cierra los feriados nacionales"), required=False)
    holiday_region = forms.ChoiceField(
        label=gettext_lazy("También los feriados de"), required=False, error_messages=CHOOSE)

    def __init__(self, data=None, *, clinic):
        super().__init__(data, initial={
            "closes_on_holidays": clinic.closes_on_holidays, "holiday_region": clinic.holiday_region})
        self.fields["holiday_region"].choices = [("", _("Solo los de todo el país")), *holidays.named_regions(clinic)]
