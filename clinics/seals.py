"""Seals over what happened: each a hash over a run of rows and over the seal before.

A changed, missing or inserted row shows, and so does a changed or missing seal. What does not show from inside is the
newest seals taken away together with their rows: so each head is logged, and `verify_audit --head` asks for it.

A row's chain would make every request of a clinic wait for the one before; a seal each minute makes nobody wait.
"""
import hashlib
import json
import logging
import time
from dataclasses import dataclass
from datetime import UTC, timedelta

from django.db import IntegrityError

from clinics import audit, tenancy
from clinics.models import AuditSeal, SystemEvent
from dentalogic.lib import clock
from dentalogic.lib.sql import insist, try_lock

log = logging.getLogger(__name__)
BATCH = 5000  # rows of one seal
AT_ONCE = 20  # seals of one run: a long queue of one clinic does not keep the others waiting
MOST_SEALS = 1000  # compared while somebody waits
TRIES, PAUSE = 10, 0.05  # to find nobody writing; then the next minute's job tries again
PATIENCE = timedelta(minutes=10)  # rows unsealed for longer are worth that writers wait for a moment


@dataclass(frozen=True)
class Fault:
    """`kind`: changed, missing or inserted rows between two ids, or a `seal` that does not follow the one before."""

    kind: str
    first_id: int
    last_id: int


@dataclass(frozen=True)
class Verdict:
    seals: int
    rows: int
    unsealed: int
    head: str
    faults: tuple

    @property
    def intact(self):
        return not self.faults


def seal() -> list[AuditSeal]:
    """Seal what is not sealed yet of the clinic in scope; nothing when somebody is writing all the time."""
    made = []
    while len(made) < AT_ONCE and (span := _settled()) and (one := _put(*span)):
        made.append(one)
    return made


def _settled():
    """`(first, last)` of the next run of rows in which no row can appear any more; None when there is none to be had.

    Ids are given out before they are committed, so the highest one seen is no proof that those below are there. Who
    writes shares a lock until its transaction ends: when nobody holds it, every id given out is committed or gone.
    """
    waits_since = _unsealed_since()
    if waits_since is None:
        return None
    for _try in range(TRIES):
        if span := _span(try_lock):
            return span
        time.sleep(PAUSE)
    return _span(insist) if clock.now() - waits_since > PATIENCE else None


@tenancy.atomic
def _unsealed_since():
    return _unsealed().values_list("at", flat=True).first()


@tenancy.atomic
def _span(lock):
    if not lock("audit"):
        return None
    ids = list(_unsealed().values_list("pk", flat=True)[:BATCH])
    return (_next_id(), ids[-1]) if ids else None


def _next_id():
    newest = AuditSeal.objects.order_by("-first_id").first()
    return newest.last_id + 1 if newest else 1


def _unsealed():
    return SystemEvent.objects.filter(pk__gte=_next_id()).order_by("pk")


def _put(first, last) -> AuditSeal | None:
    try:
        with tenancy.atomic():
            return _put_after(AuditSeal.objects.order_by("-first_id").first(), first, last)
    except IntegrityError:  # another worker has sealed it
        return None


def _put_after(before, first, last):
    rows = list(SystemEvent.objects.filter(pk__range=(first, last)).order_by("pk"))
    made = AuditSeal(
        first_id=first, last_id=last, rows=len(rows), previous_hash=before.hash if before else "",
        sealed_at=clock.now())
    made.take_tenant()
    made.hash = digest(made, rows)
    made.save()
    log.info("audit seal tenant=%s last=%s head=%s", made.tenant_id, made.last_id, made.hash)
    return made


def digest(one: AuditSeal, rows) -> str:
    """SHA-256 over what the seal says and every row that it covers, in order of id."""
    state = hashlib.sha256()
    _add(state, [one.tenant_id, one.first_id, one.last_id, one.rows, one.previous_hash, _instant(one.sealed_at)])
    for row in rows:
        _add(state, [
            row.tenant_id, row.pk, _instant(row.at), row.event, row.severity, row.actor_id, row.role, row.ip,
            row.method, row.path, row.payload])
    return state.hexdigest()


def _add(state, fields):
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    state.update(text.encode() + b"\n")  # a newline inside is escaped: no two lists of rows make the same bytes


def _instant(value):
    return value.astimezone(UTC).isoformat(timespec="microseconds")


@tenancy.atomic
def verify(*, head: str = "", newest: int | None = None) -> Verdict:
    """Read what is sealed of the clinic in scope and compare: everything, or the newest seals up to so many rows.
    `head`: a hash noted outside that must be among them."""
    before, chosen = (None, AuditSeal.objects.order_by("first_id")) if newest is None else _newest(newest)
    faults, sealed, count, heads = [], 0, 0, set()
    for one in chosen:
        rows = list(SystemEvent.objects.filter(pk__range=(one.first_id, one.last_id)).order_by("pk"))
        faults += _faults_of(one, rows, before)
        before, sealed, count = one, sealed + len(rows), count + 1
        heads.add(one.hash)
    if before and (strays := SystemEvent.objects.filter(pk__lt=1).count()):
        faults.append(Fault("inserted", -strays, 0))
    if head and head not in heads:
        faults.append(Fault("seal", before.last_id + 1 if before else 1, 0))
    return Verdict(count, sealed, _unsealed().count(), before.hash if before else "", tuple(faults))


def _newest(rows):
    """The seal before, and the newest ones that together cover at most so many rows; at least one."""
    chosen = []
    for one in AuditSeal.objects.order_by("-first_id")[:MOST_SEALS]:
        rows -= one.rows
        if chosen and rows < 0:
            return one, chosen[::-1]
        chosen.append(one)
    before = chosen and AuditSeal.objects.filter(first_id__lt=chosen[-1].first_id).order_by("-first_id").first()
    return before or None, chosen[::-1]


def _faults_of(one, rows, before):
    expected = (before.last_id + 1, before.hash) if before else (1, "")
    if (one.first_id, one.previous_hash) != expected:
        yield Fault("seal", one.first_id, one.last_id)
    if digest(one, rows) != one.hash:
        kind = "missing" if len(rows) < one.rows else "inserted" if len(rows) > one.rows else "changed"
        yield Fault(kind, one.first_id, one.last_id)


def told(verdict: Verdict) -> Verdict:
    """What does not hold leaves a row each."""
    for fault in verdict.faults:
        audit.log_security_event(
            "audit.broken", severity="critical", kind=fault.kind, first=fault.first_id, last=fault.last_id)
    return verdict


@tenancy.atomic
def standing() -> tuple[AuditSeal | None, int]:
    """The newest seal, and how many rows came after it."""
    return AuditSeal.objects.order_by("-first_id").first(), _unsealed().count()
