"""Offers to those who wait, told by WhatsApp where the receptionist attends: in her words while the window is open,
else by the template of the rule, if it is on. Else the desk calls, as the waitlist says."""
from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from agenda import waitlist
from agenda.models import WaitlistOffer
from clinics import tenancy
from dentalogic.lib import clock
from messaging import automations, outbox
from messaging.automations import offering
from messaging.models import ChatMessage, Conversation

KEY = "waitlist:"  # of the message that tells an offer, with its number
YES, NO = "wl:yes:", "wl:no:"  # of its buttons, with its code


def tell(*, offer) -> ChatMessage | None:
    """In the transaction that offers it; by template where they did not write lately. None where nobody here can
    answer it: then somebody has to call."""
    key, conversation = f"{KEY}{offer.pk}", _conversation_of(offer.entry.patient_id)
    with override(settings.LANGUAGE_CODE):  # the patient's, whoever offers it
        text, buttons = _text(offer), [
            {"id": YES + offer.code, "title": _("Sí, lo quiero")}, {"id": NO + offer.code, "title": _("No, gracias")}]
    if conversation is None:
        return offering.tell(offer=offer, key=key, buttons=buttons)
    said = outbox.say(
        conversation=conversation, text=text, author=ChatMessage.Author.RECEPTIONIST, buttons=buttons, key=key,
        before=offer.expires_at)
    waitlist.told(offer=offer, how=WaitlistOffer.Told.WHATSAPP)
    return said


def unsaid(message) -> None:
    """It did not go out: the desk calls."""
    if message.key and message.key.startswith(KEY):
        waitlist.told(offer=WaitlistOffer.objects.get(pk=int(message.key.removeprefix(KEY))),
                      how=WaitlistOffer.Told.CALL)


def told_in(conversation, *, code="") -> WaitlistOffer | None:
    """The offer that was told in this conversation: of this code, or the one that was the last thing said there."""
    said = ChatMessage.objects.of(conversation).outbound()
    if code:
        offer = WaitlistOffer.objects.with_names().filter(code=code).first()
        return offer if offer and said.filter(key=f"{KEY}{offer.pk}").exists() else None
    last = said.order_by("-pk").values_list("key", flat=True).first() or ""
    if not last.startswith(KEY):
        return None
    return WaitlistOffer.objects.with_names().filter(pk=int(last.removeprefix(KEY))).first()


def _conversation_of(patient_id):
    if not automations.is_on(automations.RECEPTIONIST):
        return None
    now = clock.now()
    rows = Conversation.objects.filter(
        patient=patient_id, attended_by=Conversation.Attends.RECEPTIONIST, channel__active=True)
    newest = rows.exclude(last_inbound_at=None).order_by("-last_inbound_at").first()
    return newest if newest and newest.window_open(now) else None


def _text(offer):
    zone = tenancy.here().zone
    facts = {
        "treatment": offer.entry.treatment.name, "who": offer.professional.name, "day": _day(offer.start_at, zone),
        "time": _hour(offer.start_at, zone), "until": _hour(offer.expires_at, zone)}
    lines = [_("Se liberó un turno antes: %(treatment)s el %(day)s a las %(time)s, con %(who)s.") % facts]
    if visit := offer.entry.appointment:
        lines.append(_("Si lo querés, tu turno del %(day)s a las %(time)s pasa a ese horario.") % {
            "day": _day(visit.start_at, zone), "time": _hour(visit.start_at, zone)})
    return " ".join([*lines, _("Te lo guardo hasta las %(until)s. ¿Lo querés?") % facts])


def _day(instant, zone):
    return formats.date_format(instant.astimezone(zone), "l j/n").lower()


def _hour(instant, zone):
    return instant.astimezone(zone).strftime("%H:%M")
