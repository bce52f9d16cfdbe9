from rest_framework import serializers

from messaging import rights
from messaging.models import ChatMessage, Conversation
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


class MessageOut(serializers.ModelSerializer):
    class Meta:
        model = ChatMessage
        fields = [
            "id", "direction", "author", "author_user", "kind", "text", "buttons", "status", "error_code",
            "error_text", "created_at", "sent_at", "turn",
        ]


class MessageIn(serializers.Serializer):
    text = serializers.CharField(max_length=TEXT_LIMIT)
    key = serializers.CharField(max_length=60, required=False, allow_blank=True)
