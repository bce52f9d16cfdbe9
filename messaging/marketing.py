"""Who wants no promotions. What concerns their visits goes out all the same."""
import re

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from clinics import live
from dentalogic.lib.text import fold
from messaging import outbox
from messaging.models import ChatMessage, Conversation

STOP = {
    "baja", "stop", "dar de baja", "darme de baja", "dame de baja", "quiero darme de baja", "quiero la baja",
    "unsubscribe", "desuscribir", "desuscribirme"}
START = {"alta", "start"}
_THINGS = r"(?:mensajes|promos|promociones|publicidad|publicidades|propaganda|ofertas|novedades)"
_SAID = re.compile(
    rf"\bno (?:quiero|deseo)(?: recibir)? mas {_THINGS}\b"
    rf"|\bno me (?:manden|mandes|envien|envies) mas {_THINGS}\b"
    rf"|\bdej(?:en|a) de (?:mandarme|enviarme) {_THINGS}\b")


def settles(conversation, text) -> bool:
    """Whether code answers it. ALTA of who gets our news anyway is a word like any other."""
    word = _plain(text)
    return word in STOP or (word in START and conversation.wants_no_promotions)


def says_no(text) -> bool:
    plain = _plain(text)
    return plain in STOP or bool(_SAID.search(plain))


def heed(*, conversation, message, now) -> None:
    """What a patient's message says about promotions, kept and confirmed once. In the transaction that stores it."""
    with override(settings.LANGUAGE_CODE):  # the patient's
        if says_no(message.text) and opt_out(conversation=conversation, now=now):
            _confirm(conversation, message, _(
                "Listo: no te vamos a mandar más promociones. Los avisos de tus turnos te siguen llegando. Si cambiás "
                "de idea, escribí ALTA."))
        elif _plain(message.text) in START and opt_in(conversation=conversation):
            _confirm(conversation, message, _(
                "Listo: volvés a recibir nuestras novedades. Si no las querés más, escribí BAJA."))


def opt_out(*, conversation, now) -> bool:
    """They want no marketing any more; whether that is news. In the caller's transaction."""
    return _set(Conversation.objects.filter(pk=conversation.pk, marketing_opt_out_at=None), conversation, now)


def opt_in(*, conversation) -> bool:
    """They want it again, whichever of the clinic's numbers they had said no to."""
    theirs = Conversation.objects.of_person(phone=conversation.phone, patient_id=conversation.patient_id)
    out = (theirs | Conversation.objects.filter(pk=conversation.pk)).want_no_promotions()
    return _set(Conversation.objects.filter(pk__in=list(out.values_list("pk", flat=True))), conversation, None)


def _set(rows, conversation, value):
    if not rows.update(marketing_opt_out_at=value):
        return False
    live.say("CHAT_UPDATED", conversation=conversation.pk)
    return True


def _confirm(conversation, message, text):
    if not message.is_late:
        outbox.say(
            conversation=conversation, text=text, author=ChatMessage.Author.SYSTEM, key=f"marketing:{message.pk}")


def _plain(text):
    return " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())
