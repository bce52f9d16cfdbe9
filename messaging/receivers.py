"""What happens below that a conversation should hear of."""
from django.dispatch import receiver

from agenda.signals import waitlist_offered
from messaging import waiting


@receiver(waitlist_offered, dispatch_uid="messaging.tell_who_waits")
def tell_who_waits(offer, **_kwargs):
    waiting.tell(offer=offer)
