"""How a professional's calendar is connected: somebody lets us in, a job looks what is there, a person confirms which
calendar it is. The pages never wait for Google: each step is a row and a job."""
import base64
import hashlib
import hmac
import json
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.calendars import google, health, pulling, watch
from agenda.models import Appointment, Calendar, CalendarChannel, CalendarEvent, CalendarPush
from clinics import live, routes, tenancy, vault
from clinics.audit import log_security_event
from clinics.clinic import admit, check
from clinics.models import Professional
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError, Refusal
from dentalogic.lib.sql import constraint_of

CAPABILITY = "integrations.manage"
SALT, STATE_SECONDS = "agenda.calendars.consent", 600
LOOKED_AGAIN = timedelta(seconds=30)


class CalendarTaken(Refusal):
    code = "calendar_taken"
    status = 409
    detail = gettext_lazy("Ese calendario ya es el de otro profesional.")


class NotBegunHere(Refusal):
    code = "not_begun_here"
    status = 409
    detail = gettext_lazy("Ese permiso no se pidió desde esta sesión, o pasó mucho tiempo. Empezá de nuevo.")


class NotAChoice(Refusal):
    code = "not_a_choice"
    detail = gettext_lazy("Elegí uno de los calendarios de la lista.")


class StillLeaving(Refusal):
    code = "still_leaving"
    status = 409
    detail = gettext_lazy("Todavía se está desconectando. Probá en unos segundos.")


def redirect_address() -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/settings/calendars/return"


def consent_address(*, professional, session_id: int, hint="") -> str:
    """Google's page for this professional; what it sends back is good for this session and ten minutes."""
    nonce = secrets.token_urlsafe(16)
    state = signing.dumps([tenancy.current_tenant(), professional.pk, session_id, nonce], salt=SALT)
    challenge = hashlib.sha256(_verifier(nonce).encode()).digest()
    return google.consent_address(
        state=state, challenge=base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        redirect=redirect_address(), hint=hint)


def _verifier(nonce) -> str:
    """PKCE's secret: ours alone, never in an address, and made again from what the state names."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"{SALT}:{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


@tenancy.atomic
def take_code(*, state: str, code: str, session_id: int, by) -> Calendar:
    """What Google's page sent back. Raises NotBegunHere for a state that is not this session's."""
    admit(by, CAPABILITY)
    try:
        tenant_id, professional_id, begun_by, nonce = signing.loads(state, salt=SALT, max_age=STATE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError) as fault:
        raise NotBegunHere from fault
    if (tenant_id, begun_by) != (tenancy.current_tenant(), session_id) or not code:
        raise NotBegunHere
    professional = Professional.objects.get(pk=professional_id)
    row = _begin(professional, Calendar.Kind.OAUTH, by)
    vault.put(_code_name(row), json.dumps({"code": code, "verifier": _verifier(nonce)}), by=by)
    return row


@tenancy.atomic
def take_service_account(*, professional, key: str, calendar: str, by) -> Calendar:
    """A service account's JSON and the id of a calendar that is shared with it. Raises Invalid."""
    admit(by, CAPABILITY)
    calendar, account = calendar.strip(), ""
    try:
        account = google.service_account_of(key)
    except ValueError:
        account = ""
    check({
        "key": "" if account else _("Ese texto no es el JSON de una cuenta de servicio. Pegá el archivo entero."),
        "calendar": "" if 3 < len(calendar) <= 200 else _(
            "Escribí el identificador del calendario, como laura@clinica.example."),
    })
    row = _begin(professional, Calendar.Kind.SERVICE, by)
    vault.put(row.secret_name, key, by=by)
    row.account, row.choices = account[:200], [{"id": calendar, "name": calendar, "zone": "", "writes": True}]
    row.save(update_fields=["account", "choices"])
    return row


