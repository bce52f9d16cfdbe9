"""Those who wait for an earlier time. When time frees, the best match is offered it, held for them alone until they
answer or it runs out; then it is the next one's.

Every verb locks in one order: the professionals whose time changes hands and their chairs, as those of `booking` do,
then who waits, then the offer; so an answer, the end of an offer and the next offer never wait for each other in a
ring. The first yes closes the offer; the hold becomes the booking.
"""
import secrets
from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda import booking, freed, matching, signals
from agenda.contention import Again, claim, contended
from agenda.models import Appointment, FreedTime, Status, WaitlistEntry, WaitlistOffer
from agenda.models.waitlist import PARTS
from clinics import live, tenancy
from clinics.access import SYSTEM
from clinics.audit import log_security_event
from clinics.patients import insurance
from dentalogic.lib import clock, sql
from dentalogic.lib.refusals import Refusal

GRACE = timedelta(seconds=5)  # for the job that is on its way
SWEPT = 200
CAME = (Status.ARRIVED, Status.SEATED, Status.COMPLETED)
State = WaitlistOffer.State


class AlreadyWaiting(Refusal):
    code = "already_waiting"
    status = 409
    detail = gettext_lazy("Ya está en la lista de espera para ese tratamiento.")


class NotWaiting(Refusal):
    code = "not_waiting"
    status = 409
    detail = gettext_lazy("Ya no está en la lista de espera.")


class OfferGone(Refusal):
    code = "offer_gone"
    status = 409
    detail = gettext_lazy("Ese horario ya no está reservado para el paciente.")


class NotThen(Refusal):
    code = "not_then"
    status = 409
    detail = gettext_lazy("El paciente ya tiene algo a esa hora, o su turno es antes.")


# Who waits


@tenancy.atomic
def join(
    *, patient, treatment, by, professional=None, urgency="", weekdays=(), parts=(), until_on=None, note="",
) -> WaitlistEntry:
    """Wait for an earlier time. A visit for the same treatment that they have already is the one that will move."""
    if patient.status == patient.Status.ARCHIVED:
        raise booking.NotBookable(_("La ficha del paciente está archivada."))
    if not treatment.active or (professional is not None and not professional.active):
        raise booking.NotBookable
    now = clock.now()
    row = WaitlistEntry(
        patient=patient, treatment=treatment, professional=professional, urgency=urgency, until_on=until_on,
        weekdays=sorted({day for day in weekdays if day in range(7)}), note=note.strip()[:300],
        parts=[part for part in PARTS if part in parts], created_by_id=by.user_id, created_at=now,
        appointment=matching.visits_ahead([patient.pk], now).filter(treatment=treatment).first())
    try:
        with tenancy.atomic():
            row.save()
    except IntegrityError as error:
        if sql.constraint_of(error) != "waitlist_entries_waiting_key":
            raise
        raise AlreadyWaiting from error
    log_security_event("waitlist.joined", by=by, patient=patient.pk, treatment=treatment.pk)
    live.say("WAITLIST_UPDATED", entry=row.pk)
    return row


@contended
def leave(*, entry, by) -> WaitlistEntry:
    """They wait no longer; what was held for them is the next one's."""
    row, offered = _claimed(entry.pk)
    if row.state != WaitlistEntry.State.WAITING:
        raise NotWaiting
    if offered:
        _end(offered, State.WITHDRAWN)
    _close(row, WaitlistEntry.State.LEFT)
    log_security_event("waitlist.left", by=by, patient=row.patient_id)
    return row


def openings_for(entry, *, first, last, professionals=None):
    """What is free now and suits who waits: `matching.openings_for`."""
    return matching.openings_for(entry, first=first, last=last, now=clock.now(), professionals=professionals)


# What is offered


@contended
def fill(*, freed_id, by=SYSTEM) -> list[WaitlistOffer]:
    """Offer a freed time, or as much of it as somebody wants, to the best who wait. Each is asked about it once."""
    now, found = clock.now(), FreedTime.objects.select_related("professional").filter(pk=freed_id).first()
    if found is None:
        return []
    claim(found.professional_id)
    if not FreedTime.objects.filter(pk=freed_id, look_at__isnull=False).update(look_at=None):
        return []  # another job has just looked
    openings, offers = matching.Openings(found, now), []
    for entry in matching.candidates(found, now):
        opening = openings.first_for(entry)
        with suppress(Refusal):  # somebody was faster: the next may fit elsewhere in it
            if opening:
                offers.append(offer(
                    entry=entry, professional=found.professional, start_at=opening.start_at, source=found, by=by))
                openings.forget()
    return offers


