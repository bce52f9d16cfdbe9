"""The only module that speaks to Google. Values in, values out; no database, so that threads may use it.

What goes wrong is a ProviderError whose `code` is one of those below. A service object and its `Http` serve one call:
httplib2 is not safe between threads.
"""
import json
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from google.auth import exceptions as auth_faults
from google.oauth2 import credentials as oauth
from google.oauth2 import service_account

from agenda.calendars.events import TYPES
from dentalogic.lib import http as plain_http
from dentalogic.lib.refusals import ProviderError

log = logging.getLogger(__name__)

REVOKED = "revoked"  # the grant is no more: nothing helps but to connect anew
GONE = "gone"  # 410: the sync token is too old, or the event is deleted
MISSING = "missing"
DUPLICATE = "duplicate"
FORBIDDEN = "forbidden"  # this calendar does not let us
TOO_FAST = "too_fast"
SLOW, UNREACHABLE, UNAVAILABLE, REFUSED = "slow", "unreachable", "unavailable", "refused"
PERMANENT = {REVOKED, GONE, MISSING, DUPLICATE, FORBIDDEN, REFUSED}
LIMITS = {"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded", "usageLimits"}

SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
)
WRITERS = ("owner", "writer")
SECONDS = 10  # of one answer
PAGE = 2500
MOST_PAGES = 40
WATCH_FOR = timedelta(days=7)


@dataclass
class Grant:
    """What opens an account: a refresh token, or a service account's key. It keeps its access token while it lives."""

    kind: str
    secret: str
    token: str = ""
    expires_at: datetime | None = field(default=None)  # naive UTC, as Google's library counts

    def credentials(self):
        if self.kind == "service":
            info = json.loads(self.secret) | {"token_uri": settings.GOOGLE_OAUTH_TOKEN}  # never the file's own
            found = service_account.Credentials.from_service_account_info(info, scopes=SCOPES)
        else:
            found = oauth.Credentials(
                None, refresh_token=self.secret, token_uri=settings.GOOGLE_OAUTH_TOKEN,
                client_id=settings.GOOGLE_OAUTH_CLIENT_ID, client_secret=settings.GOOGLE_OAUTH_CLIENT_SECRET)
        found.token, found.expiry = self.token or None, self.expires_at
        return found

    def keep(self, credentials):
        self.token, self.expires_at = credentials.token or "", credentials.expiry


@dataclass(frozen=True)
class Listing:
    items: list
    zone: str
    token: str = ""
    name: str = ""
    writes: bool = True


class Client:
    """One account. Each call has an `Http` and a time limit of its own."""

    def __init__(self, grant: Grant, *, seconds: float = SECONDS):
        self.grant, self.seconds = grant, seconds

    def calendars(self) -> list[dict]:
        """`[{"id", "name", "zone", "writes"}]` of the account; the primary one first."""
        found = self._pages(lambda service, page: service.calendarList().list(pageToken=page, maxResults=250))
        items = [
            {"id": one["id"], "name": one.get("summaryOverride") or one.get("summary", ""),
             "zone": one.get("timeZone", ""), "writes": one.get("accessRole") in WRITERS,
             "primary": one.get("primary", False)} for one in found.items if not one.get("deleted")]
        return sorted(items, key=lambda one: (not one["primary"], one["name"].casefold()))

    def between(self, calendar: str, since: datetime, until: datetime) -> Listing:
        """The events that touch `since` to `until`, series as their instances; with a token to go on from."""
        return self._listed(calendar, timeMin=_stamp(since), timeMax=_stamp(until))

    def since(self, calendar: str, token: str) -> Listing:
        """What changed since `token`. Raises ProviderError(GONE) where it is too old."""
        return self._listed(calendar, syncToken=token)

    def get(self, calendar, event) -> dict:
        return self._call(lambda service: service.events().get(calendarId=calendar, eventId=event))

    def insert(self, calendar, event, body) -> dict:
        """Raises ProviderError(DUPLICATE) for an id that was there before, deleted or not."""
        return self._call(lambda service: service.events().insert(
            calendarId=calendar, body={"id": event, **body}, sendUpdates="none"))

    def patch(self, calendar, event, body) -> dict:
        return self._call(lambda service: service.events().patch(
            calendarId=calendar, eventId=event, body=body, sendUpdates="none"))

    def delete(self, calendar, event) -> None:
        self._call(lambda service: service.events().delete(
            calendarId=calendar, eventId=event, sendUpdates="none"))

    def watch(self, calendar, *, channel, address, token, until: datetime) -> dict:
        """`{"resourceId", "expiration"}` of a channel that tells `address` of changes."""
        return self._call(lambda service: service.events().watch(calendarId=calendar, body={
            "id": channel, "type": "web_hook", "address": address, "token": token,
            "expiration": str(int(until.timestamp() * 1000))}, eventTypes=list(TYPES)))

    def stop(self, *, channel, resource) -> None:
        self._call(lambda service: service.channels().stop(body={"id": channel, "resourceId": resource}))

    def _listed(self, calendar, **asked):
        # the same parameters with a token and without, as Google wants
        return self._pages(lambda service, page: service.events().list(
            calendarId=calendar, singleEvents=True, maxResults=PAGE, eventTypes=list(TYPES), pageToken=page, **asked))

    def _pages(self, request) -> Listing:
        items, page = [], None
        for _round in range(MOST_PAGES):
            answer = self._call(partial(request, page=page))
            items += answer.get("items") or []
            page = answer.get("nextPageToken")
            if not page:
                return Listing(
                    items, answer.get("timeZone", ""), answer.get("nextSyncToken", ""), answer.get("summary", ""),
                    answer.get("accessRole", "writer") in WRITERS)
        raise ProviderError("too many pages", permanent=False, code=UNAVAILABLE)

    def _call(self, request):
        import google_auth_httplib2  # 30 MB and a second that a process which never speaks to Google does not need
        import httplib2
        from googleapiclient.discovery import build

        credentials = self.grant.credentials()
        wire = httplib2.Http(timeout=self.seconds, proxy_info=None)
        wire.follow_redirects = False
        try:
            service = build(
                "calendar", "v3", http=google_auth_httplib2.AuthorizedHttp(credentials, http=wire),
                static_discovery=True, cache_discovery=False,
                client_options={"api_endpoint": settings.GOOGLE_API_BASE})
            return request(service).execute(num_retries=0)  # who asks knows whether to ask again
        except Exception as fault:
            raise fault_of(fault) from fault
        finally:
            self.grant.keep(credentials)
            wire.close()


