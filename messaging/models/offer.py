from django.db import models

from agenda.models import TreatmentType
from clinics.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from messaging.models.conversation import Conversation


class OfferQuerySet(TenantQuerySet):
    def live(self, *, conversation, now):
        """Those that a code may still be taken from, newest first."""
        return self.filter(conversation=conversation, closed_at=None, expires_at__gt=now).order_by("-pk")


class Offer(TenantModel):
    """Openings that were said to a patient. Only a code of a live offer can be booked."""

    conversation = TenantForeignKey(Conversation, related_name="offers")
    treatment = TenantForeignKey(TreatmentType)
    options = models.JSONField(default=list)  # [{"code", "professional", "start_at", "end_at"}]
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    chosen_code = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        db_table = "offers"

    def __str__(self):
        return f"{self.conversation_id}: {len(self.options)}"

    def option(self, code):
        return next((option for option in self.options if option["code"] == code), None)
