"""Who writes: the conversation that a channel's identity names, and the patients that a phone does."""
from clinics import by_hand
from clinics.access import SYSTEM
from clinics.patients import intake
from clinics.patients.models import Patient
from dentalogic.lib import clock, phones
from messaging import handoff, marketing
from messaging.models import Conversation, Note

FAMILY = 10  # more patients than this of one phone are nobody's family
OF_AGE = 18


def conversation_of(*, channel, event) -> Conversation:
    """The person's conversation, locked; made when they are new. In the caller's transaction.

    With `came_by` set to the conversation whose identity it was, when that was merged into the one it returns.
    """
    phone = number_of(event)
    who = {"channel_id": channel.pk, "phone": phone, "wa_user_id": event.user_id}
    found = _known(**who) or _said_first(channel, phone)
    if not found:
        address = event.phone or event.user_id
        Conversation.objects.bulk_create(
            [Conversation(**who, address=address, profile_name=event.name, patient=_patient(phone))],
            ignore_conflicts=True)  # two first messages at once: one makes it, the other waits and finds it
        found = _known(**who)
    row = found[0] if len(found) == 1 else _one_of_two(found, phone, event.user_id)
    return _where_it_goes_on(row)


def _known(*, channel_id, **names):
    """`Conversation.objects.known_as`, locked."""
    names = {name: value for name, value in names.items() if value}
    if not names:
        return []
    some = " OR ".join(f"{name} = %s" for name in names)
    return by_hand.read(
        Conversation, f"channel_id = %s AND ({some})", [channel_id, *names.values()], "ORDER BY id FOR UPDATE")


def _said_first(channel, phone):
    """What the clinic said first, under the other way of writing the phone: who answers it is there, and its buttons
    act. From then on it has the phone as it came."""
    numbers = phones.both_ways(phone)
    rows = Conversation.objects.filter(
        channel_id=channel.pk, phone__in=numbers, last_inbound_at=None, merged_into=None)
    return list(rows.select_for_update().order_by("pk")[:1]) if len(numbers) > 1 else []


def _where_it_goes_on(row):
    if row.merged_into_id is None:
        row.came_by_id = None
        return row
    kept = Conversation.objects.locked(row.pk)
    kept.came_by_id = row.pk
    return kept


def identity(conversation, event) -> dict:
    """What a message tells of who wrote it, as changes of its conversation: answers go to the id as received."""
    changes = {
        "address": event.phone or event.user_id or conversation.address,
        "profile_name": event.name or conversation.profile_name}
    if getattr(conversation, "came_by_id", None):  # the identity stays with the conversation that was merged
        return changes
    return changes | {
        "phone": number_of(event) or conversation.phone, "wa_user_id": event.user_id or conversation.wa_user_id}


def open_conversation(*, channel, phone, patient=None) -> Conversation:
    """The conversation with a phone (E.164), made when they never wrote: for what the clinic says first.

    In the caller's transaction. Only a template may be said in one whose window never opened.
    """
    number = phones.fold(phone)
    numbers = phones.both_ways(number)
    found = Conversation.objects.filter(channel=channel, phone__in=numbers).order_by("-last_inbound_at", "pk").first()
    if found is None:
        Conversation.objects.bulk_create(
            [Conversation(channel=channel, phone=number, address=number, patient=patient or _patient(number))],
            ignore_conflicts=True)
        found = Conversation.objects.get(channel=channel, phone=number)
    row = Conversation.objects.locked(found.pk)
    if patient and row.patient_id is None and _is_open(row):
        Conversation.objects.filter(pk=row.pk).update(patient=patient)
        row.patient = patient
    return row


def recognise(conversation) -> None:
    """Link the patient whom the clinic registered since the conversation began. Not for every message: it searches."""
    if conversation.patient_id is None and (patient := _patient(conversation.phone)) and _is_open(conversation):
        Conversation.objects.filter(pk=conversation.pk, patient=None).update(patient=patient)
        conversation.patient = patient


def _is_open(conversation) -> bool:
    """Whose it is may be seen by the phone: nobody has said that it is not theirs."""
    said = Note.objects.filter(conversation=conversation.pk, kind__in=(Note.Kind.LINKED, Note.Kind.UNLINKED))
    return said.order_by("-pk").values_list("kind", flat=True).first() != Note.Kind.UNLINKED


