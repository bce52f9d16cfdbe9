"""Ajustes > Profesionales and Sillones: who attends, when, where and what; all of a form or nothing."""
import pytest

from agenda import availability, catalogue, chairs
from agenda.models import Chair, TreatmentProfessional, UsualChair
from clinics import professionals
from clinics.clinic import Invalid, NotYours
from clinics.models import Professional, SystemEvent
from dentalogic.lib import clock
from tests.agenda.conftest import TUESDAY, at
from tests.agenda.factories import AppointmentFactory, ChairFactory, TreatmentFactory, UsualChairFactory
from tests.factories import WEEK, MembershipFactory, ProfessionalFactory, UserFactory

URL = "/settings/professionals/"


def typed(**changes):
    said = {"title": "Dra.", "first_name": "Inés", "last_name": "Caruso", "licence": "MP 1", "specialty": "Ortodoncia",
            "membership": "", "chair": "", "hours": "clinic", "active": "on", "treatments": []}
    return {name: value for name, value in (said | changes).items() if value is not None}


@pytest.fixture
def ceo(client_as):
    return client_as("ceo")


@pytest.fixture
def staffed(arrayan, within, people):
    """Two who attend, a chair, and two treatments that everybody does."""
    with within(arrayan):
        return {
            "first": Professional.objects.get(membership=people["professional"]),
            "second": ProfessionalFactory(last_name="Duarte"), "chair": ChairFactory(name="Sillón 1"),
            "clean": TreatmentFactory(name="Limpieza"), "pull": TreatmentFactory(name="Extracción")}


def test_a_new_professional_attends_as_the_form_says(ceo, arrayan, within, staffed):
    with within(arrayan):
        account = MembershipFactory(role="professional", user=UserFactory(name="Inés"))
    response = ceo.post(f"{URL}new/", typed(
        membership=account.pk, chair=staffed["chair"].pk, treatments=[staffed["clean"].pk], hours="own",
        **{"week-1-open": "on", "week-1-from": ["9"], "week-1-to": ["10:30"]}))
    assert response.status_code == 302
    with within(arrayan):
        made = Professional.objects.get(last_name="Caruso")
        assert (made.folded, made.membership, made.working_hours) == (
            "caruso ines", account, {"1": {"enabled": True, "slots": [{"start": "09:00", "end": "10:30"}]}})
        assert UsualChair.objects.get(professional=made).chair == staffed["chair"]
        assert catalogue.done_by(made) == {staffed["clean"].pk}
        # what everybody did became a list of the others
        assert set(TreatmentProfessional.objects.filter(treatment=staffed["pull"]).values_list(
            "professional", flat=True)) == {staffed["first"].pk, staffed["second"].pk}
        assert account.__class__.objects.get(pk=account.pk).actor.professional_id == made.pk


def test_the_clinics_hours_are_no_copy(ceo, arrayan, within, staffed):
    ceo.post(f"{URL}new/", typed())
    with within(arrayan):
        assert Professional.objects.get(last_name="Caruso").working_hours is None


