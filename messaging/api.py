"""The inbox's API: each view loads through the member's rights, calls one verb and renders."""
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from clinics import idempotency
from clinics.access import Guarded
from clinics.audit import audit_access
from messaging import handoff, media, outbox, rights
from messaging.models import ChatMessage, Conversation
from messaging.serializers import ConversationOut, MessageIn, MessageOut

SHOWN = ("all", "unread", "mine", "new")


class OfConversations(Guarded, GenericAPIView):
    serializer_class = ConversationOut

    def conversation(self, capability, pk) -> Conversation:
        rows = Conversation.objects.select_related("patient")
        row = get_object_or_404(self.visible(capability, rows), pk=pk)
        if row.merged_into_id and not rights.reaches(self.actor, capability, row):
            raise Http404
        return row

    def paged(self, rows):
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(rows), many=True).data)


@audit_access("conversations.see")
class Conversations(OfConversations):
    capabilities = {"GET": "conversations.see"}

    @extend_schema(operation_id="conversations_list", responses=ConversationOut(many=True), parameters=[
        OpenApiParameter("search", str, description="Patient, phone or WhatsApp id."),
        OpenApiParameter("show", str, enum=SHOWN)])
    def get(self, request):
        rows = self.visible("conversations.see", Conversation.objects.for_inbox())
        show = request.query_params.get("show", "all")
        if show == "unread":
            rows = rows.unread()
        elif show == "mine":
            rows = rows.assigned_to_user(self.actor.user_id)
        elif show == "new":
            rows = rows.new_people()
        text = request.query_params.get("search", "").strip()
        return self.paged(rows.search(text) if text else rows)


@audit_access("conversations.see")
class Messages(OfConversations):
    capabilities = {"GET": "conversations.see", "POST": "conversations.attend"}
    serializer_class = MessageOut

    @extend_schema(operation_id="messages_list", responses=MessageOut(many=True))
    def get(self, request, pk):
        conversation = self.conversation("conversations.see", pk)
        rows = self.paginate_queryset(ChatMessage.objects.of(conversation).order_by("-pk"))
        return self.get_paginated_response(self.get_serializer(media.with_files(rows), many=True).data)

    @extend_schema(operation_id="messages_write", request=MessageIn, responses={201: MessageOut}, parameters=[
        idempotency.HEADER])
    def post(self, request, pk):
        conversation = self.conversation("conversations.attend", pk)
        given = MessageIn(data=request.data)
        given.is_valid(raise_exception=True)
        own = given.validated_data.get("key")
        key = idempotency.key_of(request._request, self.actor) or (f"{self.actor.holder}:{own}" if own else None)
        message = outbox.write(
            conversation=conversation, text=given.validated_data["text"], by=self.actor, key=key,
            at=given.validated_data.get("at"))
        return Response(self.get_serializer(message).data, status=201)


@audit_access("conversations.attend")
class Take(OfConversations):
    capabilities = {"POST": "conversations.attend"}

    @extend_schema(operation_id="conversations_take", request=None, responses=ConversationOut)
    def post(self, request, pk):
        row = handoff.take(conversation=self.conversation("conversations.attend", pk), by=self.actor)
        return Response(self.get_serializer(row).data)


@audit_access("conversations.attend")
class GiveBack(OfConversations):
    capabilities = {"POST": "conversations.attend"}

    @extend_schema(operation_id="conversations_give_back", request=None, responses=ConversationOut)
    def post(self, request, pk):
        row = handoff.give_back(conversation=self.conversation("conversations.attend", pk), by=self.actor)
        return Response(self.get_serializer(row).data)
