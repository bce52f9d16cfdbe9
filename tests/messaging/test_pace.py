"""How fast a number sends: by one bucket for all workers, and by each alone when nobody can be asked."""
import pytest

from clinics import tenancy
from messaging import pace
from messaging.models import Channel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def channel(arrayan):
    with tenancy.tenant_context(arrayan.pk):
        yield Channel(pk=1, tenant=arrayan, provider="ycloud")


@pytest.fixture(params=["redis", "alone"])
def bucket(request, monkeypatch, settings):
    if request.param == "alone":
        monkeypatch.setattr(pace, "_own", {})
        monkeypatch.setattr(pace, "ALONE", 1)
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
    pace._client.cache_clear()
    yield
    pace._client.cache_clear()


@pytest.mark.usefixtures("bucket")
def test_a_burst_goes_at_once_and_then_one_after_the_other(channel, settings):
    settings.OUTBOX_PACE = {"ycloud": 10}
    waits = [pace.wait(channel) for _send in range(20)]
    assert waits == pytest.approx([0] * 6 + [number / 10 for number in range(1, 15)], abs=1e-5)


@pytest.mark.usefixtures("bucket")
def test_who_would_wait_long_takes_nothing(channel, settings):
    settings.OUTBOX_PACE = {"ycloud": 10}
    waits = [pace.wait(channel) for _send in range(60)]
    assert max(waits) == pytest.approx(waits[-1]) == pytest.approx(waits[-2])
    assert waits[-1] > pace.LONGEST


@pytest.mark.usefixtures("bucket")
def test_time_fills_it_again(channel, settings, at_noon):
    settings.OUTBOX_PACE = {"ycloud": 10}
    while pace.wait(channel) <= pace.LONGEST:
        pass
    at_noon.shift(3)
    assert pace.wait(channel) == 0


@pytest.mark.usefixtures("bucket")
def test_templates_are_slower_and_count_as_messages_too(channel, settings):
    settings.OUTBOX_PACE, settings.OUTBOX_TEMPLATE_PACE = {"ycloud": 10}, 2
    waits = [pace.wait(channel, template=True) for _send in range(4)]
    assert waits == pytest.approx([0, 0, 0.5, 1.0], abs=1e-5)


@pytest.mark.usefixtures("bucket")
def test_told_that_it_is_too_fast_the_number_rests(channel):
    pace.rest(channel, 30)
    assert pace.wait(channel) == pytest.approx(30, abs=1e-3)


def test_each_number_has_its_own(channel, arrayan, settings):
    settings.OUTBOX_PACE = {"ycloud": 10}
    while pace.wait(channel) <= pace.LONGEST:
        pass
    assert pace.wait(Channel(pk=2, tenant=arrayan, provider="ycloud")) == 0