@pytest.mark.parametrize(("changes", "field", "said"), [
    ({"first_name": " "}, "first_name", "Falta este dato."), ({"last_name": ""}, "last_name", "Falta este dato."),
    ({"membership": "999999"}, "membership", "Elegí una de la lista."),
    ({"chair": "x"}, "chair", "Elegí una de la lista."),
])
def test_a_bad_field_is_said_and_nothing_is_lost(ceo, arrayan, within, staffed, changes, field, said):
    response = ceo.post(f"{URL}new/", typed(licence="MP 777", **changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page.split(f'id="f-{field}-e"')[1][:300]
    assert "MP 777" in page
    with within(arrayan):
        assert not Professional.objects.filter(licence="MP 777").exists()


def test_own_hours_that_overlap_are_said_by_their_day(ceo, staffed):
    response = ceo.post(f"{URL}new/", typed(hours="own", **{
        "week-3-open": "on", "week-3-from": ["9", "12"], "week-3-to": ["13", "18"]}))
    assert response.status_code == 422
    assert "Jueves, tramo 2: Los tramos van en orden y no se pisan." in response.content.decode()


def test_a_fault_of_the_last_verb_undoes_the_first(ceo, arrayan, within, staffed):
    """The only one who does it cannot stop: the new surname of the same form is not kept either."""
    with within(arrayan):
        TreatmentProfessional.objects.create(treatment=staffed["pull"], professional=staffed["second"])
    response = ceo.post(f"{URL}{staffed['second'].pk}/", typed(last_name="Otro", treatments=[staffed["clean"].pk]))
    assert response.status_code == 422
    assert "nadie más lo hace" in response.content.decode()
    with within(arrayan):
        assert Professional.objects.get(pk=staffed["second"].pk).last_name == "Duarte"


def test_an_account_is_one_persons(ceo, arrayan, within, staffed, people):
    taken = people["professional"]
    page = ceo.get(f"{URL}new/").content.decode()
    assert f'<option value="{taken.pk}"' not in page
    with within(arrayan), pytest.raises(professionals.AccountTaken) as refused:
        professionals.add(by=people["ceo"].actor, first_name="A", last_name="B", membership=taken)
    assert "membership" in refused.value.fields


def test_another_clinics_account_chair_or_treatment_is_no_choice(ceo, bosque, within, strangers, staffed):
    with within(bosque):
        theirs = {"membership": strangers["ceo"].pk, "chair": ChairFactory().pk, "treatments": [TreatmentFactory().pk]}
    for field, value in theirs.items():
        assert ceo.post(f"{URL}new/", typed(**{field: value})).status_code == 422, field


def test_who_stops_attending_is_told_of_the_visits_ahead_and_none_is_cancelled(ceo, arrayan, within, staffed, frozen):
    with within(arrayan):
        visit = AppointmentFactory(professional=staffed["second"], start_at=at(10, day=TUESDAY.replace(day=25)))
    leaves = typed(last_name="Duarte", active=None, treatments=[staffed["clean"].pk, staffed["pull"].pk])
    response = ceo.post(f"{URL}{staffed['second'].pk}/", leaves)
    assert response.status_code == 409
    assert "Tiene 1 turno por delante" in response.content.decode()
    assert visit.patient.name in response.content.decode()
    with within(arrayan):
        assert Professional.objects.get(pk=staffed["second"].pk).active
    assert ceo.post(f"{URL}{staffed['second'].pk}/", leaves | {"despite_visits": "1"}).status_code == 302
    with within(arrayan):
        visit.refresh_from_db()
        assert (Professional.objects.get(pk=staffed["second"].pk).active, visit.status) == (False, "scheduled")
        assert not availability.find(
            treatment=staffed["clean"], professionals=[staffed["second"]], first=TUESDAY, last=TUESDAY,
            now=clock.now())


@pytest.mark.parametrize("url", [f"{URL}{{}}/", "/settings/chairs/{}/"])
def test_another_clinics_row_is_not_found(ceo, bosque, within, url):
    with within(bosque):
        pk = (ProfessionalFactory() if "professionals" in url else ChairFactory()).pk
    assert ceo.get(url.format(pk)).status_code == ceo.get(url.format(10**9)).status_code == 404


def test_a_list_asks_the_same_of_one_and_of_thirty(ceo, arrayan, within, django_assert_num_queries):
    counts = []
    for more in (1, 29):
        with within(arrayan):
            for _one in range(more):
                UsualChairFactory(professional__membership=MembershipFactory(user=UserFactory()))
        for url in (URL, "/settings/chairs/"):
            with CaptureCount() as count:
                ceo.get(url)
            counts.append(count.queries)
    assert counts[:2] == counts[2:]


class CaptureCount:
    def __enter__(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.inner = CaptureQueriesContext(connection)
        self.inner.__enter__()
        return self

    def __exit__(self, *fault):
        self.inner.__exit__(*fault)
        self.queries = len(self.inner)


def test_chairs_are_added_renamed_and_put_out_of_use(ceo, arrayan, within, staffed):
    assert ceo.post("/settings/chairs/", {"name": " Sillón   9 "}).status_code == 302
    with within(arrayan):
        made = Chair.objects.get(name="Sillón 9")
        UsualChair.objects.create(professional=staffed["first"], chair=made)
    again = ceo.post("/settings/chairs/", {"name": "Sillón 9"})
    assert again.status_code == 422
    assert "Ya hay un sillón con ese nombre." in again.content.decode()
    assert ceo.post(f"/settings/chairs/{made.pk}/", {"name": "Quirófano"}).status_code == 302
    assert ceo.post(f"/settings/chairs/{made.pk}/switch").status_code == 302
    with within(arrayan):
        made.refresh_from_db()
        assert (made.name, made.active, UsualChair.objects.filter(chair=made).exists()) == ("Quirófano", False, False)
    assert "Quirófano" not in ceo.get(f"{URL}new/").content.decode()
    ceo.post(f"/settings/chairs/{made.pk}/switch")
    with within(arrayan):
        made.refresh_from_db()
        assert made.active


def test_the_same_name_in_the_other_clinic_is_no_matter(ceo, bosque, within):
    with within(bosque):
        ChairFactory(name="Sillón 1")
    assert ceo.post("/settings/chairs/", {"name": "Sillón 1"}).status_code == 302


def test_the_verbs_refuse_whoever_is_no_ceo(here, people):
    chair, one = ChairFactory(), ProfessionalFactory()
    for role in ("professional", "secretary", "setter", "closer"):
        by = people[role].actor
        for verb in (
            lambda by=by: professionals.add(by=by, first_name="A", last_name="B"),
            lambda by=by: professionals.change(professional=one, by=by, first_name="A"),
            lambda by=by: chairs.add(name="X", by=by), lambda by=by: chairs.change(chair=chair, active=False, by=by),
            lambda by=by: chairs.seat(professional=one, chair=chair, by=by),
            lambda by=by: catalogue.add(by=by, name="X", minutes=30),
            lambda by=by: catalogue.assign(professional=one, treatments=[], by=by),
        ):
            with pytest.raises(NotYours):
                verb()


def test_the_verb_says_hours_by_their_whole_path(here, people):
    with pytest.raises(Invalid) as refused:
        professionals.add(by=people["ceo"].actor, first_name="A", last_name="B", working_hours={
            "2": {"enabled": True, "slots": [{"start": "09:00", "end": "13:00"}, {"start": "12:00", "end": "14:00"}]}})
    assert set(refused.value.fields) == {"working_hours.2.slots.1.start"}


def test_what_changed_is_audited_and_what_did_not_is_not(here, people):
    one = ProfessionalFactory(first_name="Paula")
    professionals.change(professional=one, by=people["ceo"].actor, first_name="Paula", working_hours=WEEK)
    row = SystemEvent.objects.get(event="professional.changed")
    assert row.payload == {"professional": one.pk, "changed": ["working_hours"]}
