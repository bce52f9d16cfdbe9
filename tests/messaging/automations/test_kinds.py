"""Failures 54 and 56: each rule, with one case on the real schema, sends it, once, with its row; or says why not."""
from datetime import timedelta

import pytest

from accounting import cash, charging, debts
from agenda import booking, waitlist
from agenda.models import WaitlistOffer
from clinics import access, tenancy
from messaging import people
from messaging.automations import cases, kinds, looks
from messaging.automations.kinds import Kind
from messaging.models import Automation, ChatMessage, Conversation
from tests.agenda.factories import AppointmentFactory, PatientFactory
from tests.messaging.automations.conftest import NOON, at
from tests.messaging.factories import ChannelFactory, ConversationFactory


def done(scene, visit, **changes):
    """The visit as it was left by the day."""
    with scene.within():
        type(visit).objects.filter(pk=visit.pk).update(**changes)


def one_due(scene, kind, desk):
    """One case of this rule, whose hour has come; the patient never wrote."""
    if kind == Kind.REMINDER:
        scene.visit(at(10, day=25))
    elif kind == Kind.BEFORE:
        scene.treatment.before_visit = "Vení en ayunas.\n\nTraé tus estudios."
        with scene.within():
            scene.treatment.save()
        scene.visit(at(10, day=26))
    elif kind == Kind.PAYMENT:
        with scene.within():
            owes = PatientFactory(phone="+5493415550139")
            charging.charge(patient=owes, amount=25000, by=desk, now=NOON - timedelta(days=8))
    elif kind == Kind.REACTIVATION:
        scene.visit(at(10, day=24) - timedelta(days=200), status="completed")
    else:
        happens(scene, kind, desk)


def happens(scene, kind, desk):
    with scene.within():
        patient = PatientFactory(phone="+5493415550139")
        if kind == Kind.BOOKED:
            booking.book(patient=patient, professional=scene.professional, treatment=scene.treatment,
                         start_at=at(10, day=26), by=desk)
        elif kind == Kind.MISSED:
            visit = AppointmentFactory(
                patient=patient, professional=scene.professional, treatment=scene.treatment, start_at=at(10))
            booking.miss(appointment=visit, by=desk)
        elif kind == Kind.WAITLIST:
            entry = waitlist.join(patient=patient, treatment=scene.treatment, by=desk)
            waitlist.offer(entry=entry, professional=scene.professional, start_at=at(10, day=26), by=desk)
        else:
            scene.treatment.after_visit = "Nada caliente por 24 h.\nFrío en la zona."
            scene.treatment.save()
            visit = AppointmentFactory(
                patient=patient, professional=scene.professional, treatment=scene.treatment, start_at=at(10),
                status="seated")
            booking.complete(appointment=visit, by=desk)
    later = {Kind.AFTER_VISIT: timedelta(days=1), Kind.WAITLIST: timedelta(minutes=1)}  # an offer runs out
    scene.clock.shift(later.get(kind, timedelta(hours=1, minutes=1)))


@pytest.mark.parametrize("kind", list(kinds.RULES))
def test_failure_56_each_rule_with_one_due_case_does_its_work(scene, kind, desk):
    scene.on(kind)
    one_due(scene, kind, desk)
    runs = scene.tend()
    assert [(run.kind, run.state, run.reason) for run in runs] == [(kind, "sent", "")]
    message, = scene.messages()
    assert message.pk == runs[0].message_id
    assert (message.kind, message.template["name"]) == ("template", kinds.RULES[kind].name)
    assert "{" not in message.text and "\n" not in "".join(message.template["components"]["body"])
    assert message.template["marketing"] is kinds.RULES[kind].marketing
    scene.clock.shift(timedelta(minutes=10))
    assert len(scene.tend()) == 1 == len(scene.messages())


