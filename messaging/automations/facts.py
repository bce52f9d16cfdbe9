"""What a message may say, by meaning, from rows; and who it is for."""
from urllib.parse import quote_plus

from django.conf import settings
from django.utils import formats
from django.utils.translation import override

from clinics import tenancy
from dentalogic.lib import money, phones
from messaging.template_shape import tidy

ADULT = 18


def recipient(patient, today):
    """Who hears of it: of a minor the guardian, and of whoever has no phone but somebody who answers for them."""
    age = patient.age_on(today)
    is_minor = age is not None and age < ADULT
    return patient.guardian if patient.guardian_id and (is_minor or not patient.phone) else patient


def of_clinic(person, patient) -> dict:
    clinic = tenancy.here()
    return {
        "first_name": person.first_name, "patient": patient.name, "clinic": clinic.name,
        "phone": phones.show(clinic.phone) if clinic.phone else ""}


def of_visit(visit) -> dict:
    """`visit` has professional, treatment and start_at: an appointment, or an offer of the waitlist with its entry."""
    zone, clinic = tenancy.here().zone, tenancy.here()
    address = clinic.address_on(visit.start_at.astimezone(zone).date())
    return {
        "day": day_of(visit.start_at, zone), "time": hour_of(visit.start_at, zone),
        "professional": visit.professional.name, "treatment": visit.treatment.name, "address": address,
        "link": f"https://www.google.com/maps/search/?api=1&query={quote_plus(address)}" if address else ""}


def of_money(amount) -> dict:
    return {"amount": money.show(amount, tenancy.here().currency)}


def instructions(text) -> dict:
    return {"instructions": tidy(text)}


def day_of(instant, zone) -> str:
    """`martes 24/11`, in the clinics' language, whoever asks."""
    with override(settings.LANGUAGE_CODE):
        return formats.date_format(instant.astimezone(zone), "l j/n").lower()


def hour_of(instant, zone) -> str:
    return instant.astimezone(zone).strftime("%H:%M")
