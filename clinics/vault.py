"""A clinic's secrets: encrypted at rest, bound to clinic and name, read here and nowhere else.

Write-only from outside: a page may say that there is one and since when (`known`), never which.

Every read is a row: `vault.read`, with the name and what for. A request or a job reads a secret once and keeps it
until it is over, so that ten messages of a conversation are one read and one row. A door that anybody may knock at
(STANDING) is noted once in ten minutes by each process: else whoever knocks fills the audit.
"""
import logging
import time
from datetime import datetime
from functools import cache

from django.conf import settings

from clinics import audit, tenancy
from clinics.models import Credential
from clinics.tenancy import current_tenant
from dentalogic.lib import clock
from dentalogic.lib.crypto import FERNET, CannotOpen, Ring, key_id_of

log = logging.getLogger(__name__)
STANDING = {"webhook", "simulator"}
STANDING_SECONDS = 600
LEGACY_SECONDS = 3600
_noted: dict = {}  # (tenant, name, purpose): when this process noted it last


@cache
def ring() -> Ring:
    return Ring(settings.VAULT_KEYS, settings.FERNET_KEYS)


def _place(name):
    return f"{current_tenant()}:{name}"


@tenancy.atomic
def put(name: str, value: str, *, by=None) -> None:
    sealed = _sealed(name, value)
    if not Credential.objects.filter(name=name).update(**sealed, updated_at=clock.now()):
        Credential.objects.create(name=name, **sealed, updated_at=clock.now())
    if unit := audit.unit():
        unit.opened.clear()
    audit.log_security_event("vault.written", by=by, name=name)


def _sealed(name, value):
    return {"ciphertext": ring().seal(value, belongs_to=_place(name)), "key_id": ring().newest}


def get(name: str, *, purpose: str, by=None, legacy: str = "") -> str | None:
    """The secret in clear, or None when the clinic has none by that name. Raises CannotOpen for a token that was
    moved or changed.

    `legacy` names the setting that stands in where the vault has nothing; it is logged as such.
    """
    unit, wanted = audit.unit(), (current_tenant(), name, purpose)
    if unit is not None and wanted in unit.opened:
        return unit.opened[wanted]
    clear = _read(name, purpose, by)
    if clear is None and legacy:
        clear = _legacy(name, legacy)
    if unit is not None:
        unit.opened[wanted] = clear
    return clear


@tenancy.joined
def _read(name, purpose, by):
    row = Credential.objects.filter(name=name).first()
    if row is None:
        return None
    try:
        clear = ring().open(row.ciphertext, belongs_to=_place(name))
    except CannotOpen:
        log.error("the vault's %s of tenant %s does not open", name, current_tenant())
        audit.survives("vault.unreadable", severity="critical", name=name, purpose=purpose)
        raise
    if purpose not in STANDING or _first_in(STANDING_SECONDS, name, purpose):
        audit.log_security_event("vault.read", by=by, seen=True, name=name, purpose=purpose)
    if key_id_of(row.ciphertext) == FERNET:
        _rewrite(row, clear)
    return clear


def _legacy(name, setting):
    value = getattr(settings, setting) or None
    if value and _first_in(LEGACY_SECONDS, name, setting):
        log.warning("legacy: %s of tenant %s is the environment's, not the vault's", setting, current_tenant())
        audit.log_security_event("vault.legacy", severity="warning", seen=True, name=name)
    return value


def _first_in(seconds, *what):
    key, now = (current_tenant(), *what), time.monotonic()
    if now - _noted.get(key, -seconds) < seconds:
        return False
    _noted[key] = now
    return True


def _rewrite(row, clear):
    """Under the newest key; whoever wrote it meanwhile knows better."""
    same = Credential.objects.filter(pk=row.pk, ciphertext=row.ciphertext)
    return same.update(**_sealed(row.name, clear))


@tenancy.atomic
def forget(name: str, *, by=None) -> None:
    if Credential.objects.filter(name=name).delete()[0]:
        audit.log_security_event("vault.forgotten", by=by, severity="warning", name=name)


@tenancy.joined
def known(*names: str) -> dict[str, datetime]:
    """Which of these secrets there are, and since when; nothing is opened."""
    return dict(Credential.objects.filter(name__in=names).values_list("name", "updated_at"))