@pytest.mark.parametrize("kind", [one for one in kinds.RULES if one != Kind.WAITLIST])
def test_each_rule_says_its_own_text_while_the_window_is_open(scene, kind, desk):
    scene.on(kind, template=None)
    one_due(scene, kind, desk)
    with scene.within():
        ConversationFactory(channel=scene.channel, phone="+5493415550139", last_inbound_at=NOON + timedelta(hours=5))
    run, = scene.tend()
    assert run.state == "sent" and run.message.kind == "text"
    told = run.message.template
    assert "name" not in told and told.get("marketing", False) is kinds.RULES[kind].marketing
    assert "{" not in run.message.text and "Ana" in run.message.text


@pytest.mark.parametrize("kind", list(kinds.RULES))
def test_a_rule_that_is_off_writes_to_nobody(scene, kind, desk):
    one_due(scene, kind, desk)
    assert scene.tend() == [] and scene.messages() == []


def test_failure_56_a_look_that_fails_alerts_and_the_others_go_on(scene, monkeypatch, owner):
    def broken(known, now, zone):
        raise RuntimeError

    monkeypatch.setitem(cases.FINDERS, Kind.BEFORE, broken)
    scene.on(Kind.REMINDER)
    scene.on(Kind.BEFORE)
    scene.visit(at(10, day=25))
    assert [run.state for run in scene.tend()] == ["sent"]
    with scene.within():
        from messaging.models import AutomationLook

        assert AutomationLook.objects.get(kind="before").error == "RuntimeError"
        from clinics.models import SystemEvent

        assert SystemEvent.objects.get(event="automation.failed").payload["automation"] == "before"


def test_days_without_output_alert_once_a_day(scene, desk):
    scene.on(Kind.BOOKED, template=None)
    with scene.within():
        Automation.objects.update(changed_at=NOON - timedelta(days=5))
    one_due(scene, Kind.BOOKED, desk)
    assert scene.tend()[0].reason == "no_template"
    with tenancy.tenant_context(scene.tenant.pk):
        assert looks.watch() == [Kind.BOOKED]
        assert looks.watch() == []


def test_silence_where_there_was_nothing_to_say_is_no_alert(scene):
    scene.on(Kind.REMINDER)
    with scene.within():
        Automation.objects.update(changed_at=NOON - timedelta(days=5))
    with tenancy.tenant_context(scene.tenant.pk):
        assert looks.watch() == []


def test_silence_is_seen_though_the_rules_own_search_found_nothing(scene):
    scene.on(Kind.REMINDER)
    with scene.within():
        Automation.objects.update(changed_at=NOON - timedelta(days=5))
    scene.visit(at(10, day=23))
    with tenancy.tenant_context(scene.tenant.pk):
        assert looks.watch() == [Kind.REMINDER]


# Reasons


def test_what_the_receptionist_booked_was_said_in_the_conversation(scene):
    scene.on(Kind.BOOKED)
    with scene.within():
        booking.book(
            patient=PatientFactory(phone="+5493415550139"), professional=scene.professional,
            treatment=scene.treatment, start_at=at(10, day=26), by=access.receptionist(7))
    assert scene.reasons() == [("booked", "unsent", "told")]


def test_a_visit_that_the_desk_moves_is_told_with_its_new_time(scene, desk):
    scene.on(Kind.BOOKED)
    visit = scene.visit(at(10, day=25))
    with scene.within():
        booking.move(appointment=visit, start_at=at(11, day=26), by=desk)
    assert scene.tend()[0].state == "sent" and "jueves 26/11" in scene.messages()[0].text


def moves(scene, visit, desk, *times):
    with scene.within():
        for start_at in times:
            booking.move(appointment=type(visit).objects.get(pk=visit.pk), start_at=start_at, by=desk)


def test_one_that_moves_and_moves_back_is_told_where_it_ended(scene, desk):
    """Told of the other day, they would come then."""
    scene.on(Kind.BOOKED)
    visit = scene.visit(at(10, day=25))
    for start_at in (at(11, day=26), at(10, day=27), at(11, day=26)):
        moves(scene, visit, desk, start_at)
        scene.tend()
    days = [message.text.split("para el ")[1].split(" a las")[0] for message in scene.messages()]
    assert days == ["jueves 26/11", "viernes 27/11", "jueves 26/11"]


