"""The floors of the figures in docs/performance.md, served in a bench only: a logged-in GET that does nothing, behind
the whole middleware; a socket that hands on what its Channels group is told, to whoever connects."""
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.access import Guarded


@extend_schema(exclude=True)
class Floor(Guarded, APIView):
    capabilities = {"GET": "agenda.see"}

    def get(self, request):
        return Response({"ok": True})


class BareSocket(AsyncJsonWebsocketConsumer):
    GROUP = "floor"

    async def connect(self):
        await self.channel_layer.group_add(self.GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.GROUP, self.channel_name)

    async def frame(self, message):
        await self.send_json(message["frame"])
