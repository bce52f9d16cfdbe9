"""Who attends: a professional's data, their hours, and the person's account that is theirs."""
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics import live, tenancy
from clinics.audit import log_security_event
from clinics.clinic import admit, check, hours_faults
from clinics.models import Membership, Professional
from dentalogic.lib.refusals import Refusal
from dentalogic.lib.sql import constraint_of
from dentalogic.lib.text import fold

FACTS = {
    "title", "first_name", "last_name", "licence", "specialty", "working_hours", "membership", "active",
}


class AccountTaken(Refusal):
    code = "account_taken"
    status = 409
    detail = gettext_lazy("Esa cuenta ya es de otro profesional.")


@tenancy.atomic
def add(*, by, **facts) -> Professional:
    """A new professional. `working_hours` of None are the clinic's. Raises Invalid with the fields, AccountTaken."""
    admit(by)
    return _store(Professional(), facts, by, "professional.added")


@tenancy.atomic
def change(*, professional, by, **facts) -> Professional:
    admit(by)
    row = Professional.objects.select_for_update().get(pk=professional.pk)
    return _store(row, facts, by, "professional.changed")


def _store(row, facts, by, event):
    if strange := set(facts) - FACTS:
        raise TypeError(f"not facts of a professional: {sorted(strange)}")
    before = {name: getattr(row, name) for name in facts} if row.pk else {}
    for name, value in facts.items():
        setattr(row, name, " ".join(value.split()) if isinstance(value, str) else value)
    row.folded = fold(f"{row.last_name} {row.first_name}")
    check(_faults(row))
    try:
        with tenancy.atomic():
            row.save()
    except IntegrityError as fault:
        if constraint_of(fault) != "professionals_membership_key":
            raise
        raise AccountTaken(fields={"membership": [str(AccountTaken.detail)]}) from fault
    changed = sorted(name for name in facts if name not in before or before[name] != getattr(row, name))
    if changed:
        log_security_event(event, by=by, professional=row.pk, changed=changed)
        live.say("CLINIC_UPDATED", professional=row.pk)
    if "membership" in changed:  # whose own column and patients the account sees
        for account in (before.get("membership"), row.membership):
            if account is not None:
                live.recheck(account.pk)
    return row


def _faults(row) -> dict:
    missing = {name: "" if getattr(row, name) else _("Falta este dato.") for name in ("first_name", "last_name")}
    suspended = row.membership is not None and row.membership.status == Membership.Status.SUSPENDED
    account = {"membership": _("Esa cuenta está suspendida.") if suspended else ""}
    return missing | account | (hours_faults(row.working_hours) if row.working_hours is not None else {})