def test_of_moves_in_a_row_only_the_last_is_told_and_only_if_it_is_news(scene, desk):
    scene.on(Kind.BOOKED)
    visit = scene.visit(at(10, day=25))
    moves(scene, visit, desk, at(11, day=26), at(10, day=27), at(11, day=26))
    assert [run.state for run in scene.tend()] == ["unsent", "unsent", "sent"]
    with scene.within():
        ChatMessage.objects.update(status="sent", provider_ref="x", provider_id="x")  # it went
    moves(scene, visit, desk, at(10, day=27), at(11, day=26))
    assert scene.tend()[-1].reason == "settled"
    assert len(scene.messages()) == 1


def test_who_was_given_another_visit_is_not_asked_why_they_missed_one(scene, desk):
    scene.on(Kind.MISSED)
    visit = scene.visit(at(10))
    with scene.within():
        booking.miss(appointment=visit, by=desk)
    scene.visit(at(10, day=27), patient=visit.patient)
    scene.clock.shift(timedelta(hours=2))
    assert scene.tend()[0].reason == "settled"


def test_a_step_back_takes_the_message_back(scene, desk):
    scene.on(Kind.MISSED)
    visit = scene.visit(at(10))
    with scene.within():
        booking.miss(appointment=visit, by=desk)
        booking.step_back(appointment=visit, by=desk)
    scene.clock.shift(timedelta(hours=2))
    assert scene.tend()[0].reason == "changed"


def test_a_debt_that_was_paid_meanwhile_is_not_claimed(scene, ceo):
    scene.on(Kind.PAYMENT)
    with scene.within():
        owes = PatientFactory(phone="+5493415550139")
        charging.charge(patient=owes, amount=25000, by=ceo, now=NOON - timedelta(days=8))
        looks.look(scene.rule(Kind.PAYMENT))
        cash.pay(patient=owes, amount=25000, method="cash", by=ceo, now=NOON)
    assert scene.tend()[0].reason == "settled"


def test_failure_55_of_many_debts_each_has_its_turn(scene, desk, monkeypatch):
    """Those that were told stay as they are, and must not hide the others for ever."""
    monkeypatch.setattr(debts, "MOST", 2)
    scene.on(Kind.PAYMENT)
    with scene.within():
        for number in range(5):
            owes = PatientFactory(phone=f"+549341555020{number}")
            charging.charge(patient=owes, amount=25000, by=desk, now=NOON - timedelta(days=8 + number))
        for expected in (2, 4, 5, 5):
            looks.look(scene.rule(Kind.PAYMENT))
            assert len(scene.runs()) == expected


def test_a_debt_is_told_with_what_is_owed(scene, desk):
    scene.on(Kind.PAYMENT)
    one_due(scene, Kind.PAYMENT, desk)
    scene.tend()
    assert "$ 25.000,00" in scene.messages()[0].text.replace(" ", " ")


def test_who_opted_out_gets_no_marketing_and_gets_reminders(scene):
    scene.on(Kind.REACTIVATION)
    scene.on(Kind.REMINDER)
    old = scene.visit(at(10, day=24) - timedelta(days=200), status="completed")
    scene.visit(at(10, day=25), phone="+5493415550140")
    with scene.within():
        for phone in ("+5493415550139", "+5493415550140"):
            ConversationFactory(
                channel=scene.channel, phone=phone, last_inbound_at=None, marketing_opt_out_at=NOON)
    found = {run.kind: run for run in scene.tend()}
    assert (found["reactivation"].state, found["reactivation"].reason) == ("unsent", "opted_out")
    assert found["reactivation"].patient_id == old.patient_id and found["reminder"].state == "sent"


def test_whoever_opted_out_on_another_number_of_the_clinic_gets_no_marketing(scene):
    scene.on(Kind.REACTIVATION)
    scene.visit(at(10, day=24) - timedelta(days=200), status="completed")
    with scene.within():
        ConversationFactory(
            channel=ChannelFactory(number="+5493415550101"), phone="+5493415550139", marketing_opt_out_at=NOON,
            last_inbound_at=NOON - timedelta(days=3))
    scene.tend()
    assert scene.reasons() == [("reactivation", "unsent", "opted_out")]


