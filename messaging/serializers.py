from rest_framework import serializers

from messaging.models import ChatMessage, Conversation
from messaging.outbox import TEXT_LIMIT


class ConversationOut(serializers.ModelSerializer):
    name = serializers.CharField(source="shown_name")
    window_closes_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Conversation
        fields = [
            "id", "name", "phone", "wa_user_id", "patient", "attended_by", "assigned_to", "handoff_reason",
            "triage_level", "triage_reasons", "last_message_at", "last_message_text", "unread", "waiting_since",
            "window_closes_at",
        ]


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
