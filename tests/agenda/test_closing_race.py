"""A span is closed while a visit is booked inside it: one of the two hears of the other, whoever comes first."""
import pytest

from agenda import booking, closing
from agenda.models import Appointment, Closure
from clinics import tenancy
from clinics.access import Actor
from tests.agenda.conftest import at
from tests.agenda.factories import PatientFactory, TreatmentFactory, UsualChairFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DESK = Actor(kind="staff", role="secretary", holder="user:1")
CEO = Actor(kind="staff", role="ceo", holder="user:2")
ROUNDS = 6


@pytest.mark.parametrize("whom", ["clinic", "professional", "chair"])
def test_no_visit_is_booked_unheard(arrayan, bosque, within, frozen, whom):
    with within(arrayan):
        usual, treatment = UsualChairFactory(), TreatmentFactory()
        patients = [PatientFactory() for _round in range(ROUNDS)]
    concerns = {"clinic": {}, "professional": {"professional": usual.professional}, "chair": {"chair": usual.chair}}

    def round_of(number, patient):
        start_at = at(14 + number % 4)
        book = lambda: booking.book(  # noqa: E731
            patient=patient, professional=usual.professional, treatment=treatment, start_at=start_at, by=DESK)
        close = lambda: closing.close(start_at=at(13), end_at=at(19), by=CEO, **concerns[whom])  # noqa: E731
        verbs = [book, close] if number % 2 else [close, book]
        return at_once(lambda: tenancy.tenant_context(arrayan.pk), verbs)

    for number, patient in enumerate(patients):
        results = round_of(number, patient)
        assert sorted(isinstance(one, Appointment | Closure) for one in results) == [False, True], results
        with within(arrayan):
            Closure.objects.all().delete()
            Appointment.objects.filter(patient=patient).update(status="cancelled")