@contended
def offer(*, entry, professional, start_at, by, source=None) -> WaitlistOffer:
    """Hold a time for who waits, and tell them. `source` is the freed time that it is of: who has been offered another
    meanwhile keeps that one. The desk's takes its place. Raises what `hold` does, NotWaiting, and NotThen."""
    now = clock.now()
    row, before = _claimed(entry.pk, professional.pk)
    if row.state != WaitlistEntry.State.WAITING:
        raise NotWaiting
    if before and source:
        raise NotThen
    if before:
        _end(before, State.WITHDRAWN)
    until = now + timedelta(minutes=tenancy.here().offer_minutes)
    held = booking.hold(
        professional=professional, treatment=row.treatment, start_at=start_at, holder=row.holder, by=by,
        urgency=row.urgency, source="desk", until=until, insurer=insurance.payer(row.patient))
    _know_visit(row, now)
    if not matching.can_come(row, held, now):
        raise NotThen
    made = WaitlistOffer.objects.create(
        entry=row, professional=professional, freed=source, code=secrets.token_urlsafe(12), start_at=held.start_at,
        end_at=held.end_at, created_at=now, expires_at=until)
    signals.waitlist_offered.send(sender=WaitlistOffer, offer=made, by=by)
    live.say("WAITLIST_UPDATED", entry=row.pk)
    return made


@tenancy.atomic
def told(*, offer, how) -> None:
    """How the patient learns of it: `call` is the desk's to do."""
    WaitlistOffer.objects.open().filter(pk=offer.pk).update(told=WaitlistOffer.Told(how))
    offer.told = how
    live.say("WAITLIST_UPDATED", entry=offer.entry_id)


@contended
def accept(*, offer, by) -> Appointment:
    """Yes: the hold becomes the booking, or the visit that they had moves there. A second yes is the same one.

    Raises OfferGone once it ran out and was withdrawn, passed on or offered to another; SlotTaken where it ran out and
    somebody was faster.
    """
    now = clock.now()
    visits = _visit_of(offer, now).values_list("professional", flat=True)
    concerned = {offer.professional_id, *visits}
    _claimed(offer.entry_id, *concerned)
    row = WaitlistOffer.objects.with_names().get(pk=offer.pk)
    if row.state == State.ACCEPTED:
        return Appointment.objects.with_names().get(pk=row.appointment_id)
    if row.state != State.OPEN:
        raise OfferGone
    _know_visit(row.entry, now)
    if row.entry.appointment and row.entry.appointment.professional_id not in concerned:
        raise Again
    booked = _booked(row, by)
    _answered(row, State.ACCEPTED, now, appointment=booked)
    _close(row.entry, WaitlistEntry.State.BOOKED)
    log_security_event("waitlist.accepted", by=by, appointment=booked.pk)
    return booked


@contended
def pass_on(*, offer, by) -> WaitlistOffer:
    """No: they keep waiting, and the time is the next one's."""
    _claimed(offer.entry_id, offer.professional_id)
    row = WaitlistOffer.objects.with_names().get(pk=offer.pk)
    if row.state == State.PASSED:
        return row
    if row.state != State.OPEN:
        raise OfferGone
    _end(row, State.PASSED)
    log_security_event("waitlist.passed", by=by, patient=row.entry.patient_id)
    return row


# What ends by itself


def expire() -> None:
    """Offers that nobody answered, and those who wait no more: their day went by, or their visit came."""
    for pk in _ran_out():
        with suppress(Refusal):  # others were busy with it twice: the next round's
            _expire(pk=pk)
    _retire()


@tenancy.atomic
def overdue() -> list[int]:
    """Freed times whose job was lost."""
    return list(FreedTime.objects.filter(look_at__lte=clock.now() - GRACE).order_by("pk").values_list(
        "pk", flat=True)[:SWEPT])


