import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantModel


class Channel(TenantModel):
    """A number of the clinic at a provider. Its secrets are in the vault, under `secret_name` and `api_key_name`."""

    class Provider(models.TextChoices):
        YCLOUD = "ycloud", "YCloud"
        META = "meta", "Meta"

    class Health(models.TextChoices):
        OK = "ok", _("Funciona")
        WARNING = "warning", _("Con avisos")
        OUT = "out", _("No funciona")

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    provider = models.CharField(_("proveedor"), max_length=20, choices=Provider, default=Provider.YCLOUD)
    number = models.CharField(_("número"), max_length=20)
    phone_number_id = models.CharField(max_length=60, blank=True, default="", db_default="")  # Meta's name for it
    waba_id = models.CharField(max_length=60, blank=True, default="", db_default="")  # its WhatsApp business account
    name = models.CharField(_("nombre"), max_length=80)
    active = models.BooleanField(_("activo"), default=True)
    sandbox = models.BooleanField(_("de prueba"), default=False)
    health = models.CharField(max_length=10, choices=Health, blank=True, default="", db_default="")
    health_code = models.CharField(max_length=60, blank=True, default="", db_default="")  # a word of theirs, or ours
    health_text = models.CharField(max_length=300, blank=True, default="", db_default="")
    health_at = models.DateTimeField(null=True, blank=True)  # since when it is so
    quality = models.CharField(max_length=20, blank=True, default="", db_default="")
    looked_at = models.DateTimeField(null=True, blank=True)  # when we last asked the provider
    proven_at = models.DateTimeField(null=True, blank=True)  # the key read this very number at the provider
    webhook_id = models.CharField(max_length=80, blank=True, default="", db_default="")
    former_secret_until = models.DateTimeField(null=True, blank=True)  # until then the secret before this one counts
    held_until = models.DateTimeField(null=True, blank=True, editable=False)  # its provider refuses whatever is sent
    held_code = models.CharField(max_length=60, blank=True, editable=False, db_default="")
    templates_synced_at = models.DateTimeField(null=True, blank=True, editable=False)  # last asked for
    templates_fault = models.CharField(max_length=60, blank=True, default="", db_default="", editable=False)
    templates_held_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(TenantModel.Meta):
        db_table = "channels"
        verbose_name = _("canal")
        verbose_name_plural = _("canales")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="channels_public_id_key"),
            models.UniqueConstraint(
                fields=["tenant", "phone_number_id"], condition=~models.Q(phone_number_id=""),
                name="channels_phone_number_id_key"),
        ]

    def __str__(self):
        return f"{self.name} ({self.number})"

    @property
    def secret_name(self):
        return f"channel.{self.pk}.secret"

    @property
    def former_secret_name(self):
        return f"channel.{self.pk}.former_secret"

    @property
    def api_key_name(self):
        return f"channel.{self.pk}.api_key"

    @property
    def tag(self):
        """Names it among those of every installation."""
        return self.public_id.hex[:12]

    @property
    def webhook_path(self):
        return f"/webhooks/{self.provider}/{self.public_id}"
