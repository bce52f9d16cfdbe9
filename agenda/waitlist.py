"""Those who wait for an earlier time. When time frees, the best match is offered it, held for them alone until they
answer or it runs out; then it is the next one's.

Every verb locks the professional before any row, as those of `booking` do, so that an answer, the end of an offer and
the next offer never wait for each other in a ring. The first yes closes the offer; the hold becomes the booking.
"""
import secrets
from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda import availability, booking, freed, signals
from agenda.models import AHEAD, Appointment, FreedTime, WaitlistEntry, WaitlistOffer
from agenda.models.waitlist import PARTS
from clinics import live, tenancy
from clinics.access import SYSTEM
from clinics.audit import log_security_event
from dentalogic.lib import clock, sql
from dentalogic.lib.refusals import Refusal

GRACE = timedelta(seconds=5)  # for the job that is on its way
MOST = 200  # of those who wait, the best: nobody further down is reached by one opening
DAY = timedelta(days=1)
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
    if not treatment.active:
        raise booking.NotBookable
    now = clock.now()
    row = WaitlistEntry(
        patient=patient, treatment=treatment, professional=professional, urgency=urgency, until_on=until_on,
        weekdays=sorted({day for day in weekdays if day in range(7)}), note=note.strip()[:300],
        parts=[part for part in PARTS if part in parts], created_by_id=by.user_id, created_at=now,
        appointment=_ahead([patient.pk], now).filter(treatment=treatment).first())
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


@tenancy.atomic
def leave(*, entry, by) -> WaitlistEntry:
    """They wait no longer; what was held for them is the next one's."""
    offered = WaitlistOffer.objects.open().filter(entry=entry.pk).first()
    if offered:
        sql.lock("professional", offered.professional_id)
    row = WaitlistEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if row.state != WaitlistEntry.State.WAITING:
        raise NotWaiting
    if offered and (offered := _still_open(offered.pk)):
        _end(offered, State.WITHDRAWN)
    _close(row, WaitlistEntry.State.LEFT)
    log_security_event("waitlist.left", by=by, patient=row.patient_id)
    return row


def openings_for(entry, *, first, last, professionals=None):
    """What is free now and suits who waits, days of the clinic both included: for the desk, which looks by itself. Of
    each professional's, those that do not overlap the one before."""
    now, zone = clock.now(), tenancy.here().zone
    _know_visits([entry], now)
    who = [entry.professional] if entry.professional_id else professionals
    found = availability.find(
        treatment=entry.treatment, professionals=who, first=first, last=last, urgency=entry.urgency, now=now,
        holder=entry.holder)
    soonest, ends, apart = _soonest(entry, now), {}, []
    for one in found:
        begins = max(soonest, ends.get(one.professional_id, soonest))
        if one.start_at >= begins and entry.suits(one, zone):
            ends[one.professional_id] = one.end_at
            apart.append(one)
    return apart


# What is offered


@tenancy.atomic
def fill(*, freed_id, by=SYSTEM) -> list[WaitlistOffer]:
    """Offer a freed time, or as much of it as somebody wants, to the best who wait. Each is asked about it once."""
    now, found = clock.now(), FreedTime.objects.select_related("professional").filter(pk=freed_id).first()
    if found is None:
        return []
    sql.lock("professional", found.professional_id)
    if not FreedTime.objects.filter(pk=freed_id, look_at__isnull=False).update(look_at=None):
        return []  # another job has just looked
    openings, offers = _Openings(found, now), []
    for entry in _candidates(found, now):
        opening = openings.first_for(entry)
        with suppress(Refusal):  # somebody was faster: the next may fit elsewhere in it
            if opening:
                offers.append(offer(
                    entry=entry, professional=found.professional, start_at=opening.start_at, source=found, by=by))
                openings.forget()
    return offers


@tenancy.atomic
def offer(*, entry, professional, start_at, by, source=None) -> WaitlistOffer:
    """Hold a time for who waits, and tell them. `source` is the freed time that it is of. Raises what `hold` does,
    NotWaiting, and NotThen."""
    now, tenant = clock.now(), tenancy.here()
    sql.lock("professional", professional.pk)
    row = WaitlistEntry.objects.with_names().select_for_update(of=("self",)).get(pk=entry.pk)
    if row.state != WaitlistEntry.State.WAITING:
        raise NotWaiting
    if before := WaitlistOffer.objects.open().filter(entry=row.pk).select_for_update(of=("self",)).first():
        _end(before, State.WITHDRAWN)
    until = now + timedelta(minutes=tenant.offer_minutes)
    held = booking.hold(
        professional=professional, treatment=row.treatment, start_at=start_at, holder=row.holder, by=by,
        urgency=row.urgency, source="desk", until=until)
    if not _can_come(row, held, now):
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


@tenancy.atomic
def accept(*, offer, by) -> Appointment:
    """Yes: the hold becomes the booking, or the visit that they had moves there. A second yes is the same one.

    Raises OfferGone once it ran out and was withdrawn, passed on or offered to another.
    """
    now = clock.now()
    _lock(offer)
    row = WaitlistOffer.objects.with_names().select_for_update(of=("self",)).get(pk=offer.pk)
    if row.state == State.ACCEPTED:
        return Appointment.objects.with_names().get(pk=row.appointment_id)
    if row.state != State.OPEN:
        raise OfferGone
    _know_visits([row.entry], now)
    booked = _booked(row, by)
    _answered(row, State.ACCEPTED, now, appointment=booked)
    _close(row.entry, WaitlistEntry.State.BOOKED)
    log_security_event("waitlist.accepted", by=by, appointment=booked.pk)
    return booked


