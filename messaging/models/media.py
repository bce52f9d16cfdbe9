from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.patients.models import Patient
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from messaging.models.message import ChatMessage

NOT_HERE = {  # why a file is not here, by its code
    "too_large": _("Es demasiado grande para guardarlo."), "wrong_type": _("No es lo que dice ser: no se guardó."),
    "wrong_sum": _("Llegó cambiado: no se guardó."),
    "host": _("Viene de un servidor que no está permitido: no se guardó."),
    "address": _("No viene de WhatsApp: no se guardó."), "redirects": _("No viene de WhatsApp: no se guardó."),
}
NOT_HEARD = {  # why a recording has no transcript
    "no_key": _("Sin transcripción: falta la clave de OpenAI."), "too_long": _("Muy largo para transcribir."),
    "empty": _("No se entiende qué dice."), "budget": _("Sin transcripción: se usó el tope del mes."),
}


class MediaFileQuerySet(TenantQuerySet):
    def to_fetch(self, *, now):
        """Announced by a provider and not here yet, whose time has come."""
        return self.filter(state=MediaFile.State.WAITING, next_try_at__lte=now)

    def to_hear(self, *, now):
        """Recordings that are here and have no transcript yet, whose time has come."""
        return self.filter(transcript_state=MediaFile.Heard.WAITING, next_try_at__lte=now)

    def unfiled(self):
        """Nobody's yet, though the person of their conversation is known by now."""
        return self.filter(
            patient=None, state=MediaFile.State.STORED, message__conversation__patient__isnull=False)

    def of_patient(self, patient):
        return self.filter(patient=patient, state=MediaFile.State.STORED).order_by("-created_at", "-pk")


class MediaFile(TenantModel):
    """A file that came or goes with a message. The row is first; the bytes are in the storage under `name`, ours."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("Foto")
        AUDIO = "audio", _("Audio")
        VIDEO = "video", _("Video")
        DOCUMENT = "document", _("Documento")

    class State(models.TextChoices):
        WAITING = "waiting", _("Bajando")
        STORED = "stored", _("Guardado")
        FAILED = "failed", _("No se pudo bajar")
        REFUSED = "refused", _("No se acepta")

    class Heard(models.TextChoices):
        NOTHING = "", _("Sin voz")
        WAITING = "waiting", _("Escuchando")
        DONE = "done", _("Transcripto")
        FAILED = "failed", _("No se pudo escuchar")

    message = TenantForeignKey(ChatMessage, null=True, blank=True)
    patient = TenantForeignKey(Patient, null=True, blank=True)  # to whom it is filed
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    error = models.CharField(max_length=60, blank=True)  # a code; media/words.py says it
    name = models.CharField(max_length=120)  # in the storage
    filename = models.CharField(max_length=120, blank=True)  # as its sender calls it
    mime = models.CharField(max_length=100, blank=True)  # by its content
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)  # of a voice note
    transcript = models.TextField(blank=True)
    transcript_state = models.CharField(max_length=20, choices=Heard, blank=True, default=Heard.NOTHING)
    transcript_error = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    busy_since = models.DateTimeField(null=True, blank=True)  # a worker has it, or died with it
    created_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True, blank=True)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    objects = MediaFileQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "media_files"
        verbose_name = _("archivo")
        verbose_name_plural = _("archivos")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "message"], name="media_files_message_key",
                                    condition=Q(message__isnull=False)),
            models.UniqueConstraint(fields=["tenant", "name"], name="media_files_name_key"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_stored(self):
        return self.state == self.State.STORED

    @property
    def is_heard(self):
        return self.transcript_state == self.Heard.DONE

    @property
    def is_picture(self):
        return self.mime.startswith("image/")

    @property
    def trouble(self):
        """Why it is not here, as staff read it."""
        return "" if self.is_stored else NOT_HERE.get(self.error, self.get_state_display())

    @property
    def unheard(self):
        """Why it has no transcript, as staff read it; "" for what has one, or needs none."""
        if self.transcript_state != self.Heard.FAILED:
            return ""
        return NOT_HEARD.get(self.transcript_error, _("No se pudo transcribir."))

    @property
    def length(self):
        """`0:12`, of a voice note whose length is known."""
        return "" if self.seconds is None else f"{self.seconds // 60}:{self.seconds % 60:02}"

    @property
    def address(self):
        """Where a page asks for it: whoever may see it is led to a short signed link."""
        return f"/inbox/media/{self.pk}"
