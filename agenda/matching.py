"""Who of those who wait fits a time, and what time fits who waits: asked of the one engine. Looking writes nothing."""
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from agenda import availability
from agenda.models import AHEAD, Appointment, WaitlistEntry, WaitlistOffer
from clinics import tenancy
from clinics.patients import insurance
from clinics.patients.models import Patient

MOST = 200  # of those who wait, the best: nobody further down is reached by one opening
DAY = timedelta(days=1)


def visits_ahead(patients, now):
    return Appointment.objects.filter(status__in=AHEAD, start_at__gt=now, patient__in=patients).order_by("start_at")


def know_visits(entries, now) -> None:
    """Give each the visit that they have for what they wait for, as it is now: given by the desk meanwhile, moved or
    gone."""
    patients = [one.patient_id for one in entries]
    ahead = visits_ahead(patients, now).select_related("patient", "professional", "treatment") if patients else ()
    visits = {}
    for row in ahead:
        visits.setdefault((row.patient_id, row.treatment_id), row)
    for entry in entries:
        entry.appointment = visits.get((entry.patient_id, entry.treatment_id))


def candidates(found, now) -> list[WaitlistEntry]:
    """Those who wait for this professional or for anyone, best first, whom nothing is offered now and who have not
    been asked about this time."""
    offers = WaitlistOffer.objects.filter(entry=OuterRef("pk"))
    rows = WaitlistEntry.objects.waiting().with_names().filter(
        Q(professional=None) | Q(professional=found.professional_id),
        ~Exists(offers.filter(Q(state=WaitlistOffer.State.OPEN))), ~Exists(offers.filter(freed=found.pk)),
        treatment__active=True)
    rows = list(rows.exclude(patient__status=Patient.Status.ARCHIVED).best_first()[:MOST])
    know_visits(rows, now)
    return rows


def can_come(entry, held, now) -> bool:
    """Not while they are elsewhere in the clinic, nor later than the visit that would move. Its visit is known."""
    visit = entry.appointment
    if visit and visit.start_at <= held.start_at:
        return False
    theirs = Appointment.objects.taking_time(now).overlapping(held.start_at, held.end_at)
    return not theirs.filter(patient=entry.patient_id).exclude(pk=visit and visit.pk).exists()


def openings_for(entry, *, first, last, now, professionals=None):
    """What is free now and suits who waits, days of the clinic both included: for the desk, which looks by itself. Of
    each professional's, those that do not overlap the one before."""
    zone = tenancy.here().zone
    know_visits([entry], now)
    who = [entry.professional] if entry.professional_id else professionals
    found = availability.find(
        treatment=entry.treatment, professionals=who, first=first, last=last, urgency=entry.urgency, now=now,
        holder=entry.holder, insurer=insurance.payer(entry.patient))
    soonest, ends, apart = _soonest(entry, now), {}, []
    for one in found:
        begins = max(soonest, ends.get(one.professional_id, soonest))
        if one.start_at >= begins and entry.suits(one, zone):
            ends[one.professional_id] = one.end_at
            apart.append(one)
    return apart


def _soonest(entry, now):
    """What is still far enough ahead when an offer runs out."""
    tenant = tenancy.here()
    notice = timedelta() if entry.urgency == "emergency" else timedelta(minutes=tenant.minimum_notice)
    return now + timedelta(minutes=tenant.offer_minutes) + notice


class Openings:
    """What of a freed time is free now, asked once for each length of visit and each insurer."""

    def __init__(self, found, now):
        self.found, self.now, self.tenant, self.known, self.payers = found, now, tenancy.here(), {}, {}

    def first_for(self, entry):
        return next((one for one in self._of(entry) if entry.suits(one, self.tenant.zone)), None)

    def forget(self):
        self.known = {}

    def _of(self, entry):
        asked = (entry.treatment_id, entry.urgency, self._payer(entry.patient))
        if asked not in self.known:
            self.known[asked] = self._look(entry, asked[-1])
        return self.known[asked]

    def _payer(self, patient):
        if patient.insurance not in self.payers:
            self.payers[patient.insurance] = insurance.payer(patient)
        return self.payers[patient.insurance]

    def _look(self, entry, insurer):
        """Openings that use some of it and will still be far enough ahead when the offer runs out; those inside it
        first, for one that begins before it breaks into time that was free anyway."""
        zone, found = self.tenant.zone, self.found
        first, last = (instant.astimezone(zone).date() for instant in (found.start_at - DAY / 2, found.end_at))
        soonest = _soonest(entry, self.now)
        usable = [
            one for one in availability.find(
                treatment=entry.treatment, professionals=[found.professional], first=first, last=last,
                urgency=entry.urgency, now=self.now, insurer=insurer)
            if one.start_at < found.end_at and one.end_at > found.start_at and one.start_at >= soonest]
        return sorted(usable, key=lambda one: (
            one.start_at < found.start_at or one.end_at > found.end_at, abs(one.start_at - found.start_at)))
