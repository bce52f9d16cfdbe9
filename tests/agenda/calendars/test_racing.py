"""Two workers and one sync token, on the real database: nothing told is lost, nothing taken back stays."""
import threading
from datetime import timedelta
from functools import partial

import pytest

from agenda.calendars import busy, pulling
from agenda.models import Calendar
from clinics import tenancy
from dentalogic.lib import clock
from tests.agenda.calendars.conftest import again, connect, mirrored, utc
from tests.agenda.conftest import at
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LAURA, HANDS, ROUNDS = "laura@clinica.example", 4, 5


@pytest.fixture
def calendar(google, arrayan, bosque, within, frozen):
    with within(arrayan):
        return connect(google, LAURA)


@pytest.fixture
def race(arrayan):
    def run(*verbs):
        start = threading.Barrier(len(verbs))

        def together(verb):
            start.wait(30)
            return verb()

        return at_once(lambda: tenancy.tenant_context(arrayan.pk), [partial(together, verb) for verb in verbs])

    return run


def there(google):
    """What the calendar holds at the peer, as the mirror says it."""
    return sorted((one["id"], one["start"]["dateTime"]) for one in google.events(LAURA))


def copied(calendar, arrayan, within):
    with within(arrayan):
        return sorted((event, start.isoformat()) for event, start, _end, _busy in mirrored(again(calendar)))


def wanted(calendar, arrayan, within):
    with within(arrayan):
        Calendar.objects.filter(pk=calendar.pk).update(pull_at=clock.now())


def tokens(google):
    """With which the peer was asked, once for each listing whatever its pages."""
    asked = [one["query"] for one in google.asked if "pageToken" not in one["query"]]
    return [one["syncToken"] for one in asked if "syncToken" in one]


def test_pullers_at_once_use_a_token_once_and_lose_nothing(google, calendar, race, arrayan, within, frozen):
    google.page_size = 2  # an answer is several pages, and a token comes with the last
    pull = partial(pulling.pull, calendar_id=calendar.pk)
    for number in range(ROUNDS):
        google.put(LAURA, f"nuevo{number}", start=utc(9 + number), end=utc(10 + number))
        google.put(LAURA, "mudado", start=utc(20, number), end=utc(21, number))
        if number:
            google.drop(LAURA, f"nuevo{number - 1}")
        frozen.shift(timedelta(minutes=1))
        wanted(calendar, arrayan, within)
        race(*[pull] * HANDS)
        pull_what_is_left(calendar, pull, arrayan, within)
        assert copied(calendar, arrayan, within) == there(google)
    assert len(tokens(google)) == len(set(tokens(google))) >= ROUNDS
    with within(arrayan):
        assert again(calendar).pulling_since is None


def pull_what_is_left(calendar, pull, arrayan, within):
    """Who came while another was at it stepped aside; the pull that is due then finds nothing new."""
    wanted(calendar, arrayan, within)
    with tenancy.tenant_context(arrayan.pk):
        pull()


def test_of_two_with_one_token_the_one_given_up_writes_nothing(google, calendar, race, arrayan, within, frozen):
    """The first hangs in Google until its claim has run out; the second asks with the same token, and is done."""
    google.put(LAURA, "viejo", start=utc(9), end=utc(10))
    with tenancy.tenant_context(arrayan.pk):
        pulling.pull(calendar_id=calendar.pk)
    google.put(LAURA, "mudado", start=utc(11), end=utc(12))
    frozen.shift(timedelta(minutes=1))
    wanted(calendar, arrayan, within)
    asking, go_on, first = threading.Event(), threading.Event(), []

    def hold(verb, path):
        if not first:
            first.append(threading.current_thread())
            asking.set()
            go_on.wait(30)

    def slow():
        pulling.pull(calendar_id=calendar.pk)

    def quick():
        asking.wait(30)
        frozen.shift(timedelta(minutes=5))  # the claim of the first is nobody's any more
        google.drop(LAURA, "viejo")
        google.put(LAURA, "mudado", start=utc(15), end=utc(16))
        pulling.pull(calendar_id=calendar.pk)
        with tenancy.atomic():
            done.append(again(calendar).sync_token)
        go_on.set()

    done, google.on_call = [], hold
    race(slow, quick)
    google.on_call = None
    used = tokens(google)
    assert len(used) == 2 and used[0] == used[1]
    with within(arrayan):
        row = again(calendar)
    assert row.sync_token == done[0] and row.pulling_since is None
    assert copied(calendar, arrayan, within) == there(google) == [("mudado", utc(15).isoformat())]


def test_a_pull_beside_a_question_of_the_desk_undoes_nothing(google, calendar, race, arrayan, within, frozen):
    for number in range(ROUNDS):
        google.put(LAURA, "reunion", start=at(9 + number), end=at(10 + number))
        frozen.shift(timedelta(minutes=1))
        wanted(calendar, arrayan, within)
        race(partial(pulling.pull, calendar_id=calendar.pk), lambda: busy.live(None, at(0), at(23), clock.now()))
        assert [start for _event, start, _end, _busy in mirror_of(calendar, arrayan, within)] == [at(9 + number)]


def mirror_of(calendar, arrayan, within):
    with within(arrayan):
        return mirrored(again(calendar))