def number_of(event) -> str:
    return phones.e164(event.phone) or event.phone if event.phone else ""


# Families


def patients_of(conversation, *, among=lambda patients: patients, unproved=False) -> list[Patient]:
    """Everybody whom this person may write for: who has the phone, whose guardian has it, and who is linked. The
    linked one first, then the oldest rows; only `among` those that somebody may see. Whose phone was only said, by who
    wrote from elsewhere, is the business of whoever has that phone for people of the clinic alone (`unproved`)."""
    numbers = phones.both_ways(conversation.phone) if conversation.phone else []
    merged = Conversation.objects.filter(merged_into=conversation.pk).exclude(phone="")
    for number in merged.values_list("phone", flat=True):
        numbers += phones.both_ways(number)
    live_ones = among(Patient.objects.live())
    theirs = live_ones if unproved else live_ones.filter(phone_unproved=False)
    own = list(theirs.filter(phone__in=numbers).order_by("pk")[:FAMILY]) if numbers else []
    if conversation.patient_id and conversation.patient_id not in {one.pk for one in own}:
        own += list(live_ones.filter(pk=conversation.patient_id))
    sure = [one.pk for one in own if not one.phone_unproved or one.pk == conversation.patient_id]
    charges = live_ones.filter(guardian__in=sure).order_by("pk")[:FAMILY] if sure else []
    found = {one.pk: one for one in [*own, *charges]}
    return sorted(found.values(), key=lambda one: (one.pk != conversation.patient_id, one.pk))[:FAMILY]


def phone_for(patient, *, today) -> str:
    """Where to write to a patient (E.164), or "": a minor's guardian, and the guardian of who has no phone."""
    age, guardian = patient.age_on(today), patient.guardian
    if guardian and guardian.phone and (not patient.phone or (age is not None and age < OF_AGE)):
        return guardian.phone
    return patient.phone


def _patient(phone):
    return intake.find_by_phone(phone) if phone else None


# Two that are one


def renumber(*, conversation, phone="", user_id="") -> Conversation:
    """The person has another phone, another WhatsApp id, or both. In the caller's transaction, on a locked row.

    Who wrote from the new one already keeps that conversation, and takes it along.
    """
    phone = phones.e164(phone) or phone
    taken = Conversation.objects.known_as(channel_id=conversation.channel_id, phone=phone, wa_user_id=user_id)
    if taken.exclude(pk=conversation.pk).exists():
        return conversation
    changes = {"address": phone or user_id or conversation.address}
    changes |= {name: value for name, value in (("phone", phone), ("wa_user_id", user_id)) if value}
    Conversation.objects.filter(pk=conversation.pk).update(**changes)
    for name, value in changes.items():
        setattr(conversation, name, value)
    return conversation


def _one_of_two(found, phone, wa_user_id):
    """Known apart by phone and by id until a message carried both: they are one, the phone's, which takes the id."""
    keeps, gives = sorted(found, key=lambda conversation: conversation.phone != phone)
    if gives.phone:  # the id has another number now; who has the old one may be somebody else
        _let_go(keeps, gives)
    else:
        _join(keeps, gives)
    Conversation.objects.filter(pk=gives.pk).update(wa_user_id="")
    Conversation.objects.filter(pk=keeps.pk).update(wa_user_id=wa_user_id)
    return by_hand.get(Conversation, keeps.pk, locked=True)


def _join(keeps, gives):
    from messaging import merging  # noqa: PLC0415  (which shows messages through the inbox)

    here, there = (Conversation.objects.locked(one.pk) for one in (keeps, gives))
    if here.pk != there.pk:  # nobody made them one before
        merging.merge(keep=here, gone=there, by=SYSTEM)


def _let_go(keeps, gives):
    due = gives.quiet_at and clock.now()  # her turn there: a person sees to it
    Conversation.objects.filter(pk=gives.pk).update(
        quiet_at=None, claim=None, claimed_at=None, waiting_since=gives.waiting_since or due)
    if gives.marketing_opt_out_at:
        marketing.opt_out(conversation=Conversation.objects.locked(keeps.pk), now=gives.marketing_opt_out_at)
    if gives.with_staff and not keeps.with_staff:
        handoff.to_staff(conversation=keeps, reason=gives.handoff_reason, now=clock.now())
