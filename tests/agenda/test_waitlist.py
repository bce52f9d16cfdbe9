"""Those who wait for an earlier time: who is the best match, one offer at a time, the first yes, then the next."""

from datetime import timedelta

import pytest

from agenda import booking, signals, tasks, waitlist
from agenda.models import Appointment, FreedTime, Status, WaitlistEntry, WaitlistOffer
from clinics.access import receptionist
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import PatientFactory, TreatmentFactory
from tests.factories import ProfessionalFactory
from tests.patients.factories import InsurerFactory

THURSDAY = TUESDAY + timedelta(days=2)


@pytest.fixture(autouse=True)
def enqueued(monkeypatch):
    """The jobs that were asked for; `run()` does them."""
    asked = []
    monkeypatch.setattr(tasks.fill_freed_time, "later", lambda *, freed_id: asked.append(freed_id))
    return asked


@pytest.fixture
def heard():
    caught = []

    def ear(**sent):
        caught.append(sent["offer"].pk)

    signals.waitlist_offered.connect(ear, sender=WaitlistOffer)
    yield caught
    signals.waitlist_offered.disconnect(ear, sender=WaitlistOffer)


@pytest.fixture
def wait(scene):
    def join(**others):
        asked = {"patient": PatientFactory(), "treatment": scene.treatment, "by": scene.by}
        return waitlist.join(**asked | others)

    return join


@pytest.fixture
def free(scene, enqueued):
    """A visit of that hour is cancelled, and the jobs run."""

    def run():
        made = []
        while enqueued:
            made += waitlist.fill(freed_id=enqueued.pop(0))
        return made

    def cancel(start_at, **others):
        row = scene.book(start_at, **{"patient": PatientFactory()} | others)
        booking.cancel(appointment=row, by=scene.by)
        return run()

    cancel.run = run
    return cancel


def test_a_cancelled_visit_is_offered_to_who_waits(scene, wait, free, heard):
    entry = wait()
    [made] = free(at(15, day=THURSDAY))
    assert (made.entry, made.start_at, made.professional, made.state, made.told) == (
        entry, at(15, day=THURSDAY), scene.professional, "open", "call")
    assert made.expires_at == at(12, 30)
    held = Appointment.objects.get(status=Status.HELD)
    assert (held.held_for, held.held_until, held.start_at) == (entry.holder, at(12, 30), at(15, day=THURSDAY))
    assert heard == [made.pk]
    with pytest.raises(booking.SlotTaken):
        scene.book(at(15, day=THURSDAY))


def test_yes_makes_the_hold_the_booking(scene, wait, free, heard):
    entry = wait()
    [made] = free(at(15, day=THURSDAY))
    held = Appointment.objects.get(status=Status.HELD)
    row = waitlist.accept(offer=made, by=receptionist(7))
    row.refresh_from_db()
    assert (row.pk, row.status, row.patient, row.source) == (held.pk, "scheduled", entry.patient, "whatsapp")
    entry.refresh_from_db()
    made.refresh_from_db()
    assert (entry.state, made.state, made.appointment) == ("booked", "accepted", row)
    assert waitlist.accept(offer=made, by=receptionist(7)) == row  # a second tap
    assert (Appointment.objects.exclude(status="cancelled").count(), len(heard)) == (1, 1)


def test_who_has_a_later_visit_moves_to_the_earlier_time(scene, wait, free):
    patient = PatientFactory()
    later = scene.book(at(16, day=THURSDAY + timedelta(days=5)), patient=patient)
    entry = wait(patient=patient)
    assert entry.appointment == later
    [made] = free(at(15, day=THURSDAY))
    row = waitlist.accept(offer=made, by=scene.by)
    row.refresh_from_db()
    assert (row.pk, row.start_at, row.version) == (later.pk, at(15, day=THURSDAY), 2)
    assert not Appointment.objects.filter(status=Status.HELD).exists()
    assert free.run() == []  # the time it left was looked at, and nobody else waits
    assert FreedTime.objects.filter(start_at=at(16, day=THURSDAY + timedelta(days=5)), look_at=None).exists()


def test_nobody_is_offered_a_time_after_the_visit_they_have(scene, wait, free):
    patient = PatientFactory()
    scene.book(at(15), patient=patient)
    wait(patient=patient)
    assert free(at(15, day=THURSDAY)) == []
    assert [one.start_at for one in free(at(14, 30))] == [at(14, 30)]  # half an hour to answer, two hours of notice


