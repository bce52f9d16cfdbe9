"""The API of what the desk does beside writing: pass it on, note, schedule, send a template, say whose it is."""
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from clinics import idempotency
from clinics.audit import audit_access
from clinics.patients.models import Patient
from dentalogic.lib import clock
from messaging import canned, choosing, doubts, handoff, linking, notes, outbox, templates
from messaging.api import OfConversations
from messaging.models import CannedReply, ChatMessage, Note, Template
from messaging.serializers import (
    AssignIn,
    CannedReplyIn,
    CannedReplyOut,
    ColleagueOut,
    ConversationOut,
    LinkIn,
    MessageOut,
    NoteIn,
    NoteOut,
    TemplateIn,
    TemplateOut,
)


def read(form, request) -> dict:
    given = form(data=request.data)
    given.is_valid(raise_exception=True)
    return given.validated_data


@audit_access("conversations.assign")
class Assign(OfConversations):
    capabilities = {"POST": "conversations.assign"}

    @extend_schema(operation_id="conversations_assign", request=AssignIn, responses=ConversationOut)
    def post(self, request, pk):
        row = self.conversation("conversations.assign", pk)
        row = handoff.assign(conversation=row, user_id=read(AssignIn, request)["user"], by=self.actor)
        return Response(self.get_serializer(row).data)


@audit_access("conversations.assign")
class Colleagues(OfConversations):
    capabilities = {"GET": "conversations.assign"}
    serializer_class = ColleagueOut
    pagination_class = None  # a handful, always whole

    @extend_schema(operation_id="conversations_colleagues", responses=ColleagueOut(many=True))
    def get(self, request, pk):
        """Whom it may be passed to, the one who has it among them."""
        row = self.conversation("conversations.assign", pk)
        return Response(self.get_serializer(handoff.colleagues(row), many=True).data)


@audit_access("conversations.see")
class Notes(OfConversations):
    capabilities = {"GET": "conversations.see", "POST": "conversations.attend"}
    serializer_class = NoteOut

    @extend_schema(operation_id="notes_list", responses=NoteOut(many=True))
    def get(self, request, pk):
        row = self.conversation("conversations.see", pk)
        return self.paged(Note.objects.filter(conversation=row).order_by("-pk"))

    @extend_schema(
        operation_id="notes_write", request=NoteIn, responses={201: NoteOut}, parameters=[idempotency.HEADER])
    def post(self, request, pk):
        """For colleagues: no patient ever gets it."""
        note = notes.write(
            conversation=self.conversation("conversations.attend", pk), text=read(NoteIn, request)["text"],
            key=idempotency.key_of(request._request, self.actor), by=self.actor)
        return Response(self.get_serializer(note).data, status=201)


@audit_access("conversations.see")
class Scheduled(OfConversations):
    capabilities = {"GET": "conversations.see"}
    serializer_class = MessageOut

    @extend_schema(operation_id="messages_scheduled", responses=MessageOut(many=True))
    def get(self, request, pk):
        row = self.conversation("conversations.see", pk)
        return self.paged(ChatMessage.objects.of(row).scheduled().order_by("scheduled_at", "pk"))


@audit_access("conversations.attend")
class Templates(OfConversations):
    capabilities = {"GET": "conversations.attend", "POST": "conversations.attend"}
    serializer_class = TemplateOut
    pagination_class = None  # a handful, always whole

    @extend_schema(operation_id="conversations_templates", responses=TemplateOut(many=True))
    def get(self, request, pk):
        """The approved ones of its number, with what is known of the conversation in place."""
        row = self.conversation("conversations.attend", pk)
        return Response(self.get_serializer(choosing.offered(row, clock.now(), by=self.actor), many=True).data)

    @extend_schema(
        operation_id="messages_write_template", request=TemplateIn, responses={201: MessageOut},
        parameters=[idempotency.HEADER])
    def post(self, request, pk):
        row, given = self.conversation("conversations.attend", pk), read(TemplateIn, request)
        template = get_object_or_404(Template.objects.filter(channel=row.channel_id), pk=given["template"])
        message = templates.send(
            conversation=row, template=template, values=given.get("values", []), by=self.actor,
            author=ChatMessage.Author.STAFF, key=idempotency.key_of(request._request, self.actor))
        return Response(MessageOut(message).data, status=201)


@audit_access("conversations.link")
class Link(OfConversations):
    capabilities = {"PUT": "conversations.link"}

    @extend_schema(operation_id="conversations_link", request=LinkIn, responses=ConversationOut)
    def put(self, request, pk):
        """Whose the conversation is."""
        row, wanted = self.conversation("conversations.link", pk), read(LinkIn, request)["patient"]
        if wanted is None:
            row = linking.unlink(conversation=row, by=self.actor)
        else:
            patient = get_object_or_404(self.visible("patients.see", Patient.objects.all()), pk=wanted)
            row = linking.link(conversation=row, patient=patient, by=self.actor)
        return Response(self.get_serializer(row).data)


class OfMessages(OfConversations):
    capabilities = {"POST": "conversations.attend"}
    serializer_class = MessageOut

    def message(self, pk) -> ChatMessage:
        message = get_object_or_404(ChatMessage.objects.outbound(), pk=pk)
        self.conversation("conversations.attend", message.conversation_id)
        return message

    def told(self, message):
        return Response(self.get_serializer(message).data)


@audit_access("conversations.attend")
class Again(OfMessages):
    @extend_schema(operation_id="messages_again", request=None, responses=MessageOut)
    def post(self, request, pk):
        """Send anew what failed or is in doubt; what went out stays as it is."""
        return self.told(outbox.again(message=self.message(pk), by=self.actor))


@audit_access("conversations.attend")
class Arrived(OfMessages):
    @extend_schema(operation_id="messages_arrived", request=None, responses=MessageOut)
    def post(self, request, pk):
        """A message in doubt went out after all."""
        return self.told(doubts.decide(message=self.message(pk), by=self.actor, went=True))


@audit_access("conversations.attend")
class Cancel(OfMessages):
    @extend_schema(operation_id="messages_cancel", request=None, responses=MessageOut)
    def post(self, request, pk):
        """What waits for its hour will not go."""
        return self.told(outbox.cancel_scheduled(message=self.message(pk), by=self.actor))


@audit_access("conversations.replies")
class CannedReplies(OfConversations):
    capabilities = {"GET": "conversations.attend", "POST": "conversations.replies"}
    serializer_class = CannedReplyOut

    @extend_schema(operation_id="canned_replies_list", responses=CannedReplyOut(many=True))
    def get(self, request):
        return self.paged(CannedReply.objects.order_by("shortcut"))

    @extend_schema(operation_id="canned_replies_add", request=CannedReplyIn, responses={201: CannedReplyOut})
    def post(self, request):
        row = canned.keep(by=self.actor, **read(CannedReplyIn, request))
        return Response(self.get_serializer(row).data, status=201)


@audit_access("conversations.replies")
class OneCannedReply(OfConversations):
    capabilities = {"PUT": "conversations.replies", "DELETE": "conversations.replies"}
    serializer_class = CannedReplyOut

    @extend_schema(operation_id="canned_replies_change", request=CannedReplyIn, responses=CannedReplyOut)
    def put(self, request, pk):
        row, given = get_object_or_404(CannedReply, pk=pk), read(CannedReplyIn, request)
        return Response(self.get_serializer(canned.keep(reply=row, by=self.actor, **given)).data)

    @extend_schema(operation_id="canned_replies_remove", responses={204: None})
    def delete(self, request, pk):
        canned.remove(reply=get_object_or_404(CannedReply, pk=pk), by=self.actor)
        return Response(status=204)
