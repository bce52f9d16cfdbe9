"""Parallel runs, hours and zones: a case is decided once, at an hour of the clinic, also when clocks change."""
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from clinics import tenancy
from clinics.models import Tenant
from messaging.automations import looks, rules, sending
from messaging.automations.kinds import RULES, Kind
from messaging.models import Automation
from tests.messaging.automations.conftest import at
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_failure_56_many_workers_at_once_send_each_case_once(scene):
    scene.on(Kind.REMINDER)
    for number in range(12):
        scene.visit(at(9, day=25) + timedelta(minutes=30 * number), phone=f"+5493415552{number:03}")
    at_once(lambda: tenancy.tenant_context(scene.tenant.pk), [looks.tend] * 6)
    runs = scene.runs()
    assert len(runs) == 12 and {run.state for run in runs} == {"sent"}
    assert len(scene.messages()) == 12 == len({message.conversation_id for message in scene.messages()})


def test_one_case_that_six_jobs_take_is_one_message(scene):
    scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25))
    with scene.within():
        looks.look(scene.rule(Kind.REMINDER))
    run, = scene.runs()
    decided = at_once(lambda: tenancy.tenant_context(scene.tenant.pk), [lambda: sending.decide(run.pk)] * 6)
    assert len([one for one in decided if one]) == 1 == len(scene.messages())


def test_a_cap_holds_under_parallel_runs(scene):
    scene.on(Kind.REMINDER, cap=1, cap_days=1)
    visit = scene.visit(at(10, day=25))
    scene.visit(at(15, day=25), patient=visit.patient)
    with scene.within():
        looks.look(scene.rule(Kind.REMINDER))
    at_once(lambda: tenancy.tenant_context(scene.tenant.pk), [
        lambda pk=run.pk: sending.decide(pk) for run in scene.runs()])
    assert sorted(run.state for run in scene.runs()) == ["sent", "unsent"]


def known(zone_name, **how):
    return rules.Set(RULES[Kind.REMINDER], Automation(kind=Kind.REMINDER, **how)), ZoneInfo(zone_name)


@pytest.mark.parametrize("zone_name", [
    "America/Argentina/Buenos_Aires", "America/Santiago", "America/Mexico_City", "America/New_York",
    "America/Asuncion", "America/Bogota"])
@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 4, 5), date(2026, 9, 6), date(2026, 11, 1)])
def test_hours_are_the_walls_also_on_the_days_that_clocks_change(zone_name, day):
    one, zone = known(zone_name, sends_from=time(9), sends_until=time(20))
    for hour in range(24):
        instant = datetime.combine(day, time(hour, 30), zone).astimezone(UTC)
        then = one.next_hour(instant, zone)
        wall = then.astimezone(zone)
        assert then >= instant and one.may_send_at(then, zone)
        assert then == instant or wall.time() == time(9)
        assert wall.date() - instant.astimezone(zone).date() <= timedelta(days=1)


@pytest.mark.parametrize(("own", "asked", "fits"), [
    ({"sends_from": time(15)}, {"sends_until": time(14)}, False),
    ({"sends_until": time(9, 30)}, {"sends_from": None}, False),
    ({"sends_from": time(15)}, {"sends_until": time(14), "sends_from": time(8)}, True),
    ({"sends_from": time(15), "sends_until": time(16)}, {"sends_until": None}, True)])
def test_hours_at_which_nothing_could_ever_be_sent_are_refused(own, asked, fits):
    """Whatever half of them is changed: the other one is the clinic's own."""
    one, _zone = known("America/Bogota", **own)
    assert (rules._faults(one.rule, one.row, asked)["sends_until"] == "") is fits


def test_a_day_without_midnight_has_its_visits(scene):
    """In Santiago the clocks go from 23:59 to 01:00 on 5/9/2026: the sixth begins at one."""
    with scene.within():
        Tenant.objects.filter(pk=scene.tenant.pk).update(timezone="America/Santiago")
    zone = ZoneInfo("America/Santiago")
    scene.on(Kind.REMINDER)
    scene.visit(datetime(2026, 9, 6, 9, tzinfo=zone))
    scene.visit(datetime(2026, 9, 7, 9, tzinfo=zone), phone="+5493415550140")
    with time_machine.travel(datetime(2026, 9, 5, 12, tzinfo=zone), tick=False):
        run, = scene.tend()
    assert run.state == "sent" and "domingo 6/9" in scene.messages()[0].text


def test_two_clinics_have_each_its_tomorrow(scene, bosque, within):
    """At 23:30 in Buenos Aires it is 21:30 in New York: the same instant, two lists."""
    from tests.agenda.factories import AppointmentFactory, PatientFactory
    from tests.messaging.automations.conftest import template_of

    with within(bosque):
        from messaging.models import Channel

        Tenant.objects.filter(pk=bosque.pk).update(timezone="America/New_York")
        row = template_of(Kind.REMINDER, Channel.objects.get())
        Automation.objects.create(
            kind=Kind.REMINDER, enabled=True, changed_at=at(9), template=row, sends_from=time(8), sends_until=time(22),
            meanings=list(RULES[Kind.REMINDER].fills))
        AppointmentFactory(
            start_at=datetime(2026, 11, 25, 9, tzinfo=ZoneInfo("America/New_York")),
            patient=PatientFactory(phone="+5493515550139"))
    scene.on(Kind.REMINDER)
    scene.visit(at(15, day=25))
    scene.clock.move_to(at(23, 30))
    assert [run.state for run in scene.tend()] == ["due"]
    with tenancy.tenant_context(bosque.pk):
        assert looks.tend() == 1
