"""A file on its way to the provider, before the message that it goes with: by this nothing is sent."""
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from clinics import tenancy
from dentalogic.lib import clock
from dentalogic.lib.refusals import ProviderError
from messaging import providers
from messaging.models import ChatMessage


class NoLongerOurs(Exception):
    """A send was given up while it was prepared: nothing may be posted any more."""


def uploaded(message) -> str:
    """The provider's id of a claimed message's file; the claim is as good as new then. Run in no transaction. Raises
    ProviderError, which is never `unknown`: however an upload ended, the message did not go; and NoLongerOurs."""
    content = _content(message)
    try:
        reference = providers.of(message.conversation.channel).upload(
            channel=message.conversation.channel, key=message.api_key, filename=message.media["filename"],
            mime=message.media["mime_type"], content=content)
    except ProviderError as fault:
        raise ProviderError(
            str(fault), permanent=fault.permanent, code=fault.code, retry_after=fault.retry_after) from fault
    _keep_claim(message)
    return reference


def _content(message):
    from messaging import media  # noqa: PLC0415  (which says files through the outbox)

    try:
        return media.content(message.media["file"])
    except (FileNotFoundError, ObjectDoesNotExist) as fault:
        raise ProviderError(_("El archivo ya no está guardado."), permanent=True, code="file_gone") from fault
    except OSError as fault:
        raise ProviderError(_("No pudimos leer el archivo."), permanent=False, code="storage") from fault


@tenancy.atomic
def _keep_claim(message):
    """Ours from now on, for as long as a POST takes: whoever was slow up to here may have been given up, and a person
    may have sent it anew."""
    mine = ChatMessage.objects.unsent().filter(pk=message.pk, posting_since=message.posting_since)
    message.posting_since = clock.now()
    if not mine.update(posting_since=message.posting_since):
        raise NoLongerOurs
