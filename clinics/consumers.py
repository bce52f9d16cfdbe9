"""/ws/: one socket a page, in the group of the clinic that its session is for. No session, no socket."""
import asyncio
from http.cookies import SimpleCookie

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from clinics import live
from clinics.auth import door

REFUSED = 4401


class TenantConsumer(AsyncJsonWebsocketConsumer):
    """The socket's door. It asks again from time to time, so that a suspended person's socket ends."""

    member = None
    checking = None

    async def connect(self):
        self.member = await door.asked(door.token_of(_cookies(self.scope), _headers(self.scope)))
        if self.member is None or not _same_origin(self.scope):
            await self.close(REFUSED)
            return
        await self.channel_layer.group_add(live.group(self.member.tenant_id), self.channel_name)
        await self.accept()
        self.checking = asyncio.create_task(self._end_when_refused())

    async def disconnect(self, code):
        if self.checking:
            self.checking.cancel()
        if self.member is not None:
            await self.channel_layer.group_discard(live.group(self.member.tenant_id), self.channel_name)

    async def frame(self, message):
        await self.send_json(message["frame"])

    async def recheck(self, message):
        if message["membership"] == self.member.pk and not await door.still(self.member):
            await self.close(REFUSED)

    async def receive_json(self, content, **kwargs):
        """Pages only listen."""

    async def _end_when_refused(self):
        await door.until_refused(self.member)
        await self.close(REFUSED)


def _headers(scope):
    return {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _cookies(scope):
    return {name: morsel.value for name, morsel in SimpleCookie(_headers(scope).get("cookie", "")).items()}


def _same_origin(scope):
    """A cookie goes with every request of the browser, other sites' too: the page's origin must be this host."""
    headers = _headers(scope)
    origin = headers.get("origin")
    return origin is None or origin.split("://", 1)[-1] == headers.get("host") or "authorization" in headers
