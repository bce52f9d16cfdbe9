from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantForeignKey, TenantModel
from messaging.models.conversation import Conversation


class Merge(TenantModel):
    """Two conversations made one: what moved, and how both were, so that it can be undone."""

    keep = TenantForeignKey(Conversation)
    gone = TenantForeignKey(Conversation)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    moved = models.JSONField(default=dict, blank=True)  # {table: {column: [ids]}}
    before = models.JSONField(default=dict, blank=True)  # {"keep": {…}, "gone": {…}}: what the merge wrote over
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        db_table = "merges"
        verbose_name = _("unión de conversaciones")
        verbose_name_plural = _("uniones de conversaciones")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "gone"], condition=Q(undone_at=None), name="merges_gone_key")]

    def __str__(self):
        return f"{self.gone_id} → {self.keep_id}"
