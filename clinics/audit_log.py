"""Reading what happened: one set of filters for the page, its file and the API."""
from django import forms
from django.utils.translation import gettext_lazy as _

from clinics import audit_words, seals, tenancy
from clinics.models import Membership, SystemEvent
from dentalogic.lib.forms import PeriodForm
from dentalogic.lib.refusals import Refusal

A_FILE = 20_000  # rows


class TooMuch(Refusal):
    code = "too_much"
    status = 422
    detail = _("Son más de 20.000 renglones. Elegí un período más corto o un solo tipo de suceso.")


class Filters(PeriodForm):
    """`type`, `severity`, `actor` (the person's id), `from` and `to`: dates of the clinic, both included."""

    type = forms.CharField(required=False, max_length=60)
    severity = forms.ChoiceField(required=False, choices=[("", _("Todas")), *audit_words.SEVERITIES.items()])
    actor = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def clean_type(self):
        text = self.cleaned_data["type"]
        if text and not audit_words.word(text):
            raise forms.ValidationError(_("No hay un suceso así."))
        return text

    def rows(self):
        """The clinic's events that were asked for, newest first, with who did them. Only of filters that are valid."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        rows = SystemEvent.objects.select_related("actor").order_by("-at", "-pk")
        named = {"type": "event", "severity": "severity", "actor": "actor_id"}
        rows = rows.filter(**{named[name]: value for name, value in asked.items() if name in named})
        return self.within(rows, "at", tenancy.here().zone)


def people():
    """`(user id, name)` of everybody who is or was of the clinic, to choose from."""
    return Membership.objects.order_by("user__name", "pk").values_list("user_id", "user__name")


def sealed_upto() -> int:
    newest, _waiting = seals.standing()
    return newest.last_id if newest else 0


def all_of(rows) -> list[SystemEvent]:
    """Every row, for a file; TooMuch when there are more than it may have."""
    found = list(rows[:A_FILE + 1])
    if len(found) > A_FILE:
        raise TooMuch
    return found


HEAD = (
    _("Fecha"), _("Suceso"), _("Código"), _("Gravedad"), _("Persona"), _("Rol"), _("Dirección IP"), _("Método"),
    _("Ruta"), _("Detalle"), _("Sellado"), _("Número"),
)


def line(row: SystemEvent, sealed: int, roles: dict) -> list:
    """A row of the file."""
    zone = tenancy.here().zone
    return [
        row.at.astimezone(zone).isoformat(timespec="seconds"), audit_words.said_of(row), row.event,
        audit_words.SEVERITIES.get(row.severity, row.severity), row.actor.name if row.actor else "",
        roles.get(row.role, row.role), row.ip, row.method, row.path,
        " · ".join(f"{label} {value}" for label, value in audit_words.details(row.payload)),
        audit_words.yes(row.pk <= sealed), row.pk,
    ]
