from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from clinics import by_hand
from clinics.patients.models import Patient
from clinics.patients.words import spans
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from dentalogic.lib import phones
from messaging.models.channel import Channel

WINDOW = timedelta(hours=24)
PRESSING = ("emergency", "urgent")
RANKS = {"emergency": 0, "urgent": 1, "asked": 2, "rest": 3}


class ConversationQuerySet(TenantQuerySet):
    def known_as(self, *, channel_id, phone, wa_user_id):
        """Those of a channel that this phone or this WhatsApp id names: at most one each."""
        who = {name: value for name, value in (("phone", phone), ("wa_user_id", wa_user_id)) if value}
        if len(who) == 1:
            return self.filter(channel_id=channel_id, **who)
        return self.filter(Q(**who, _connector=Q.OR), channel_id=channel_id) if who else self.none()

    def of_person(self, *, phone="", patient_id=None):
        """With one person, on whichever of the clinic's numbers: by their phone, or by whose they are."""
        theirs = Q(patient=patient_id) if patient_id else Q(pk__in=[])
        if phone:
            theirs |= Q(phone__in=phones.both_ways(phone))
        return self.filter(theirs, merged_into=None)

    def want_no_promotions(self):
        return self.filter(marketing_opt_out_at__isnull=False)

    def locked(self, pk):
        """The row, ours until the transaction ends; where it was merged into another, that one."""
        row = by_hand.get(self.model, pk, locked=True)
        while row.merged_into_id:
            row = by_hand.get(self.model, row.merged_into_id, locked=True)
        return row

    def unclaimed(self, *, now):
        """In nobody's hands: a claim of a dead worker runs out."""
        return self.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - timedelta(seconds=settings.TURN_LEASE)))

    def claimable(self, *, now):
        """Gone quiet, the receptionist's, and in nobody's hands."""
        return self.unclaimed(now=now).filter(quiet_at__lte=now, attended_by=Conversation.Attends.RECEPTIONIST)

    def ranked(self):
        """Annotated with `rank`: emergency, urgent, waits for a person whom nobody is yet, the rest."""
        waits = Q(waiting_since__isnull=False)
        news = waits | Q(unread__gt=0)
        rank = Case(
            When(news & Q(triage_level="emergency"), then=Value(RANKS["emergency"])),
            When(news & Q(triage_level="urgent"), then=Value(RANKS["urgent"])),
            When(waits & Q(assigned_to=None), then=Value(RANKS["asked"])),
            default=Value(RANKS["rest"]), output_field=IntegerField())
        return self.annotate(rank=rank)

    def for_inbox(self):
        return self.exclude(last_message_at=None).select_related("patient", "assigned_to").order_by(
            "-last_message_at", "-pk")

    def needing_someone(self):
        """The inbox's first group: oldest wait first."""
        some = Q(waiting_since__isnull=False) | Q(triage_level__in=PRESSING, unread__gt=0)  # each has its index
        return self.filter(some).ranked().filter(rank__lt=RANKS["rest"]).order_by("rank", "waiting_since", "pk")

    def the_rest(self):
        return self.ranked().filter(rank=RANKS["rest"]).order_by("-last_message_at", "-pk")

    def unread(self):
        return self.filter(unread__gt=0)

    def assigned_to_user(self, user_id):
        return self.filter(assigned_to_id=user_id, attended_by=Conversation.Attends.STAFF)

    def new_people(self):
        """Those whom no patient's row knows yet."""
        return self.filter(patient=None)

    def search(self, text):
        """By patient, by the words of its messages, by a part of the phone, by the WhatsApp id.

        Reads `>=` and `<`, for under a row policy no other operator of text uses an index.
        """
        found = Q(patient__in=Patient.objects.search(text)) | self._said(text)
        starts = [("phone", phone) for phone in phones.both_ways(phones.e164(text)) if phone]
        for field, start in [*starts, ("wa_user_id", text.strip())]:
            if start:
                found |= Q(**{f"{field}__gte": start, f"{field}__lt": start + "\U0010ffff"})
        merged = Conversation.objects.filter(found, merged_into__isnull=False)
        return self.filter(found | Q(pk__in=merged.values("merged_into_id")), merged_into=None)


    def _said(self, text):
        """Each word of `text` begins a word of the conversation."""
        words, every = apps.get_model("messaging.ConversationWord"), Q()
        for start, end in spans(text):
            told = words.objects.filter(word__gte=start, word__lt=end)
            every &= Q(pk__in=told.values("conversation_id"))
        return every if every else Q(pk__in=[])