def test_a_visit_that_the_desk_gave_meanwhile_is_known(scene, wait, free):
    entry = wait()
    given = scene.book(at(16, day=THURSDAY), patient=entry.patient)
    assert free(at(17, day=THURSDAY)) == []
    [made] = free(at(15, day=THURSDAY))
    assert waitlist.accept(offer=made, by=scene.by).pk == given.pk


def test_who_cannot_come_then_is_not_asked(scene, wait, free):
    busy = PatientFactory()
    other = ProfessionalFactory()
    scene.book(at(15, day=THURSDAY), patient=busy, professional=other, treatment=TreatmentFactory())
    wait(patient=busy)
    wait(weekdays=[0, 1, 2])
    wait(parts=["morning"])
    wait(until_on=TUESDAY + timedelta(days=1))
    wait(professional=other)
    wait(treatment=TreatmentFactory(minutes=310))
    assert free(at(15, day=THURSDAY)) == []
    suited = wait(weekdays=[3], parts=["afternoon"], until_on=THURSDAY, professional=scene.professional)
    assert [one.entry for one in free(at(15, day=THURSDAY))] == [suited]


def test_the_most_urgent_comes_first_then_who_waits_longest(scene, wait, free):
    first = wait()
    scene.clock.shift(timedelta(seconds=1))
    second = wait()
    urgent = wait(urgency="urgent")
    order = []
    [made] = free(at(15, day=THURSDAY))
    while made:
        order.append(made.entry)
        waitlist.pass_on(offer=made, by=scene.by)
        [made] = free.run() or [None]
    assert order == [urgent, first, second]
    assert not Appointment.objects.filter(status=Status.HELD).exists()
    assert {one.state for one in WaitlistEntry.objects.all()} == {"waiting"}


def test_an_offer_that_nobody_answers_is_the_next_ones(scene, wait, free):
    one, two = wait(), wait()
    [made] = free(at(15, day=THURSDAY))
    waitlist.expire()
    assert free.run() == []
    scene.clock.shift(timedelta(minutes=30))
    waitlist.expire()
    [following] = free.run()
    assert (made.entry, following.entry) == (one, two)
    made.refresh_from_db()
    assert made.state == "expired"
    with pytest.raises(waitlist.OfferGone):
        waitlist.accept(offer=made, by=scene.by)
    assert waitlist.accept(offer=following, by=scene.by).patient == two.patient


def test_a_late_yes_wins_while_nobody_else_has_it(scene, wait, free):
    wait()
    [made] = free(at(15, day=THURSDAY))
    scene.clock.shift(timedelta(minutes=31))  # the sweeper has not come yet
    assert waitlist.accept(offer=made, by=scene.by).status == "scheduled"


def test_two_short_visits_share_a_long_one(scene, wait, free):
    wait()
    wait()
    made = free(at(15, day=THURSDAY), treatment=TreatmentFactory(minutes=60))
    assert [one.start_at for one in made] == [at(15, day=THURSDAY), at(15, 30, day=THURSDAY)]


def test_moved_missed_and_shortened_visits_free_time_too(scene, wait, free):
    wait()
    row = scene.book(at(15, day=THURSDAY), treatment=TreatmentFactory(minutes=60))
    booking.resize(appointment=row, end_at=at(15, 30, day=THURSDAY), by=scene.by)
    [made] = free.run()
    assert made.start_at == at(15, 30, day=THURSDAY)
    waitlist.pass_on(offer=made, by=scene.by)
    free.run()
    booking.move(appointment=row, start_at=at(17, day=THURSDAY), by=scene.by)
    assert [one.start_at for one in free.run()] == [at(15, day=THURSDAY)]


def test_where_nobody_waits_nothing_is_kept(scene, free):
    assert free(at(15, day=THURSDAY)) == []
    assert FreedTime.objects.count() == 0


def test_what_is_too_near_is_not_offered(scene, wait, free):
    wait()
    assert free(at(14)) == []
    assert FreedTime.objects.count() == 1  # it ends late enough for an emergency; nobody here is one
    wait(urgency="emergency")
    assert [one.start_at for one in free(at(14))] == [at(14)]


