"""Texts that the desk writes often."""
from datetime import timedelta

import pytest

from clinics import tenancy
from clinics.clinic import Invalid, NotYours
from dentalogic.lib import clock
from messaging import canned
from messaging.models import CannedReply
from tests.agenda.factories import AppointmentFactory
from tests.messaging.factories import NOON, ConversationFactory
from tests.patients.factories import PatientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def test_what_is_known_is_filled_in_and_what_is_not_is_named(clinic, channel, arrayan, secretary):
    arrayan.address = "Mitre 1240"
    arrayan.save()
    with clinic, tenancy.atomic():
        patient = PatientFactory(first_name="Norma")
        talk = ConversationFactory(channel=channel, patient=patient)
        facts = canned.facts_of(talk, clock.now(), by=secretary)
        text, missing = canned.fill("Hola {Nombre}, el {fecha} en {dirección}. {otra}", facts)
        assert (text, missing) == ("Hola Norma, el {fecha} en Mitre 1240. {otra}", ["fecha"])
        visit = AppointmentFactory(patient=patient, start_at=NOON + timedelta(days=1))
        text, missing = canned.fill("{fecha} a las {hora} con {profesional}", canned.facts_of(
            talk, clock.now(), by=secretary))
        assert (text, missing) == (f"miércoles 25/11 a las 12:00 con {visit.professional.name}", [])


def test_kept_under_one_shortcut(clinic, secretary):
    with clinic:
        row = canned.keep(shortcut="/Como llegar", text="Estamos en {direccion}.", by=secretary)
        assert row.shortcut == "como-llegar"
        with pytest.raises(Invalid) as refused:
            canned.keep(shortcut="como-llegar", text="Vení a {lugar}", by=secretary)
        assert set(refused.value.fields) == {"shortcut", "text"}
        canned.keep(shortcut="como-llegar", text="Mitre 1240", by=secretary, reply=row)
        with tenancy.atomic():
            assert CannedReply.objects.get().text == "Mitre 1240"
        canned.remove(reply=row, by=secretary)
        with tenancy.atomic():
            assert not CannedReply.objects.exists()


def test_not_everybodys(clinic, people):
    with clinic:
        with tenancy.atomic():
            setter = people["setter"].actor
        with pytest.raises(NotYours):
            canned.keep(shortcut="a", text="b", by=setter)
