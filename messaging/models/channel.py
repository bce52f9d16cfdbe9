import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantModel


class Channel(TenantModel):
    """A number of the clinic at a provider. Its secrets are in the vault, under `secret_name` and `api_key_name`."""

    class Provider(models.TextChoices):
        YCLOUD = "ycloud", "YCloud"

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    provider = models.CharField(_("proveedor"), max_length=20, choices=Provider, default=Provider.YCLOUD)
    number = models.CharField(_("número"), max_length=20)
    name = models.CharField(_("nombre"), max_length=80)
    active = models.BooleanField(_("activo"), default=True)
    sandbox = models.BooleanField(_("de prueba"), default=False)

    class Meta(TenantModel.Meta):
        db_table = "channels"
        verbose_name = _("canal")
        verbose_name_plural = _("canales")
        constraints = [models.UniqueConstraint(fields=["tenant", "public_id"], name="channels_public_id_key")]

    def __str__(self):
        return f"{self.name} ({self.number})"

    @property
    def secret_name(self):
        return f"channel.{self.pk}.secret"

    @property
    def api_key_name(self):
        return f"channel.{self.pk}.api_key"

    @property
    def webhook_path(self):
        return f"/webhooks/{self.provider}/{self.public_id}"
