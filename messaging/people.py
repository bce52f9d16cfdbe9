"""Who writes: the conversation that a channel's identity names, and the patient that a phone does."""
from clinics.patients import intake
from dentalogic.lib import clock, phones
from messaging import handoff
from messaging.models import Conversation


def conversation_of(*, channel, event) -> Conversation:
    """The person's conversation, locked; made when they are new. In the caller's transaction."""
    phone = number_of(event)
    who = {"channel_id": channel.pk, "phone": phone, "wa_user_id": event.user_id}
    known = Conversation.objects.known_as(**who).select_for_update().order_by("pk")
    found = list(known)
    if not found:
        address = event.phone or event.user_id
        Conversation.objects.bulk_create(
            [Conversation(**who, address=address, profile_name=event.name, patient=_patient(phone))],
            ignore_conflicts=True)  # two first messages at once: one makes it, the other waits and finds it
        found = list(known.all())
    return found[0] if len(found) == 1 else _one_of_two(found, phone, event.user_id)


def recognise(conversation) -> None:
    """Link the patient whom the clinic registered since the conversation began. Not for every message: it searches."""
    if conversation.patient_id is None and (patient := _patient(conversation.phone)):
        Conversation.objects.filter(pk=conversation.pk, patient=None).update(patient=patient)
        conversation.patient = patient


def number_of(event) -> str:
    return phones.e164(event.phone) or event.phone if event.phone else ""


def _patient(phone):
    return intake.find_by_phone(phone) if phone else None


def _one_of_two(found, phone, wa_user_id):
    """Known apart by phone and by id until a message carried both: the phone's conversation takes the id."""
    keeps, gives = sorted(found, key=lambda conversation: conversation.phone != phone)
    Conversation.objects.filter(pk=gives.pk).update(wa_user_id="", quiet_at=None, claim=None, claimed_at=None)
    if gives.with_staff and not keeps.with_staff:
        handoff.to_staff(conversation=keeps, reason=gives.handoff_reason, now=clock.now())
    keeps.wa_user_id = wa_user_id
    Conversation.objects.filter(pk=keeps.pk).update(wa_user_id=wa_user_id)
    return keeps
