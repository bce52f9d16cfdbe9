import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinics.models import Professional
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet

from .appointment import Appointment, Status

CLAIM_SECONDS = 120  # after which a claim is a dead worker's
# What is in the professional's calendar: a hold is nobody's yet, what was cancelled or missed gave its time back.
PRESENT = (Status.SCHEDULED, Status.CONFIRMED, Status.ARRIVED, Status.SEATED, Status.COMPLETED)


class CalendarQuerySet(TenantQuerySet):
    def active(self):
        return self.filter(state=Calendar.State.ACTIVE)

    def awake(self, now):
        """Those that the breaker lets ask."""
        return self.filter(Q(paused_until=None) | Q(paused_until__lte=now))

    def discard(self):
        """Delete in one statement, which names the clinic; what still points at one is refused by its foreign key."""
        return self._raw_delete(self.db)


class Calendar(TenantModel):
    """A professional's Google calendar: how it is reached, which one it is, and how far the mirror has come.

    What opens it is in the vault under `secret_name`. `google_id` is what a person confirmed; `professionals` repeats
    it, for whoever reads a professional alone.
    """

    class Kind(models.TextChoices):
        OAUTH = "oauth", _("Cuenta de Google")
        SERVICE = "service", _("Cuenta de servicio")

    class State(models.TextChoices):
        CHECKING = "checking", _("Comprobando")
        CHOOSING = "choosing", _("Falta elegir el calendario")
        ACTIVE = "active", _("Conectado")
        REVOKED = "revoked", _("Permiso retirado")
        REFUSED = "refused", _("No se pudo conectar")
        LEAVING = "leaving", _("Desconectando")

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)  # of the address that Google calls
    professional = TenantForeignKey(Professional, verbose_name=_("profesional"))
    kind = models.CharField(_("acceso"), max_length=10, choices=Kind)
    account = models.CharField(_("cuenta"), max_length=200, blank=True, default="")
    state = models.CharField(_("estado"), max_length=10, choices=State, default=State.CHECKING)
    choices = models.JSONField(default=list, blank=True)  # [{"id", "name", "zone", "writes"}]: what may be chosen
    google_id = models.CharField(_("calendario"), max_length=200, null=True, blank=True)  # noqa: DJ001 (unique)
    name = models.CharField(_("nombre"), max_length=200, blank=True, default="")
    zone = models.CharField(_("huso horario"), max_length=60, blank=True, default="")
    writes = models.BooleanField(_("deja escribir"), default=True)
    fault = models.CharField(_("falla"), max_length=40, blank=True, default="")
    failures = models.PositiveIntegerField(_("fallas seguidas"), default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    sync_token = models.TextField(blank=True, default="")
    window_until = models.DateTimeField(null=True, blank=True)  # how far the last whole listing reached
    pull_at = models.DateTimeField(null=True, blank=True)  # when it is to be asked next
    pulling_since = models.DateTimeField(null=True, blank=True)  # somebody's claim
    synced_at = models.DateTimeField(_("al día a las"), null=True, blank=True)
    connected_at = models.DateTimeField(_("conectado"))

    objects = CalendarQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "calendars"
        verbose_name = _("calendario")
        verbose_name_plural = _("calendarios")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="calendars_public_id_key"),
            models.UniqueConstraint(fields=["tenant", "professional"], name="calendars_professional_key"),
            models.UniqueConstraint(fields=["tenant", "google_id"], name="calendars_google_id_key"),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(google_id__isnull=False), name="calendars_active_is_known"),
        ]

    def __str__(self):
        return self.name or self.account

    @property
    def secret_name(self):
        return f"calendar.{self.professional_id}.grant"

    @property
    def is_active(self):
        return self.state == self.State.ACTIVE

    def is_paused(self, now):
        return self.paused_until is not None and self.paused_until > now


class CalendarEvent(TenantModel):
    """A line of the mirror: an event's times and nothing of what it says. One with an `appointment` is ours."""

    calendar = TenantForeignKey(Calendar)
    professional = TenantForeignKey(Professional)
    event_id = models.CharField(max_length=1024)
    instance_at = models.DateTimeField()  # which one of a series, even after it moved; a single event's start
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    all_day = models.BooleanField(default=False)
    busy = models.BooleanField(default=True)
    appointment = TenantForeignKey(Appointment, null=True, blank=True)
    etag = models.CharField(max_length=100, blank=True, default="")
    seen_at = models.DateTimeField()  # when the answer that it comes from was asked for

    class Meta(TenantModel.Meta):
        db_table = "calendar_events"
        verbose_name = _("evento del calendario")
        verbose_name_plural = _("eventos del calendario")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "calendar", "event_id", "instance_at"], name="calendar_events_key"),
            models.CheckConstraint(condition=Q(end_at__gte=F("start_at")), name="calendar_events_span"),
        ]

    def __str__(self):
        return f"{self.start_at:%Y-%m-%d %H:%M}"


class CalendarPush(TenantModel):
    """What a calendar is to say of an appointment: that it is there as its row says, or that it is not.

    `version` is the appointment's that Google was told last; while `next_try_at` is set there is something to tell.
    """

    calendar = TenantForeignKey(Calendar)
    appointment = TenantForeignKey(Appointment)
    event_id = models.CharField(max_length=64)
    present = models.BooleanField(default=True)
    version = models.IntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, blank=True, default="")
    pushed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "calendar_pushes"
        verbose_name = _("envío al calendario")
        verbose_name_plural = _("envíos al calendario")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "appointment", "calendar"], name="calendar_pushes_appointment_key"),
            models.UniqueConstraint(fields=["tenant", "calendar", "event_id"], name="calendar_pushes_event_key"),
        ]

    def __str__(self):
        return self.event_id


class CalendarChannel(TenantModel):
    """A watch: until when Google tells us of changes, and what its notices prove themselves by."""

    calendar = TenantForeignKey(Calendar)
    channel_id = models.CharField(max_length=64)
    token_digest = models.CharField(max_length=64)
    resource_id = models.CharField(max_length=200, blank=True, default="")
    expires_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "calendar_channels"
        verbose_name = _("aviso de calendario")
        verbose_name_plural = _("avisos de calendario")
        constraints = [models.UniqueConstraint(fields=["tenant", "channel_id"], name="calendar_channels_channel_key")]

    def __str__(self):
        return self.channel_id
