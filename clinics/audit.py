"""What happened and who did it, in `system_events`. Names of patients and bodies of messages never go in: what a row
may say is a closed list (audit_words).

A verb's row is in the verb's transaction. What was asked for and what was shown are told after the request's, in one
of their own: a refused, failed or rolled back request leaves them all the same, and no answer leaves before them.
"""
import logging
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from django.core.cache import cache

from clinics import audit_words
from clinics.models import SystemEvent
from clinics.security import client_ip
from clinics.tenancy import atomic, key, tenant_context
from dentalogic.lib import clock
from dentalogic.lib.sql import share

log = logging.getLogger(__name__)
SAME_LOOK = 600  # seconds in which a panel that fetches itself again is the same look at it
_kept = ContextVar("kept audit rows", default=None)


class Kept:
    """What one request or job showed and asked for."""

    def __init__(self, *, job=False, request=None):
        self.job = job
        self.request = request  # where from, for rows of verbs, which know only who
        self.rows = []
        self.capability = None
        self.opened = {}  # of the vault

    def write_left(self):
        """What is not written yet, in a transaction of its own."""
        if self.rows:
            _write(*self.rows)
            self.rows = []

    def write_of(self, request, status):
        """A request's rows, once its transaction is over: refused, or what it asked for and how it was answered."""
        told = {"by": request.actor, "request": request, "status": status, "capability": self.capability}
        for fields in self.rows:  # of what was read for this person without being told for whom
            if fields["actor_id"] is None:
                fields.update(_who(request.actor, request))
        if status == 403 and request.member is not None:
            self.rows.append(_fields("refused", severity="warning", **told))
        elif self.capability and request.member is not None and not (status < 400 and _same_look(request)):
            self.rows.append(_fields("access", severity="error" if status >= 500 else "info", **told))
        self.write_left()


@contextmanager
def kept(*, job=False, request=None):
    """One request or one job: the door writes what it kept."""
    token = _kept.set(Kept(job=job, request=request))
    try:
        yield _kept.get()
    finally:
        _kept.reset(token)


def unit() -> Kept | None:
    """The request or job that is under way."""
    return _kept.get()


def log_security_event(event: str, *, by=None, request=None, severity="info", seen=False, tenant_id=None, **payload):
    """One row of the clinic in scope (or of `tenant_id`), in a transaction of its own when none is open.

    `seen`: it says that somebody was shown something, which no rollback makes undone; a request's door writes it.
    Raises ValueError for a key that audit_words does not list.
    """
    if tenant_id is not None:
        with tenant_context(tenant_id):
            return _write(_fields(event, by=by, request=request, severity=severity, **payload))
    fields, held = _fields(event, by=by, request=request, severity=severity, **payload), _kept.get()
    if seen and held is not None and not held.job:
        held.rows.append(fields)
        return None
    return _write(fields)


def survives(event: str, *, severity="error", **payload) -> None:
    """A row about a fault that rolls back whatever is open: written when the request or the job is over."""
    held, fields = _kept.get(), _fields(event, severity=severity, **payload)
    if held is not None:
        held.rows.append(fields)
    else:
        _write(fields)


def audit_access(capability: str):
    """For a page, or an API view's class: each request leaves a row with its capability and its answer's status.

    Outermost, so that who is refused by what is below it is noted too. A class that names a capability for each
    method (`capabilities`) is noted with the method's own.
    """

    def audited(view):
        if isinstance(view, type):
            view.dispatch = _noting(view.dispatch, capability)
        else:
            view = _noting(view, capability)
        view.audited = capability
        return view

    return audited


def _noting(view, capability):
    @wraps(view)
    def noted(*args, **kwargs):
        held = _kept.get()
        if held is not None:
            named = getattr(args[0], "capabilities", None) or {}  # of an API view
            held.capability = named.get(args[1].method, capability) if named else capability
        return view(*args, **kwargs)

    return noted


def _same_look(request):
    """A panel that fetches itself again on each frame is one look, noted once in a while; a page is always noted."""
    if request.method != "GET" or "HX-Request" not in request.headers:
        return False
    name = key("audit", "look", request.actor.user_id, request.path)
    try:
        return not cache.add(name, 1, SAME_LOOK)
    except Exception:  # noqa: BLE001  (whatever its client raises: rather twice than not at all)
        return False


def _fields(event, *, by=None, request=None, severity="info", **payload):
    payload, unfit = audit_words.checked(payload)
    if unfit:
        log.error("audit row %s: not written as given: %s", event, ", ".join(unfit))
    if severity not in audit_words.SEVERITIES:
        raise ValueError(severity)
    held = _kept.get()
    request = request or (held.request if held else None)
    return {
        "at": clock.now(), "event": event, "severity": severity, "payload": payload, **_who(by, request)}


def _who(by, request):
    return {
        "actor_id": by.user_id if by else None, "role": by.role if by else "",
        "ip": client_ip(request) if request else None,
        "method": request.method if request else "", "path": _path(request) if request else "",
    }


def _path(request):
    """Where, with ids and days. What else its route takes (an unguessable address, words) is left out of it."""
    match, path = getattr(request, "resolver_match", None), request.path
    if match is None:
        return ""
    if not match.route.startswith("^"):  # a regular expression names what it takes
        for value in map(str, match.kwargs.values()):
            if not value.isdecimal() and clock.day_of(value) is None:
                path = path.replace(value, "…")
    return path[:200]


@atomic
def _write(*rows) -> SystemEvent:
    share("audit")  # a seal is put when nobody is writing: ids are not committed in their order
    return SystemEvent.objects.bulk_create([SystemEvent(**fields) for fields in rows])[-1]