def test_who_comes_again_is_not_asked_back(scene):
    scene.on(Kind.REACTIVATION)
    visit = scene.visit(at(10, day=24) - timedelta(days=200), status="completed")
    scene.visit(at(10, day=27), patient=visit.patient)
    assert scene.tend() == []


def test_a_phone_that_has_no_whatsapp_is_a_reason(scene):
    scene.on(Kind.REMINDER)
    visit = scene.visit(at(10, day=25))
    with scene.within():
        row = ConversationFactory(channel=scene.channel, phone="+5493415550139", patient=visit.patient,
                                  last_inbound_at=None)
        ChatMessage.objects.create(
            conversation=row, direction="out", author="template", kind="template", text="x", status="failed",
            error_code="131026", created_at=NOON - timedelta(days=2))
    assert scene.tend()[0].reason == "no_whatsapp"


def test_a_cap_holds_for_a_patient(scene):
    scene.on(Kind.REMINDER, cap=1, cap_days=1)
    visit = scene.visit(at(10, day=25))
    scene.visit(at(15, day=25), patient=visit.patient)
    assert [(run.state, run.reason) for run in scene.tend()] == [("sent", ""), ("unsent", "capped")]


def test_an_archived_patient_is_not_written_to(scene):
    scene.on(Kind.REMINDER)
    visit = scene.visit(at(10, day=25))
    with scene.within():
        type(visit.patient).objects.update(status="archived")
    assert scene.tend()[0].reason == "archived"


def test_without_a_number_that_is_on_nothing_goes(scene):
    scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25))
    with scene.within():
        type(scene.channel).objects.update(active=False)
    assert scene.tend()[0].reason == "no_channel"


@pytest.mark.parametrize(("changes", "reason"), [
    ({"status": "paused"}, "template_not_usable"), ({"components": [{"type": "BODY", "text": "{{1}} hola"}]},
                                                    "template_changed")])
def test_a_template_that_changed_at_whatsapp_is_a_reason(scene, changes, reason):
    row = scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25))
    with scene.within():
        type(row).objects.update(**changes)
    assert scene.tend()[0].reason == reason


def test_a_value_that_is_missing_is_a_reason(scene):
    scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25))
    with scene.within():
        type(scene.tenant).objects.filter(pk=scene.tenant.pk).update(address="", addresses={})
    assert scene.tend()[0].reason == "template_values"


def test_a_fault_is_tried_again_and_then_shown(scene, monkeypatch):
    def broken(**_said):
        raise RuntimeError

    monkeypatch.setattr(people, "open_conversation", broken)
    scene.on(Kind.REMINDER)
    scene.visit(at(10, day=25))
    for _try in range(4):
        assert scene.messages() == []
        runs = scene.tend()
        scene.clock.shift(timedelta(minutes=10))
    assert (runs[0].state, runs[0].reason, runs[0].attempts) == ("unsent", "fault", 3)


# The waitlist


def test_an_offer_to_who_did_not_write_goes_by_template_and_its_yes_books(scene, desk):
    scene.on(Kind.WAITLIST)
    one_due(scene, Kind.WAITLIST, desk)
    with scene.within():
        offer, message = WaitlistOffer.objects.get(), ChatMessage.objects.get()
        assert offer.told == "whatsapp" and message.key == f"waitlist:{offer.pk}"
        assert message.send_before == offer.expires_at
        codes = [one["payload"] for one in message.template["components"]["buttons"]]
        assert Conversation.objects.get().phone == "+5493415550139"
    assert codes == [f"wl:yes:{offer.code}", f"wl:no:{offer.code}"]


def test_an_offer_outside_the_hours_is_the_desks_to_call(scene, desk):
    scene.on(Kind.WAITLIST, sends_from=at(13).time())
    one_due(scene, Kind.WAITLIST, desk)
    assert scene.reasons() == [("waitlist", "unsent", "out_of_hours")]
    with scene.within():
        assert WaitlistOffer.objects.get().told == "call"