@tenancy.atomic
def _ran_out():
    return list(WaitlistOffer.objects.open().filter(expires_at__lte=clock.now()).values_list("pk", flat=True)[:SWEPT])


@contended
def _expire(*, pk):
    offer = WaitlistOffer.objects.get(pk=pk)
    _entry, row = _claimed(offer.entry_id, offer.professional_id)
    if row and row.pk == pk and row.expires_at <= clock.now():
        _end(row, State.EXPIRED)


@tenancy.atomic
def _retire():
    now = clock.now()
    today = now.astimezone(tenancy.here().zone).date()
    came = Appointment.objects.filter(
        patient=OuterRef("patient"), treatment=OuterRef("treatment"), status__in=CAME,
        start_at__gte=OuterRef("created_at"))
    offered = WaitlistOffer.objects.open().filter(entry=OuterRef("pk"))
    over = WaitlistEntry.objects.waiting().filter(Q(until_on__lt=today) | Exists(came)).exclude(Exists(offered))
    for row in over.select_for_update(of=("self",), skip_locked=True)[:SWEPT]:
        _close(row, WaitlistEntry.State.LEFT)


def _claimed(entry_id, *professionals):
    """Lock whose time may change hands, then who waits and what is offered to them: the two rows as they are then.
    Again, where somebody offered them another's time in between."""
    offers = WaitlistOffer.objects.open().filter(entry=entry_id)
    concerned = {*professionals, *offers.values_list("professional", flat=True)}
    claim(*concerned)
    # each locked before it is joined: a joined statement would look at the new row beside the old names
    WaitlistEntry.objects.select_for_update().values_list("pk").get(pk=entry_id)
    entry = WaitlistEntry.objects.with_names().get(pk=entry_id)
    if not offers.select_for_update().values_list("pk").first():
        return entry, None
    offered = offers.with_names().get()
    if offered.professional_id not in concerned:
        raise Again
    return entry, offered


def _visit_of(offer, now):
    entry = WaitlistEntry.objects.get(pk=offer.entry_id)
    return matching.visits_ahead([entry.patient_id], now).filter(treatment=entry.treatment_id)[:1]


def _know_visit(entry, now):
    """Its visit is written down with what is offered; the entry is locked."""
    known = entry.appointment_id
    matching.know_visits([entry], now)
    if entry.appointment_id != known:
        WaitlistEntry.objects.filter(pk=entry.pk).update(appointment=entry.appointment)


def _end(row, state):
    """The offer ends without a visit: its hold goes, its time is for the next."""
    now = clock.now()
    _answered(row, state, now)
    booking.release(holder=row.entry.holder)
    if row.freed_id:
        freed.again(row.freed, now=now)
    elif row.start_at > now:
        freed.keep(professional_id=row.professional_id, start_at=row.start_at, end_at=row.end_at, now=now)
    if state != State.WITHDRAWN:
        freed.missed(since=row.created_at, now=now)


def _answered(row, state, now, **changes):
    WaitlistOffer.objects.filter(pk=row.pk).update(state=state, closed_at=now, **changes)
    row.state, row.closed_at = state, now
    live.say("WAITLIST_UPDATED", entry=row.entry_id)


def _close(entry, state):
    entry.state, entry.closed_at = state, clock.now()
    WaitlistEntry.objects.filter(pk=entry.pk).update(state=entry.state, closed_at=entry.closed_at)
    live.say("WAITLIST_UPDATED", entry=entry.pk)


def _booked(row, by):
    """For whom the clinic put on the list, whatever a patient may ask for alone: so not in the receptionist's name."""
    entry, hand = row.entry, by if by.kind == "staff" else SYSTEM
    if entry.appointment:
        booking.release(holder=entry.holder)  # the lock is ours: nobody comes between
        return booking.move(
            appointment=entry.appointment, start_at=row.start_at, professional=row.professional, by=hand)
    return booking.book(
        patient=entry.patient, professional=row.professional, treatment=entry.treatment, start_at=row.start_at,
        urgency=entry.urgency, holder=entry.holder, by=hand, source="desk" if by.kind == "staff" else "whatsapp")
