"""A few conversations, so that the inbox has somebody in it: one needs a person, one is done, one has no phone."""
from datetime import timedelta

from dentalogic.lib import clock
from messaging.models import Channel, ChatMessage, Conversation

IN, OUT = ChatMessage.Direction.IN, ChatMessage.Direction.OUT
PATIENT, ALMA = ChatMessage.Author.PATIENT, ChatMessage.Author.RECEPTIONIST


def write(*, channel_number, patients):
    channel = Channel.objects.get(number=channel_number)
    _talk(channel, minutes_ago=9, patient=patients[3], attended_by=Conversation.Attends.STAFF,
          handoff_reason="asked", waiting=True, lines=(
              (PATIENT, "Hola, prefiero hablar con alguien por el presupuesto de la corona"),
              (ALMA, "Claro. Le aviso al equipo y te contestan por acá.")))
    _talk(channel, minutes_ago=55, patient=patients[8], lines=(
        (PATIENT, "buen día! a qué hora abren mañana?"),
        (ALMA, "Buen día. Mañana abrimos a las 8. ¿Querés que te busque un turno?"),
        (PATIENT, "no, gracias!")))
    _talk(channel, minutes_ago=180, wa_user_id="AR.1502576394650001", profile_name="Lu", lines=(
        (PATIENT, "hola, atienden por OSDE?"), (ALMA, "Hola. Sí, atendemos OSDE. ¿Querés que te busque un turno?")))


def _talk(channel, *, minutes_ago, lines, patient=None, waiting=False, handoff_reason="", **fields):
    last = clock.now() - timedelta(minutes=minutes_ago)
    conversation = Conversation.objects.create(
        channel=channel, patient=patient, phone=patient.phone if patient else "",
        address=patient.phone if patient else fields.get("wa_user_id", ""), last_message_at=last,
        last_inbound_at=last, last_message_text=lines[-1][1][:200], unread=1 if waiting else 0,
        handoff_reason=handoff_reason, handoff_at=last if handoff_reason else None,
        waiting_since=last if waiting else None, **fields)
    for number, (author, text) in enumerate(lines):
        at = last - timedelta(minutes=len(lines) - 1 - number)
        inbound = author == PATIENT
        ChatMessage.objects.create(
            conversation=conversation, direction=IN if inbound else OUT, author=author, text=text, created_at=at,
            sent_at=at, status=ChatMessage.Status.RECEIVED if inbound else ChatMessage.Status.READ,
            provider_id=f"wamid.demo.{conversation.pk}.{number}")
    newest = ChatMessage.objects.of(conversation).order_by("pk").last()
    Conversation.objects.filter(pk=conversation.pk).update(answered_upto=newest.pk)