@tenancy.atomic
def pass_on(*, offer, by) -> WaitlistOffer:
    """No: they keep waiting, and the time is the next one's."""
    _lock(offer)
    row = WaitlistOffer.objects.with_names().select_for_update(of=("self",)).get(pk=offer.pk)
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
        _expire(pk)
    _retire()


@tenancy.atomic
def overdue() -> list[int]:
    """Freed times whose job was lost."""
    return list(FreedTime.objects.filter(look_at__lte=clock.now() - GRACE).order_by("pk").values_list(
        "pk", flat=True)[:MOST])


@tenancy.atomic
def _ran_out():
    return list(WaitlistOffer.objects.open().filter(expires_at__lte=clock.now()).values_list("pk", flat=True)[:MOST])


@tenancy.atomic
def _expire(pk):
    offered = WaitlistOffer.objects.get(pk=pk)
    _lock(offered)
    if (row := _still_open(pk)) and row.expires_at <= clock.now():
        _end(row, State.EXPIRED)


@tenancy.atomic
def _retire():
    now = clock.now()
    today = now.astimezone(tenancy.here().zone).date()
    over = Q(until_on__lt=today) | Q(appointment__status__in=("arrived", "seated", "completed"))
    offered = WaitlistOffer.objects.open().filter(entry=OuterRef("pk"))
    for row in WaitlistEntry.objects.waiting().filter(over).exclude(Exists(offered)).select_for_update(
            of=("self",), skip_locked=True)[:MOST]:
        _close(row, WaitlistEntry.State.LEFT)


def _lock(offer):
    """The professional whose time it is, and the one whose visit would move."""
    entry = WaitlistEntry.objects.select_related("appointment").get(pk=offer.entry_id)
    visit = _ahead([entry.patient_id], clock.now()).filter(treatment=entry.treatment_id).first() or entry.appointment
    sql.lock("professional", offer.professional_id, visit.professional_id if visit else offer.professional_id)


def _still_open(pk):
    return WaitlistOffer.objects.open().with_names().select_for_update(of=("self",)).filter(pk=pk).first()


def _end(row, state):
    """The offer ends without a visit: its hold goes, its time is for the next."""
    now = clock.now()
    _answered(row, state, now)
    booking.release(holder=row.entry.holder)
    if row.freed_id:
        freed.again(row.freed, now=now)
    elif row.start_at > now:
        freed.keep(professional_id=row.professional_id, start_at=row.start_at, end_at=row.end_at, now=now)


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


# Who fits where


def _candidates(found, now):
    """Those who wait for this professional or for anyone, best first, whom nothing is offered now and who have not
    been asked about this time."""
    offers = WaitlistOffer.objects.filter(entry=OuterRef("pk"))
    rows = WaitlistEntry.objects.waiting().with_names().filter(
        Q(professional=None) | Q(professional=found.professional_id), ~Exists(offers.filter(Q(state=State.OPEN))),
        ~Exists(offers.filter(freed=found.pk)), treatment__active=True)
    rows = list(rows.best_first()[:MOST])
    _know_visits(rows, now)
    return rows


def _know_visits(entries, now):
    """The visit that each has for what they wait for, as it is now: given by the desk meanwhile, moved or gone."""
    ahead = _ahead([one.patient_id for one in entries], now).select_related("patient", "professional", "treatment")
    visits = {}
    for row in ahead:
        visits.setdefault((row.patient_id, row.treatment_id), row)
    for entry in entries:
        visit = visits.get((entry.patient_id, entry.treatment_id))
        if entry.appointment_id != (visit and visit.pk):
            WaitlistEntry.objects.filter(pk=entry.pk).update(appointment=visit)
        entry.appointment = visit


def _ahead(patients, now):
    return Appointment.objects.filter(status__in=AHEAD, start_at__gt=now, patient__in=patients).order_by("start_at")


def _can_come(entry, held, now):
    """Not while they are elsewhere in the clinic, nor later than the visit that would move."""
    _know_visits([entry], now)
    visit = entry.appointment
    if visit and visit.start_at <= held.start_at:
        return False
    theirs = Appointment.objects.taking_time(now).overlapping(held.start_at, held.end_at)
    return not theirs.filter(patient=entry.patient_id).exclude(pk=visit and visit.pk).exists()


def _soonest(entry, now):
    """What is still far enough ahead when an offer runs out."""
    tenant = tenancy.here()
    notice = timedelta() if entry.urgency == "emergency" else timedelta(minutes=tenant.minimum_notice)
    return now + timedelta(minutes=tenant.offer_minutes) + notice


class _Openings:
    """What of a freed time is free now, asked once for each length of visit."""

    def __init__(self, found, now):
        self.found, self.now, self.tenant, self.known = found, now, tenancy.here(), {}

    def first_for(self, entry):
        return next((one for one in self._of(entry) if entry.suits(one, self.tenant.zone)), None)

    def forget(self):
        self.known = {}

    def _of(self, entry):
        asked = (entry.treatment_id, entry.urgency)
        if asked not in self.known:
            self.known[asked] = self._look(entry)
        return self.known[asked]

    def _look(self, entry):
        """Openings that use some of it and will still be far enough ahead when the offer runs out; those inside it
        first, for one that begins before it breaks into time that was free anyway."""
        zone, found = self.tenant.zone, self.found
        first, last = (instant.astimezone(zone).date() for instant in (found.start_at - DAY / 2, found.end_at))
        soonest = _soonest(entry, self.now)
        usable = [
            one for one in availability.find(
                treatment=entry.treatment, professionals=[found.professional], first=first, last=last,
                urgency=entry.urgency, now=self.now)
            if one.start_at < found.end_at and one.end_at > found.start_at and one.start_at >= soonest]
        return sorted(usable, key=lambda one: (
            one.start_at < found.start_at or one.end_at > found.end_at, abs(one.start_at - found.start_at)))