def _begin(professional, kind, by) -> Calendar:
    """The row, new or known, and a job that looks. A calendar that was confirmed before stays confirmed."""
    from agenda.calendars import tasks

    row = Calendar.objects.select_for_update().filter(professional=professional).first()
    if row is not None and row.state == Calendar.State.LEAVING:
        raise StillLeaving
    now = clock.now()
    if row is None:
        row = Calendar.objects.create(professional=professional, kind=kind, connected_at=now, pull_at=now)
        routes.add(kind="google", address=row.public_id, row_id=row.pk)
    row.kind, row.state, row.fault, row.failures, row.paused_until = kind, Calendar.State.CHECKING, "", 0, None
    row.connected_at, row.pull_at, row.pulling_since, row.writes = now, now, None, True
    row.save()
    log_security_event("calendar.permitted", by=by, severity="warning", professional=professional.pk, kind=kind)
    tasks.look.later(calendar_id=row.pk)
    live.say("CLINIC_UPDATED", professional=professional.pk)
    return row


# --- the job that looks


@tenancy.atomic
def unfinished() -> list[int]:
    rows = Calendar.objects.filter(state=Calendar.State.CHECKING, pull_at__lte=clock.now() - LOOKED_AGAIN)
    return list(rows.values_list("pk", flat=True))


def look(*, calendar_id) -> None:
    """Make a grant of the code, and list what it opens. Run by a task, in no transaction."""
    row, code = _to_look_at(calendar_id)
    if row is None:
        return
    try:
        grant = google.exchange(**code, redirect=redirect_address()) if code else health.grant_of(row)
        if grant is None:
            raise ProviderError("no grant", permanent=True, code=google.REVOKED)
        if code:
            _keep(row, grant)
        choices = _choices(google.Client(grant), row)
    except ProviderError as fault:
        _not_looked(row, fault)
    else:
        _looked(row, choices)


@tenancy.atomic
def _to_look_at(calendar_id):
    row = Calendar.objects.filter(pk=calendar_id, state=Calendar.State.CHECKING).first()
    if row is None:
        return None, None
    code = vault.get(_code_name(row), purpose="connect") if row.kind == Calendar.Kind.OAUTH else None
    return row, json.loads(code) if code else None


@tenancy.atomic
def _keep(row, grant):
    vault.put(row.secret_name, grant.secret)
    vault.forget(_code_name(row))


def _choices(client, row) -> list[dict]:
    """An account's calendars; of a service account the one that was named, which its list need not hold."""
    if row.kind == Calendar.Kind.OAUTH:
        return client.calendars()
    found = []
    for one in row.choices:
        now = clock.now()
        listing = client.between(one["id"], now, now + timedelta(minutes=1))
        found.append(one | {"name": listing.name or one["id"], "zone": listing.zone, "writes": listing.writes})
    return found


@tenancy.atomic
def _looked(before, choices):
    row = _same(before)
    if row is None:
        return
    row.choices, row.fault = choices, ""
    primary = next((one["id"] for one in choices if one.get("primary")), "")
    row.account = row.account if row.kind == Calendar.Kind.SERVICE else primary[:200]
    known = next((one for one in choices if one["id"] == row.google_id), None)
    row.state = Calendar.State.ACTIVE if known else Calendar.State.CHOOSING
    if known:
        _start(row, known)
    row.save()
    live.say("CLINIC_UPDATED", professional=row.professional_id)


@tenancy.atomic
def _not_looked(before, fault):
    row = _same(before)
    if row is None:
        return
    row.fault, row.failures = fault.code[:40], row.failures + 1
    if fault.permanent or row.failures >= health.IN_A_ROW:
        row.state = Calendar.State.REFUSED
        vault.forget(_code_name(row))
    row.pull_at = clock.now()  # when it was looked at last
    row.save()
    live.say("CLINIC_UPDATED", professional=row.professional_id)


def _same(before) -> Calendar | None:
    """The row, unless it was connected anew or let go meanwhile."""
    return Calendar.objects.select_for_update().filter(
        pk=before.pk, state=Calendar.State.CHECKING, connected_at=before.connected_at).first()


# --- which calendar it is


