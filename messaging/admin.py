from django.contrib import admin

from clinics.admin import TenantAdmin
from messaging.models import Channel, Conversation, Turn


@admin.register(Channel)
class ChannelAdmin(TenantAdmin):
    list_display = ("name", "number", "provider", "active", "sandbox")


@admin.register(Conversation)
class ConversationAdmin(TenantAdmin):
    list_display = ("shown_name", "attended_by", "triage_level", "waiting_since", "last_message_at")
    list_select_related = ("patient",)


@admin.register(Turn)
class TurnAdmin(TenantAdmin):
    list_display = ("conversation_id", "started_at", "engine", "outcome", "error")
