"""/ws/: one socket a page, in the group of the clinic that its session is for. No session, no socket."""
import asyncio
import re
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from clinics import live
from clinics.auth import door

REFUSED = 4401
SECONDS = re.compile(r"\d{1,12}(?:\.\d{1,6})?", re.ASCII)


class TenantConsumer(AsyncJsonWebsocketConsumer):
    """The socket's door. It hears when a session of its member ends, and asks by itself from time to time."""

    member = None
    group = None
    checking = None

    async def connect(self):
        if not _same_origin(self.scope):
            await self.close(REFUSED)
            return
        named = door.named_by(_cookies(self.scope), _headers(self.scope))
        if named is not None:  # listened to first, so that what ends while we ask is heard
            self.group = live.group(named.tenant_id)
            await self.channel_layer.group_add(self.group, self.channel_name)
        self.member = await door.asked(named)
        if self.member is None:
            await self._turn_away()
            return
        await self.accept()
        if (since := _since(self.scope)) and await live.said_since(self.member.tenant_id, since):
            await self.send_json({"missed": True})
        self.checking = asyncio.create_task(self._end_when_refused())

    async def disconnect(self, code):
        if self.checking:
            self.checking.cancel()
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def frame(self, message):
        if self.member is not None and (frame := live.heard(self.member.actor, message["frame"])):
            await self.send_json(frame)

    async def recheck(self, message):
        if self.member is not None and message["membership"] == self.member.pk and not await door.still(self.member):
            await self.close(REFUSED)

    async def receive_json(self, content, **kwargs):
        """Pages only listen."""

    async def _turn_away(self):
        """A browser cannot read why a handshake was refused and would try for ever: its page is told, and reloads."""
        if "origin" in _headers(self.scope):
            await self.accept()
        await self.close(REFUSED)

    async def _end_when_refused(self):
        await door.until_refused(self.member)
        await self.close(REFUSED)


def _since(scope):
    """When the page was made, in seconds of Unix, by its own word."""
    said = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("since", [""])[0]
    return float(said) if SECONDS.fullmatch(said) else None


def _headers(scope):
    return {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _cookies(scope):
    return {name: morsel.value for name, morsel in SimpleCookie(_headers(scope).get("cookie", "")).items()}


def _same_origin(scope):
    """A cookie goes with every request of the browser, other sites' too: the page's origin must be this host."""
    headers = _headers(scope)
    origin = headers.get("origin")
    return origin is None or origin.split("://", 1)[-1] == headers.get("host") or "authorization" in headers