class Conversation(TenantModel):
    """What a person and a channel say to each other. Who attends it is said here and nowhere else."""

    class Attends(models.TextChoices):
        RECEPTIONIST = "receptionist", _("Recepcionista")
        STAFF = "staff", _("Equipo")

    channel = TenantForeignKey(Channel)
    phone = models.CharField(max_length=20, blank=True)  # E.164, folded; "" for who writes without one
    wa_user_id = models.CharField(max_length=140, blank=True)  # WhatsApp's own id, of one business portfolio
    address = models.CharField(max_length=140, blank=True)  # the id as last received: where answers go
    profile_name = models.CharField(max_length=120, blank=True)
    patient = TenantForeignKey(Patient, null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    attended_by = models.CharField(max_length=20, choices=Attends, default=Attends.RECEPTIONIST)
    handoff_reason = models.CharField(max_length=60, blank=True)
    handoff_at = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    words_at = models.DateTimeField(null=True, blank=True)  # when its messages were last read for the search
    words_upto = models.BigIntegerField(default=0, db_default=0)  # and up to which one
    staffed_at = models.DateTimeField(null=True, blank=True)  # when somebody of the clinic last took it or wrote
    passed_at = models.DateTimeField(null=True, blank=True)  # to whom it is assigned, who has not looked yet
    triage_level = models.CharField(max_length=20, blank=True)
    triage_reasons = models.JSONField(default=list, blank=True)
    alarm_at = models.DateTimeField(null=True, blank=True)  # an emergency whose letter is not written yet
    alarm_tried_at = models.DateTimeField(null=True, blank=True)
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_message_text = models.CharField(max_length=200, blank=True)
    last_inbound_at = models.DateTimeField(null=True, blank=True)  # by the patient's own timestamp: opens the window
    unread = models.PositiveIntegerField(default=0)
    waiting_since = models.DateTimeField(null=True, blank=True)  # a message that a person should answer
    quiet_at = models.DateTimeField(null=True, blank=True)  # when the receptionist may take her turn
    burst_started_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    faults = models.PositiveSmallIntegerField(default=0)  # turns begun since the last one that ended well
    failed_attempts = models.PositiveSmallIntegerField(default=0)
    answered_upto = models.BigIntegerField(default=0)  # the last message that was answered, or given to a person
    marketing_opt_out_at = models.DateTimeField(null=True, blank=True)
    merged_into = TenantForeignKey("self", null=True, blank=True)  # it goes on there, with its identity

    objects = ConversationQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "conversations"
        verbose_name = _("conversación")
        verbose_name_plural = _("conversaciones")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "channel", "phone"], condition=~Q(phone=""), name="conversations_phone_key"),
            models.UniqueConstraint(
                fields=["tenant", "channel", "wa_user_id"], condition=~Q(wa_user_id=""),
                name="conversations_wa_user_id_key"),
        ]

    def __str__(self):
        return self.shown_name

    @property
    def shown_name(self):
        if self.patient_id:
            return self.patient.name
        return self.profile_name or phones.show(self.phone) or self.wa_user_id

    @property
    def wants_no_promotions(self):
        """Said here, or to any other of the clinic's numbers. Asks the database, in the caller's transaction."""
        elsewhere = Conversation.objects.of_person(phone=self.phone, patient_id=self.patient_id)
        return self.marketing_opt_out_at is not None or elsewhere.want_no_promotions().exists()

    @property
    def with_staff(self):
        return self.attended_by == self.Attends.STAFF

    @property
    def window_closes_at(self):
        return self.last_inbound_at + WINDOW if self.last_inbound_at else None

    def window_open(self, now):
        return self.last_inbound_at is not None and now <= self.window_closes_at
