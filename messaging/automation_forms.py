"""The forms of Ajustes > Automatizaciones."""
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import tenancy
from dentalogic.lib.forms import CHOOSE, MISSING, NumberField, PeriodForm, RefusableForm
from messaging import templates
from messaging.automations.kinds import MEANINGS, REASONS, RULES
from messaging.models import Automation, AutomationRun, Template

MOST_VARIABLES = 20


class RuleForm(RefusableForm):
    """`known` is the rule as it is, `template` the one whose variables the page asks about."""

    template = forms.ChoiceField(label=gettext_lazy("Plantilla"), required=False, error_messages=CHOOSE)
    text = forms.CharField(label=gettext_lazy("Texto"), max_length=1000, required=False, widget=forms.Textarea)
    sends_from = forms.TimeField(label=gettext_lazy("Desde las"), error_messages={"required": MISSING})
    sends_until = forms.TimeField(label=gettext_lazy("Hasta las"), error_messages={"required": MISSING})
    distance = NumberField(required=False)
    cap = NumberField(label=gettext_lazy("Mensajes a un paciente"))
    cap_days = NumberField(label=gettext_lazy("En cuántos días"))
    asks_before_cancelling = forms.BooleanField(
        label=gettext_lazy("Antes de cancelar, preguntar si está seguro"), required=False)

    def __init__(self, data=None, *, known, asked=None):
        """`asked`: what is chosen so far in a page that is not sent yet."""
        super().__init__(data, initial=_of(known))
        self.asked = asked or {}
        self.known, rule = known, known.rule
        self.templates = {str(one.pk): one for one in usable(rule, known.row.template_id)}
        self.fields["template"].choices = [("", _("Ninguna")), *(
            (pk, str(one)) for pk, one in self.templates.items())]
        self.fields["distance"].label = rule.distance_label
        for name in ("sends_from", "sends_until"):
            self.fields[name].error_messages["invalid"] = _("Escribí la hora así: 09:30")
        if not rule.unit:
            del self.fields["distance"]
        if not rule.buttons:
            del self.fields["asks_before_cancelling"]
        self.chosen = self.templates.get(str(self.asked.get("template", self["template"].value()) or ""))
        self.shape = templates.shape(self.chosen) if self.chosen else None
        self._ask_meanings()

    def _ask_meanings(self):
        """One choice for each variable of the template that is chosen."""
        wanted = min(self.shape.count, MOST_VARIABLES) if self.shape else 0
        known = _proposed(self.known, self.chosen)
        choices = [("", _("Elegí")), *((code, MEANINGS[code][1]) for code in self.known.rule.meanings)]
        for place in range(wanted):
            self.fields[f"m{place}"] = forms.ChoiceField(
                label=f"{{{{{place + 1}}}}}", choices=choices, error_messages=CHOOSE,
                initial=self.asked.get(f"m{place}") or (known[place] if place < len(known) else ""))

    @property
    def variables(self):
        return [self[name] for name in self.fields if name[0] == "m" and name[1:].isdigit()]

    def meanings(self) -> list:
        return [field.value() if field.value() in MEANINGS else "" for field in self.variables]

    def how(self) -> dict:
        said = {name: self.cleaned_data[name] for name in (
            "text", "sends_from", "sends_until", "cap", "cap_days", "distance", "asks_before_cancelling")
            if name in self.fields}
        if said["text"].strip() == self.known.rule.text:
            said["text"] = ""
        return said | {"template": self.chosen, "meanings": self.meanings()}


def usable(rule, kept=None) -> list:
    """What the rule may choose: what WhatsApp lets us send, and the one it has."""
    rows = Template.objects.filter(channel__active=True).select_related("channel").by_name()
    return [one for one in rows if one.pk == kept or (
        not templates.why_not(one) and (one.is_marketing or not rule.marketing))]


def _of(known):
    return {
        "template": str(known.row.template_id or ""), "text": known.text, "distance": known.distance,
        "sends_from": f"{known.sends_from:%H:%M}", "sends_until": f"{known.sends_until:%H:%M}", "cap": known.cap,
        "cap_days": known.cap_days, "asks_before_cancelling": known.asks_before_cancelling}


def _proposed(known, template):
    """What it had, or what we propose where it is the template that we proposed."""
    if template is None or template.pk == known.row.template_id:
        return known.meanings
    return list(known.rule.fills) if template.name == known.rule.name else []


class TryForm(RefusableForm):
    phone = forms.CharField(label=gettext_lazy("Tu teléfono"), max_length=30, error_messages={"required": MISSING})


class Filters(PeriodForm):
    """`kind`, `state`, `reason`, `from` and `to`: dates of the clinic, both included."""

    kind = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)
    reason = forms.ChoiceField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        every = [("", _("Todas"))]
        self.fields["kind"].choices = every + [(kind, Automation.Kind(kind).label) for kind in RULES]
        self.fields["state"].choices = [("", _("Todos")), *AutomationRun.State.choices]
        self.fields["reason"].choices = [("", _("Todos"))] + sorted(
            ((code, str(label)) for code, label in REASONS.items()), key=lambda one: one[1])

    def rows(self):
        """Newest first, with patient, message and its conversation. Only of filters that are valid."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        rows = AutomationRun.objects.select_related("patient", "message", "appointment").order_by("-due_at", "-pk")
        rows = rows.filter(**{name: asked[name] for name in ("kind", "state", "reason") if name in asked})
        return self.within(rows, "due_at", tenancy.here().zone)
