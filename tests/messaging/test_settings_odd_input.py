"""What robots and fingers post to Ajustes is never a fault of ours: it is answered, and the row stays as it was."""
import pytest

from clinics.models import Professional, Tenant
from messaging.models import Channel
from tests.agenda.factories import ChairFactory, ClosureFactory, TreatmentFactory
from tests.patients.factories import InsurerFactory

ODD = ("\x00", "²", "٣", "9" * 40, "-1", "1e9", "NaN", "a" * 5000, "<script>", "🦷", "'; --", " ")
FIELDS = (
    "name", "phone", "address", "country", "timezone", "currency", "slot_step", "buffer_minutes", "minimum_notice",
    "horizon_days", "hold_minutes", "offer_minutes", "receptionist_name", "consultation_price", "quiet_seconds",
    "quiet_max_seconds", "return_hours", "emergency_number", "emergency_advice", "address_0", "week-0-open",
    "week-0-from", "week-0-to", "title", "first_name", "last_name", "licence", "specialty", "membership", "chair",
    "hours", "treatments", "active", "code", "category", "aliases", "minutes", "minutes_min", "minutes_max", "price",
    "sessions", "gap_days", "before_visit", "who", "doers", "whom", "kind", "first_day", "first_hour", "last_day",
    "last_hour", "reason", "policy", "copay", "delay_days", "note", "treatment_code", "number", "api_key", "secret",
    "enabled", "despite_visits",
)


@pytest.fixture
def addresses(people, channel, arrayan, within):
    with within(arrayan):
        pro, chair, closure = Professional.objects.first(), ChairFactory(), ClosureFactory()
        treatment, insurer = TreatmentFactory(), InsurerFactory()
    return (
        "", "professionals/new/", f"professionals/{pro.pk}/", "chairs/", f"chairs/{chair.pk}/", "treatments/new/",
        f"treatments/{treatment.pk}/", "closures/new/", f"closures/{closure.pk}/", "insurers/new/",
        f"insurers/{insurer.pk}/", f"insurers/{insurer.pk}/cover/", "whatsapp/", f"whatsapp/{channel.pk}/name",
        f"whatsapp/{channel.pk}/rotate", f"whatsapp/{channel.pk}/test", "automations/",
        f"professionals/{'9' * 30}/",
    )


@pytest.mark.parametrize("odd", ODD, ids=[ascii(odd)[:12] for odd in ODD])
def test_odd_input_is_answered(client_as, addresses, odd, arrayan, within):
    client, answers = client_as("ceo"), {}
    for url in addresses:
        answers[url] = client.post(f"/settings/{url}", dict.fromkeys(FIELDS, odd)).status_code
    assert {url: status for url, status in answers.items() if status >= 500} == {}
    assert Tenant.objects.get(pk=arrayan.pk).name == "Clínica Arrayán"
    with within(arrayan):
        assert Channel.objects.count() == 1


@pytest.mark.parametrize("url", [
    "closures/?page=²", "closures/?past&page=9" + "9" * 30, "closures/new/?day=9999-12-31", "closures/new/?day=²",
    "whatsapp/?saved=%00",
])
def test_an_odd_address_is_answered(client_as, url):
    assert client_as("ceo").get(f"/settings/{url}").status_code == 200