def test_joining_twice_leaving_and_joining_again(scene, wait, free):
    entry = wait()
    with pytest.raises(waitlist.AlreadyWaiting):
        wait(patient=entry.patient)
    [made] = free(at(15, day=THURSDAY))
    waitlist.leave(entry=entry, by=scene.by)
    made.refresh_from_db()
    assert (made.state, Appointment.objects.filter(status="held").count()) == ("withdrawn", 0)
    with pytest.raises(waitlist.NotWaiting):
        waitlist.leave(entry=entry, by=scene.by)
    with pytest.raises(waitlist.OfferGone):
        waitlist.accept(offer=made, by=scene.by)
    assert wait(patient=entry.patient).pk != entry.pk


def test_the_desk_looks_and_offers_by_hand(scene, wait, enqueued, free):
    entry, other = wait(parts=["afternoon"]), wait()
    found = waitlist.openings_for(entry, first=THURSDAY, last=THURSDAY)
    assert found[0].start_at == at(14, day=THURSDAY)
    made = waitlist.offer(
        entry=entry, professional=scene.professional, start_at=found[0].start_at, by=scene.by)
    waitlist.pass_on(offer=made, by=scene.by)
    assert [one.entry for one in free.run()] == [entry]  # asked by hand before, not about this freed time
    waitlist.leave(entry=entry, by=scene.by)
    assert [one.entry for one in free.run()] == [other]


def test_who_waits_too_long_or_has_been_attended_is_taken_off(scene, wait):
    gone = wait(until_on=TUESDAY)
    patient = PatientFactory()
    visit = scene.book(at(15), patient=patient)
    done = wait(patient=patient)
    stays = wait()
    scene.clock.move_to(at(9, day=TUESDAY + timedelta(days=1)))
    booking.arrive(appointment=visit, by=scene.by)
    waitlist.expire()
    assert set(WaitlistEntry.objects.waiting()) == {stays}
    for one in (gone, done):
        one.refresh_from_db()
        assert (one.state, one.closed_at is not None) == ("left", True)


def test_a_lost_job_is_found(scene, wait, enqueued):
    wait()
    booking.cancel(appointment=scene.book(at(15, day=THURSDAY)), by=scene.by)
    enqueued.clear()
    assert waitlist.overdue() == []
    scene.clock.shift(timedelta(seconds=6))
    [due] = waitlist.overdue()
    assert len(waitlist.fill(freed_id=due)) == 1
    assert waitlist.fill(freed_id=due) == []  # run twice, done once


def test_the_other_clinic_waits_for_its_own(scene, wait, free, bosque, within):
    with within(bosque):
        waitlist.join(patient=PatientFactory(), treatment=TreatmentFactory(), by=scene.by)
    assert free(at(15, day=THURSDAY)) == []
    with within(bosque):
        assert (WaitlistOffer.objects.count(), FreedTime.objects.count()) == (0, 0)


def test_an_insurers_delay_holds_for_who_waits_too(scene, wait, free):
    """Neither what frees nor what the desk finds for them is sooner; for who pays themselves it is."""
    InsurerFactory(name="OSDE", delay_days=3)
    insured = wait(patient=PatientFactory(insurance="Osde 210"))
    scene.clock.shift(timedelta(seconds=1))
    private = wait(patient=PatientFactory(insurance="particular"))
    [made] = free(at(15, day=THURSDAY))
    assert made.entry == private
    found = waitlist.openings_for(insured, first=TUESDAY, last=TUESDAY + timedelta(days=9))
    assert found[0].start_at == at(9, day=TUESDAY + timedelta(days=3))
    with pytest.raises(booking.TooSoon):
        waitlist.offer(entry=insured, professional=scene.professional, start_at=at(16, day=THURSDAY), by=scene.by)


def test_what_freed_while_somebody_thought_about_another_time_is_theirs_next(scene, wait, free):
    entry = wait()
    [made] = free(at(15, day=THURSDAY))
    assert free(at(10, day=THURSDAY)) == []
    waitlist.pass_on(offer=made, by=scene.by)
    [following] = free.run()
    assert (following.entry, following.start_at) == (entry, at(10, day=THURSDAY))


def test_looking_writes_nothing(scene, wait):
    entry = wait()
    given = scene.book(at(16, day=THURSDAY), patient=entry.patient)
    assert waitlist.openings_for(entry, first=THURSDAY, last=THURSDAY)
    assert entry.appointment == given
    entry.refresh_from_db()
    assert entry.appointment is None