def fault_of(fault: Exception) -> Exception:
    """A ProviderError for what Google or the way to it did; what is our own fault stays itself."""
    from googleapiclient.errors import HttpError
    from httplib2 import HttpLib2Error

    if isinstance(fault, HttpError):
        code = _code(fault.status_code, _reason(fault.content))
        return _error(code, f"HTTP {fault.status_code}", plain_http.retry_after(fault.resp.get("retry-after")))
    if isinstance(fault, auth_faults.RefreshError):
        revoked = "invalid_grant" in str(fault.args) or "refresh the access token" in str(fault)
        return _error(REVOKED if revoked else UNAVAILABLE if fault.retryable else REFUSED, "refresh")
    if isinstance(fault, TimeoutError):
        return _error(SLOW, "no answer in time")
    if isinstance(fault, auth_faults.TransportError):
        return _error(SLOW if isinstance(fault.__cause__ or fault.__context__, TimeoutError) else UNREACHABLE, "way")
    if isinstance(fault, OSError | HttpLib2Error):
        return _error(UNREACHABLE, type(fault).__name__)
    return fault


def _error(code, text, retry_after=None):
    return ProviderError(text, permanent=code in PERMANENT, code=code, retry_after=retry_after)


def _code(status, reason):
    if status == 429 or (status == 403 and reason in LIMITS):
        return TOO_FAST
    known = {401: REVOKED, 403: FORBIDDEN, 404: MISSING, 409: DUPLICATE, 410: GONE}
    return known.get(status) or (UNAVAILABLE if status >= 500 else REFUSED)


def _reason(content) -> str:
    try:
        return json.loads(content)["error"]["errors"][0]["reason"]
    except (ValueError, KeyError, IndexError, TypeError):
        return ""


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


# --- OAuth: the page that asks, the code that it gives, and giving it back


def consent_address(*, state: str, challenge: str, redirect: str, hint: str = "") -> str:
    """Where the professional lets us in. Offline, and asked anew each time: else Google gives no refresh token."""
    return f"{settings.GOOGLE_OAUTH_AUTH}?" + urlencode({
        "client_id": settings.GOOGLE_OAUTH_CLIENT_ID, "redirect_uri": redirect, "response_type": "code",
        "scope": " ".join(SCOPES), "access_type": "offline", "prompt": "consent", "state": state,
        "code_challenge": challenge, "code_challenge_method": "S256", **({"login_hint": hint} if hint else {})})


def exchange(*, code: str, verifier: str, redirect: str) -> Grant:
    """The grant that a code stands for. Raises ProviderError."""
    answer = _posted(settings.GOOGLE_OAUTH_TOKEN, {
        "grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect,
        "client_id": settings.GOOGLE_OAUTH_CLIENT_ID, "client_secret": settings.GOOGLE_OAUTH_CLIENT_SECRET})
    said = answer.json() if answer.ok else {}
    if not said.get("refresh_token"):
        raise _error(UNAVAILABLE if answer.status >= 500 else REVOKED, f"HTTP {answer.status}")
    return Grant("oauth", said["refresh_token"])


def give_back(grant: Grant) -> None:
    """Tell Google that an OAuth grant is of no more use; what it says to that is no matter."""
    if grant.kind == "oauth":
        try:
            _posted(settings.GOOGLE_OAUTH_REVOKE, {"token": grant.secret})
        except ProviderError as fault:
            log.warning("a grant was not given back: %s", fault.code)


def _posted(address, form):
    return plain_http.call(
        "POST", address, trusted=address.rpartition("/")[0], content=urlencode(form).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"})


def service_account_of(text: str) -> str:
    """The address that a calendar is shared with, of a service account's JSON. Raises ValueError for what is none."""
    try:
        info = json.loads(text)
        if not isinstance(info, dict) or info.get("type") != "service_account":
            raise ValueError("no service account")
        Grant("service", text).credentials()
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("no service account") from fault
    except auth_faults.GoogleAuthError as fault:
        raise ValueError("no service account") from fault
    return info["client_email"]
