from rest_framework import serializers

from messaging import canned, rights
from messaging.models import CannedReply, ChatMessage, Conversation, MediaFile, Note, Template
from messaging.notes import LIMIT as NOTE_LIMIT
from messaging.outbox import TEXT_LIMIT


class ConversationOut(serializers.ModelSerializer):
    """Without the triage for whoever may not know a patient's alerts."""

    name = serializers.CharField(source="shown_name")
    window_closes_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Conversation
        fields = [
            "id", "name", "phone", "wa_user_id", "patient", "attended_by", "assigned_to", "handoff_reason",
            "triage_level", "triage_reasons", "last_message_at", "last_message_text", "unread", "waiting_since",
            "window_closes_at",
        ]

    def to_representation(self, conversation):
        actor = self.context["request"]._request.actor
        return super().to_representation(rights.as_told(conversation, actor))


class FileOut(serializers.ModelSerializer):
    """A message's file; `address` leads to its bytes while it is `stored`."""

    address = serializers.CharField()

    class Meta:
        model = MediaFile
        fields = [
            "id", "kind", "state", "filename", "mime", "size", "seconds", "transcript", "transcript_state", "address"]


class MessageOut(serializers.ModelSerializer):
    file = FileOut(allow_null=True, read_only=True)

    class Meta:
        model = ChatMessage
        fields = [
            "id", "direction", "author", "author_user", "kind", "text", "buttons", "status", "error_code",
            "error_text", "created_at", "sent_at", "scheduled_at", "edited_at", "turn", "file",
        ]


class MessageIn(serializers.Serializer):
    text = serializers.CharField(max_length=TEXT_LIMIT)
    key = serializers.CharField(max_length=60, required=False, allow_blank=True)
    at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When it is to go; the window must be open then. Now, if not said.")


class NoteOut(serializers.ModelSerializer):
    class Meta:
        model = Note
        fields = ["id", "kind", "author", "about", "text", "created_at"]


class NoteIn(serializers.Serializer):
    text = serializers.CharField(max_length=NOTE_LIMIT)


class AssignIn(serializers.Serializer):
    user = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="A colleague: one of `colleagues`.")


class ColleagueOut(serializers.Serializer):
    user = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.name")
    role = serializers.CharField()


class LinkIn(serializers.Serializer):
    patient = serializers.IntegerField(min_value=1, max_value=2**63 - 1, allow_null=True, help_text="null: nobody's.")


class TemplateOut(serializers.ModelSerializer):
    """An approved template, with a value suggested for each of its variables."""

    text = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())
    marketing = serializers.BooleanField(source="is_marketing")

    class Meta:
        model = Template
        fields = ["id", "name", "language", "marketing", "text", "values"]


class TemplateIn(serializers.Serializer):
    template = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    values = serializers.ListField(
        child=serializers.CharField(max_length=1024, allow_blank=True), max_length=50, required=False)


class CannedReplyOut(serializers.ModelSerializer):
    class Meta:
        model = CannedReply
        fields = ["id", "shortcut", "text", "changed_at"]


class CannedReplyIn(serializers.Serializer):
    shortcut = serializers.CharField(max_length=31)
    text = serializers.CharField(max_length=canned.LIMIT)