@tenancy.atomic
def choose(*, calendar, google_id: str, by) -> Calendar:
    """A person confirms which calendar is the professional's. Raises NotAChoice, CalendarTaken."""
    admit(by, CAPABILITY)
    row = Calendar.objects.select_for_update().get(pk=calendar.pk)
    chosen = next((one for one in row.choices if one["id"] == google_id), None)
    if chosen is None or row.state not in (Calendar.State.CHOOSING, Calendar.State.ACTIVE) or (
            row.google_id not in (None, google_id)):
        raise NotAChoice
    row.google_id, row.state = google_id, Calendar.State.ACTIVE
    _start(row, chosen)
    try:
        with tenancy.atomic():
            row.save()
    except IntegrityError as fault:
        if constraint_of(fault) != "calendars_google_id_key":
            raise
        raise CalendarTaken from fault
    Professional.objects.filter(pk=row.professional_id).update(google_calendar_id=google_id)
    log_security_event("calendar.connected", by=by, severity="warning", professional=row.professional_id)
    live.say("CLINIC_UPDATED", professional=row.professional_id)
    return row


def _start(row, chosen):
    """From nothing: the mirror is listed whole, and what is booked ahead is told."""
    from agenda.calendars import tasks

    row.name, row.zone, row.writes = chosen["name"][:200], chosen["zone"], chosen["writes"]
    row.sync_token, row.window_until, row.pull_at = "", None, clock.now()
    tasks.pull.later(calendar_id=row.pk)
    tasks.enrol.later(calendar_id=row.pk)


@tenancy.atomic
def again(*, calendar, by) -> None:
    """Try now what rests or has failed: the breaker, and the appointments that were not told."""
    admit(by, CAPABILITY)
    row = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if row.is_active:
        Calendar.objects.filter(pk=row.pk).update(failures=0, fault="", paused_until=None)
        CalendarPush.objects.filter(calendar=row).exclude(fault="").update(
            fault="", attempts=0, next_try_at=clock.now())
        pulling.wanted(row)


# --- and away


@tenancy.atomic
def disconnect(*, calendar, by) -> None:
    """Its time is free again at once. What we wrote into it stays there, and is known again if it comes back."""
    from agenda.calendars import tasks

    admit(by, CAPABILITY)
    row = Calendar.objects.select_for_update().get(pk=calendar.pk)
    CalendarEvent.objects.filter(calendar=row).delete()
    told = CalendarPush.objects.filter(calendar=row)
    Appointment.objects.filter(pk__in=list(told.values_list("appointment", flat=True))).update(
        google_calendar_event_id="", google_calendar_sync_status="")
    told.delete()
    Professional.objects.filter(pk=row.professional_id).update(google_calendar_id="")
    Calendar.objects.filter(pk=row.pk).update(state=Calendar.State.LEAVING, google_id=None, pull_at=clock.now())
    log_security_event("calendar.disconnected", by=by, severity="warning", professional=row.professional_id)
    tasks.leave.later(calendar_id=row.pk)
    live.say("CLINIC_UPDATED", professional=row.professional_id)


@tenancy.atomic
def leaving() -> list[int]:
    rows = Calendar.objects.filter(state=Calendar.State.LEAVING, pull_at__lte=clock.now() - LOOKED_AGAIN)
    return list(rows.values_list("pk", flat=True))


def leave(*, calendar_id) -> None:
    """Close its channels and give the grant back, as far as Google hears; then nothing of it is left here."""
    with tenancy.atomic():
        row = Calendar.objects.filter(pk=calendar_id, state=Calendar.State.LEAVING).first()
        channels = list(CalendarChannel.objects.filter(calendar=calendar_id))
        grant = row and health.grant_of(row)
    if row is None:
        return
    if grant is not None:
        for channel in channels:
            watch.stop(google.Client(grant), channel)
        google.give_back(grant)
    with tenancy.atomic():
        vault.forget(row.secret_name)
        vault.forget(_code_name(row))
        CalendarChannel.objects.filter(calendar=row).delete()
        Calendar.objects.filter(pk=row.pk).discard()
    health.forget(row)


def _code_name(row) -> str:
    return f"calendar.{row.professional_id}.code"
