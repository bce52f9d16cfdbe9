from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from messaging.models.channel import Channel
from messaging.models.conversation import Conversation
from messaging.models.turn import Turn

LATE = timedelta(hours=1)
TEMPLATE = "template"  # the kind of what goes out by template
IN_DOUBT = "in_doubt"  # error_code of a send that nobody knows the end of


class InboundMessage(TenantModel):
    """What a provider delivered, as it came: the truth of what was accepted, once per provider id."""

    channel = TenantForeignKey(Channel)
    provider_id = models.CharField(max_length=200)
    event_id = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict, blank=True)  # emptied by a job after a month
    received_at = models.DateTimeField()
    message = TenantForeignKey("messaging.ChatMessage", null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "inbound_messages"
        constraints = [models.UniqueConstraint(
            fields=["tenant", "channel", "provider_id"], name="inbound_messages_provider_id_key")]

    def __str__(self):
        return f"{self.kind} {self.provider_id}"


class ChatMessageQuerySet(TenantQuerySet):
    def of(self, conversation):
        return self.filter(conversation=conversation)

    def inbound(self):
        return self.filter(direction=ChatMessage.Direction.IN)

    def outbound(self):
        return self.filter(direction=ChatMessage.Direction.OUT)

    def to_answer(self, conversation):
        """What the patient wrote and nobody has answered, in the order it was written."""
        return self.of(conversation).inbound().filter(
            author=ChatMessage.Author.PATIENT, kind__in=ANSWERED_KINDS, pk__gt=conversation.answered_upto,
        ).order_by("sent_at", "pk")

    def unsent(self):
        """Rows that wait for their POST, or whose POST is under way; not those that a person has to look at."""
        return self.outbound().filter(status=ChatMessage.Status.QUEUED, provider_ref="").exclude(error_code=IN_DOUBT)

    def due(self, *, now):
        """Of the unsent, those that may go now: nothing of their conversation is still ahead of them, and their
        number is not held. A template that is held keeps no answer back."""
        resting = Q(kind=TEMPLATE, conversation__channel__templates_held_until__gt=now)
        ahead = ChatMessage.objects.unsent().filter(
            Q(scheduled_at=None) | Q(scheduled_at__lte=now), conversation=OuterRef("conversation"),
            pk__lt=OuterRef("pk")).exclude(resting).exclude(send_number__gt=1, posting_since=None)
        held = Q(conversation__channel__held_until__gt=now) | resting
        return self.unsent().filter(~Exists(ahead), posting_since=None, next_try_at__lte=now).exclude(held)

    def scheduled(self):
        """Those that wait for the hour that somebody chose, soonest first."""
        return self.unsent().filter(scheduled_at__isnull=False, posting_since=None, attempts=0).order_by(
            "scheduled_at", "pk")

    def stuck(self, *, now):
        """Posted so long ago that whoever did it is dead: nobody knows whether it went out."""
        patience = timedelta(seconds=settings.OUTBOX_DOUBT)
        upload = timedelta(seconds=settings.UPLOAD_SECONDS)
        return self.unsent().filter(
            Q(media={}, posting_since__lt=now - patience) | Q(posting_since__lt=now - patience - upload))


class ChatMessage(TenantModel):
    class Direction(models.TextChoices):
        IN = "in", _("Entra")
        OUT = "out", _("Sale")

    class Author(models.TextChoices):
        PATIENT = "patient", _("Paciente")
        RECEPTIONIST = "receptionist", _("Recepcionista")
        STAFF = "staff", _("Equipo")
        TEMPLATE = "template", _("Plantilla")
        SYSTEM = "system", _("Sistema")

    class Status(models.TextChoices):
        RECEIVED = "received", _("Recibido")
        QUEUED = "queued", _("En cola")
        SENT = "sent", _("Enviado")
        DELIVERED = "delivered", _("Entregado")
        READ = "read", _("Leído")
        FAILED = "failed", _("No salió")
        CANCELLED = "cancelled", _("Cancelado")

    conversation = TenantForeignKey(Conversation, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    author = models.CharField(max_length=20, choices=Author)
    author_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, default="text")
    text = models.TextField(blank=True)
    media = models.JSONField(default=dict, blank=True)
    buttons = models.JSONField(default=list, blank=True)  # [{"id": an opaque code, "title"}], three at most
    provider_id = models.CharField(max_length=200, blank=True)  # WhatsApp's id of the message
    provider_ref = models.CharField(max_length=200, blank=True)  # the provider's own id of it
    status = models.CharField(max_length=20, choices=Status)
    error_code = models.CharField(max_length=60, blank=True)
    error_text = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=100, null=True, blank=True)  # noqa: DJ001  (unique where there is one)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)  # of an inbound one: when the patient sent it
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    posting_since = models.DateTimeField(null=True, blank=True)  # a POST is under way, or its worker died in it
    turn = TenantForeignKey(Turn, null=True, blank=True)
    reply_to = models.CharField(max_length=200, blank=True, default="", db_default="")  # the provider_id it quotes
    referral = models.JSONField(default=dict, blank=True, db_default={})  # the advertisement that it came from
    reactions = models.JSONField(default=dict, blank=True, db_default={})  # {"patient": {"emoji", "at"}, "staff": …}
    edited_at = models.DateTimeField(null=True, blank=True)
    former_text = models.TextField(blank=True, default="", db_default="")  # what it said before it was edited
    template = models.JSONField(default=dict, blank=True, db_default={})  # {"name", "language", "components"}
    pricing = models.JSONField(default=dict, blank=True, db_default={})  # as the provider reports it, never inferred
    scheduled_at = models.DateTimeField(null=True, blank=True)  # the hour that somebody chose for it
    send_before = models.DateTimeField(null=True, blank=True)  # of no use after
    came_by = TenantForeignKey(Conversation, null=True, blank=True)  # the merged one by whose identity it came
    send_number = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)  # what failed may go anew
    former_ref = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)  # of that one

    objects = ChatMessageQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "chat_messages"
        verbose_name = _("mensaje")
        verbose_name_plural = _("mensajes")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "conversation", "key"], name="chat_messages_key_key")]

    def __str__(self):
        return f"{self.get_author_display()} {self.pk}"

    file = None  # of those that came with one: `media.with_files` puts its row here

    @property
    def words(self):
        """What the patient says with it: what was written, and what was heard in a recording."""
        heard = self.file.transcript if self.file and self.file.is_heard else ""
        return "\n".join(text for text in (self.text, heard) if text)

    @property
    def is_inbound(self):
        return self.direction == self.Direction.IN

    @property
    def is_late(self):
        """It reached us long after it was written."""
        return self.is_inbound and self.created_at - self.sent_at > LATE

    @property
    def in_doubt(self):
        return self.error_code == IN_DOUBT

    @property
    def reply_id(self):
        """The opaque code of the button or row that the patient tapped, or ""."""
        return self.media.get("reply_id", "")

    @property
    def external_id(self):
        """What the provider gives back in statuses, so that a send without an answer is found again. Each send of a
        message has its own, and so has each installation that sends on one account."""
        number = f"-{self.send_number}" if self.send_number > 1 else ""
        return f"dl-{self.conversation.channel.tag}-{self.pk}{number}"


ANSWERED_KINDS = {"text", "button", "audio", "image", "video", "document", "location"}


class MessageStatus(TenantModel):
    """A report of a provider about an outgoing message. All are kept; only those that climb change the message."""

    message = TenantForeignKey(ChatMessage, null=True, blank=True, related_name="reports")
    channel = TenantForeignKey(Channel)
    event_id = models.CharField(max_length=200)
    provider_id = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20)
    at = models.DateTimeField()
    payload = models.JSONField(default=dict, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "message_statuses"
        constraints = [models.UniqueConstraint(
            fields=["tenant", "channel", "event_id"], name="message_statuses_event_id_key")]

    def __str__(self):
        return f"{self.status} {self.provider_id}"
