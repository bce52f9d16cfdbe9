"""/socket.io/: the same frames for front ends that speak Socket.IO, heard where the pages' sockets hear them."""
import asyncio
from http.cookies import SimpleCookie

import socketio
from channels.layers import get_channel_layer
from django.conf import settings
from django.utils.translation import gettext as _
from socketio.exceptions import ConnectionRefusedError as Refused

from clinics import live
from clinics.auth import door

# front ends on other origins bring a token: their browser is not told to send the cookie
server = socketio.AsyncServer(
    async_mode="asgi", cors_allowed_origins=settings.ORIGINS or None, cors_credentials=False)

_watchers = {}


@server.event
async def connect(sid, environ, auth):
    cookies = {name: morsel.value for name, morsel in SimpleCookie(environ.get("HTTP_COOKIE", "")).items()}
    headers = {"authorization": environ.get("HTTP_AUTHORIZATION", "")}
    if isinstance(auth, dict) and auth.get("token"):
        headers["authorization"] = f"Bearer {auth['token']}"
    if not door.presents(cookies, headers):
        raise Refused(_("Autenticación requerida"))
    member = await door.asked(door.named_by(cookies, headers))
    if member is None:
        raise Refused(_("Token inválido o expirado"))
    layer = get_channel_layer()
    ear = await layer.new_channel()
    await layer.group_add(live.group(member.tenant_id), ear)
    _watchers[sid] = server.start_background_task(_attend, sid, member, ear)


@server.event
async def disconnect(sid, reason=None):
    if watcher := _watchers.pop(sid, None):
        watcher.cancel()


async def _attend(sid, member, ear):
    """Pass on what the member may hear, until they are refused."""
    ends = [asyncio.create_task(_listen(sid, member, ear)), asyncio.create_task(door.until_refused(member))]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in ends:
            one.cancel()  # the layer forgets a channel that is no longer listened to
        await get_channel_layer().group_discard(live.group(member.tenant_id), ear)
    _watchers.pop(sid, None)  # or the farewell would cancel this very task
    await server.disconnect(sid)


async def _listen(sid, member, ear):
    holds = await door.still(member)  # it may have ended before we listened
    while holds:
        message = await get_channel_layer().receive(ear)
        if message["type"] == "recheck":
            holds = message["membership"] != member.pk or await door.still(member)
        elif frame := live.heard(member.actor, message["frame"]):
            await server.emit(frame["event"], frame, to=sid)
