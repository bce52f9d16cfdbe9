"""What a provider's "no" means beyond its one message: for the number, for templates, for who it was to.

A number that is held sends nothing; when its time is over one message tries it, and the others wait for how that ends.
"""
from datetime import timedelta

from clinics import audit, live, tenancy
from dentalogic.lib import clock
from messaging import providers
from messaging.models import Channel, Conversation
from messaging.providers.base import Then

HELD = timedelta(minutes=15)
TEMPLATES_HELD = timedelta(hours=1)
# the request never left, or was not yet the one that sends
NOT_BEGUN = {"ConnectError", "ConnectTimeout", "PoolTimeout", "address", "storage", "no_media_id"}


def heed(*, message, code, now) -> None:
    """Do what a code asks for besides failing its message. In the transaction of whoever heard it."""
    channel = message.conversation.channel
    then = providers.of(channel).meaning(code)
    if then == Then.OUT:
        _hold(channel, message, code, held_until=now + HELD, held_code=code)
    elif then == Then.HOLD:
        _hold(channel, message, code, templates_held_until=now + TEMPLATES_HELD)
    elif then == Then.TEMPLATE:
        audit.log_security_event("template_refused", severity="warning", code=code, message=message.pk)
        _ask_for_templates(channel)
    elif then == Then.OPTED_OUT:
        Conversation.objects.filter(pk=message.conversation_id, marketing_opt_out_at=None).update(
            marketing_opt_out_at=now)


def _ask_for_templates(channel):
    from messaging import templates  # noqa: PLC0415  (which says them through the outbox, above this)

    templates.ask_again(channel)


def _hold(channel, message, code, **until):
    Channel.objects.filter(pk=channel.pk).update(**until)
    audit.log_security_event("channel_out", severity="warning", code=code, message=message.pk)
    live.say("CLINIC_UPDATED")


def not_taken(*, channel, code) -> bool:
    """Whether a code says for sure that the provider has not got the message."""
    return code in NOT_BEGUN or too_fast(channel=channel, code=code) or recipient_is_full(channel=channel, code=code)


def too_fast(*, channel, code) -> bool:
    return providers.of(channel).meaning(code) == Then.AGAIN


def recipient_is_full(*, channel, code) -> bool:
    """Only whoever it is to has to wait."""
    return providers.of(channel).meaning(code) == Then.RECIPIENT


def may_try(*, channel, now) -> bool:
    """Whether a message may be posted on this number: free, or ours alone to try it after it was held."""
    if channel.held_until is None:
        return True
    mine = Channel.objects.filter(pk=channel.pk, held_until=channel.held_until, held_until__lte=now)
    return bool(mine.update(held_until=now + HELD))


def not_tried(*, channel) -> None:
    """The one that was to try a held number was not posted, for a reason of its own: the next one tries."""
    if channel.held_until:
        Channel.objects.filter(pk=channel.pk, held_until__gt=clock.now()).update(held_until=clock.now())


@tenancy.atomic
def release(*, channel) -> None:
    """A message went out, or somebody mended what was wrong: what waits may go."""
    if Channel.objects.filter(pk=channel.pk, held_until__isnull=False).update(held_until=None, held_code=""):
        live.say("CLINIC_UPDATED")
