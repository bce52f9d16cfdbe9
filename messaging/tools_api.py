"""The receptionist's tools, for whoever of the clinic may attend the conversation."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from clinics import access, idempotency, limits, tenancy
from clinics.audit import audit_access
from messaging.api import OfConversations
from messaging.receptionist import by_person, tools

LONGEST = 4000  # characters of the arguments, as JSON
SAID = {
    "data_missing": _("Faltan datos del paciente: el horario queda guardado mientras los pedís."),
    "slot_taken": _("Ese horario se acaba de ocupar."), "bad_arguments": _("Hay datos para corregir."),
    "fault": _("Algo falló de nuestro lado. Probá de nuevo."),
}


def _nullable(schema: dict) -> dict:
    """As the document's dialect (OpenAPI 3.0) says what JSON Schema calls a type of its own."""
    fields = {}
    for name, one in schema["properties"].items():
        kinds = [kind for kind in one.get("anyOf", ()) if kind != {"type": "null"}]
        rest = {key: value for key, value in one.items() if key != "anyOf"}
        fields[name] = rest | kinds[0] | {"nullable": True} if kinds else one
        if kinds and "enum" in kinds[0]:
            fields[name]["enum"] = [*kinds[0]["enum"], None]
    return schema | {"properties": fields}


def _body(tool) -> dict:
    schema = _nullable(tool.schema) | {"title": tool.name, "description": tool.description}
    return schema if schema["required"] else {name: value for name, value in schema.items() if name != "required"}


BODY = {"application/json": {"anyOf": [_body(tool) for tool in tools.TOOLS]}}
NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, enum=list(tools.BY_NAME))


class ToolOut(serializers.Serializer):
    name = serializers.CharField()
    description = serializers.CharField()
    arguments = serializers.DictField(source="schema", help_text="JSON Schema of the body that uses it.")
    acts = serializers.BooleanField(
        help_text="It changes what is offered or booked: only where a person attends the conversation.")


class UsedOut(serializers.Serializer):
    tool = serializers.CharField(source="done.tool")
    turn = serializers.IntegerField(source="turn.pk", help_text="Under which its step is read in the thread.")
    result = serializers.DictField(source="done.data")


def may_use(actor) -> list[tools.Tool]:
    return [tool for tool in tools.TOOLS if access.can(actor, tool.capability)]


@audit_access("conversations.attend")
class Tools(OfConversations):
    capabilities = {"GET": "conversations.attend"}
    serializer_class = ToolOut
    pagination_class = None  # a handful, always whole

    @extend_schema(operation_id="conversations_tools", responses=ToolOut(many=True))
    def get(self, request, pk):
        """What this person may use there, with the arguments of each."""
        self.conversation("conversations.attend", pk)
        return Response(self.get_serializer(may_use(self.actor), many=True).data)


@audit_access("conversations.attend")
class UseTool(OfConversations):
    """The door answers it outside any transaction: the tool opens its own."""

    capabilities = {"POST": "conversations.attend"}
    serializer_class = UsedOut

    @extend_schema(
        operation_id="conversations_use_tool", request=BODY, responses=UsedOut, parameters=[NAME, idempotency.HEADER])
    def post(self, request, pk, name):
        """What it says, or why not. Nothing is said to the patient: that is the person's to do."""
        with tenancy.atomic():
            conversation = self.conversation("conversations.attend", pk)
        tool = tools.BY_NAME.get(name)
        if tool is None or conversation.merged_into_id:
            raise Http404
        limits.check("tool", self.actor.user_id, request=request._request)
        key = idempotency.key_of(request._request, self.actor)
        used = by_person.use(
            conversation=conversation, tool=tool, arguments=_arguments(request), by=self.actor, key=key)
        if used.done.refused:
            return Response(_refusal(used.done.data), status=used.done.status)
        return Response(self.get_serializer(used).data)


def _arguments(request) -> dict:
    given = request.data
    if not isinstance(given, dict):
        raise ValidationError(_("Se espera un objeto con los argumentos de la herramienta."))
    if len(str(given)) > LONGEST:
        raise ValidationError(_("Los argumentos son demasiado largos."))
    return dict(given)


def _refusal(data: dict) -> dict:
    own = "" if data["code"] == "fault" else data.get("detail")
    return {"fields": {}} | data | {"detail": str(own or SAID.get(data["code"], ""))}
