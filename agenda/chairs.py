"""The rooms or operatories that visits take, and who usually works in which."""
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.models import Chair, UsualChair
from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.sql import constraint_of


class NameTaken(Refusal):
    code = "name_taken"
    status = 409
    detail = gettext_lazy("Ya hay un sillón con ese nombre.")


@tenancy.atomic
def add(*, name, by) -> Chair:
    admit(by)
    return _store(Chair(), by, "chair.added", name=name)


@tenancy.atomic
def change(*, chair, by, name=None, active=None) -> Chair:
    """Another name, or in and out of use. Out of use, nobody works there from now on; visits that have it keep it."""
    admit(by)
    row = Chair.objects.select_for_update().get(pk=chair.pk)
    row = _store(row, by, "chair.changed", name=row.name if name is None else name,
                 active=row.active if active is None else active)
    if not row.active:
        UsualChair.objects.filter(chair=row).delete()
    return row


@tenancy.atomic
def seat(*, professional, chair, by) -> None:
    """`chair` becomes the professional's usual one; None: their visits take no chair."""
    admit(by)
    if chair is not None and not chair.active:
        check({"chair": _("Ese sillón está fuera de uso.")})
    usual = UsualChair.objects.filter(professional=professional)
    if usual.values_list("chair", flat=True).first() == (chair.pk if chair else None):
        return
    if chair is None:
        usual.delete()
    elif not usual.update(chair=chair):
        UsualChair.objects.create(professional=professional, chair=chair)
    log_security_event("chair.seated", by=by, professional=professional.pk, chair=chair.pk if chair else None)
    live.say("CLINIC_UPDATED", professional=professional.pk)


def _store(row, by, event, **changes):
    for field, value in changes.items():
        setattr(row, field, " ".join(value.split()) if isinstance(value, str) else value)
    check({"name": "" if row.name else _("Falta este dato.")})
    try:
        with tenancy.atomic():
            row.save()
    except IntegrityError as fault:
        if constraint_of(fault) != "chairs_name_key":
            raise
        raise NameTaken(fields={"name": [str(NameTaken.detail)]}) from fault
    log_security_event(event, by=by, chair=row.pk, on=row.active)
    live.say("CLINIC_UPDATED", chair=row.pk)
    return row
