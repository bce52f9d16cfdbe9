"""One port in development: sockets under ASGI, and Django's WSGI application behind it for everything else.

Django's WSGI path serves several times more than its ASGI path for the same synchronous view (measured).
"""
from dentalogic.wsgi import application as wsgi_application  # noqa: I001  (sets Django up)

import socketio
from a2wsgi import WSGIMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path, re_path

from clinics.consumers import TenantConsumer
from clinics.security import covered
from clinics.socketio import server
from dentalogic.floor import BareSocket

http = WSGIMiddleware(wsgi_application, workers=settings.WEB_THREADS)


async def nowhere(scope, receive, send):
    await send({"type": "websocket.close", "code": 4404})


bare = [path("ws/floor", BareSocket.as_asgi())] if settings.BENCH else []
routes = URLRouter([path("ws/", TenantConsumer.as_asgi()), *bare, re_path("", nowhere)])
sockets = ProtocolTypeRouter({"http": http, "websocket": routes})
application = covered(socketio.ASGIApp(server, other_asgi_app=sockets, socketio_path="/socket.io/"))
