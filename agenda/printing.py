"""The list as a PDF, by Typst. It holds what the list on the screen holds, in its order and on the clinic's clock.

Typst sets it from fonts that come with it, so that a page breaks alike on every server, and nothing is fetched.
"""
import json
from pathlib import Path

import typst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agenda import board, listing, rights
from agenda.models import Status
from clinics import tenancy
from clinics.templatetags import dentalogic as formats
from dentalogic.lib import clock

TEMPLATE = Path(__file__).with_name("printed.typ")


def pdf(found: listing.Listing, *, actor) -> bytes:
    now = clock.now()
    return typst.compile(
        TEMPLATE, format="pdf", ignore_system_fonts=True, timestamp=int(now.timestamp()),
        sys_inputs={"data": json.dumps(page(found, actor=actor, now=now), ensure_ascii=False)})


def page(found: listing.Listing, *, actor, now) -> dict:
    """All that the page says, as text."""
    clinic = tenancy.here()
    clinical = rights.clinical(actor)
    made = now.astimezone(clinic.zone)
    return {
        "title": found.label, "clinic": clinic.name, "lang": (get_language() or "es")[:2],
        "subtitle": " · ".join(part for part in (found.whose, found.text, found.summary) if part),
        "made": _("Impreso el %(day)s a las %(hour)s") % {"day": f"{made:%d/%m/%Y}", "hour": f"{made:%H:%M}"},
        "columns": [_("Hora"), _("Paciente"), _("Estado"), _("Tratamiento"), _("Profesional"), _("Sillón"),
                    _("Teléfono"), _("Origen")],
        "days": [
            {"label": _label(day, found), "rows": [_row(one, clinical) for one in rows]} for day, rows in found.days],
        "empty": _("No hay turnos."), "hidden": hidden(found),
    }


def hidden(found) -> str:
    if not found.hidden:
        return ""
    return ngettext(
        "Hay %(count)d turno más que tu rol no nombra.", "Hay %(count)d turnos más que tu rol no nombra.",
        found.hidden) % {"count": found.hidden}


def _label(day, found):
    return f"{board.day_label(day)}/{day.year}" if found.text else board.day_label(day)


def _row(one, clinical):
    state = str(one.get_status_display())
    if one.overbooked:
        state += " · " + _("Sobreturno")
    if one.cancel_reason and clinical:
        state += f" · {one.cancel_reason}"
    return {"cancelled": one.status == Status.CANCELLED, "cells": [
        f"{formats.hour(one.start_at)}–{formats.hour(one.end_at)}", one.patient.name, state, one.treatment.name,
        one.professional.name, one.chair.name if one.chair else "", formats.phone(one.patient.phone),
        str(one.origin)]}
