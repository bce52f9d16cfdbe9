"""/socket.io/: the same frames for front ends that speak Socket.IO. Events leave by clinics.live only."""
from http.cookies import SimpleCookie

import socketio
from django.conf import settings
from django.utils.translation import gettext as _
from socketio.exceptions import ConnectionRefusedError as Refused

from clinics import live
from clinics.auth import door

server = socketio.AsyncServer(
    async_mode="asgi",
    cors_allowed_origins=settings.ORIGINS or None,
    client_manager=socketio.AsyncRedisManager(settings.REDIS_URL, channel=live.SOCKETIO_CHANNEL),
)

_watchers = {}


@server.event
async def connect(sid, environ, auth):
    cookies = {name: morsel.value for name, morsel in SimpleCookie(environ.get("HTTP_COOKIE", "")).items()}
    headers = {"authorization": environ.get("HTTP_AUTHORIZATION", "")}
    if isinstance(auth, dict) and auth.get("token"):
        headers["authorization"] = f"Bearer {auth['token']}"
    token = door.token_of(cookies, headers)
    if not token:
        raise Refused(_("Autenticación requerida"))
    member = await door.asked(token)
    if member is None:
        raise Refused(_("Token inválido o expirado"))
    await server.save_session(sid, {"membership": member.pk, "tenant": member.tenant_id})
    await server.enter_room(sid, live.group(member.tenant_id))
    _watchers[sid] = server.start_background_task(_end_when_refused, sid, member)


@server.event
async def disconnect(sid, reason=None):
    if watcher := _watchers.pop(sid, None):
        watcher.cancel()


async def _end_when_refused(sid, member):
    await door.until_refused(member)
    await server.disconnect(sid)
