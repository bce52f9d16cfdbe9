"""How often the provider's door opens: by channel once it is the provider, by address before."""
import pytest

from clinics import limits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def few(monkeypatch):
    def make(name, number):
        monkeypatch.setitem(limits.RATES, name, limits.Rate(number))

    return make


def test_a_channel_in_a_flood_is_told_to_come_again_and_nothing_of_it_is_kept(few, post, clinic):
    few("webhook", 2)
    answers = [post("text", event=f"evt_{number}", wamid=f"w{number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert len(clinic.messages()) == 2


def test_who_learned_the_address_is_stopped_and_uses_nothing_of_the_channels_up(few, post, clinic):
    few("webhook", 2)
    few("webhook-unsigned", 2)
    assert [post("text", secret="whsec_other").status_code for _time in range(4)] == [401, 401, 429, 429]
    assert [post("text", event=f"e{number}", wamid=f"w{number}").status_code for number in range(2)] == [200, 200]
