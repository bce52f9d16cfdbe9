"""Build a demo clinic: its people, its treatments and its number. Each function is one page of `world`."""
import random
import secrets

from agenda.models import Chair, TreatmentProfessional, TreatmentType, UsualChair
from clinics import tenancy
from clinics.access import Actor
from clinics.models import Membership, Professional, Tenant, User
from clinics.patients import anamnesis, intake
from clinics.patients.models import Coverage, Insurer
from dentalogic.lib import clock
from dentalogic.lib.text import fold
from messaging import channels
from messaging.demo import world


def found(clinic: world.Clinic) -> Tenant:
    return Tenant.objects.create(
        name=clinic.name, slug=clinic.slug, timezone=clinic.timezone, phone=clinic.phone, address=clinic.address,
        working_hours=clinic.hours, consultation_price=clinic.consultation_price, receptionist_name="Alma",
        emergency_advice="Si te cuesta respirar o tragar, andá ya a una guardia o llamá al 107.",
        created_at=clock.now())


def hire(clinic) -> dict[str, Membership]:
    """Address before the @ -> membership."""
    return {name: _member(clinic, full_name, name, role, status) for full_name, name, role, status in clinic.staff}


def _member(clinic, full_name, name, role, status):
    user = User.objects.create_user(
        f"{name}@{clinic.slug}.example", world.PASSWORD, name=full_name, created_at=clock.now(),
        last_tenant_id=tenancy.current_tenant())
    activated = clock.now() if status == Membership.Status.ACTIVE else None
    return Membership.objects.create(
        user=user, role=role, status=status, created_at=clock.now(), activated_at=activated)


def seat_professionals(clinic, members) -> list[Professional]:
    made = []
    for title, first, last, specialty, licence, chair, hours, person in clinic.professionals:
        professional = Professional.objects.create(
            title=title, first_name=first, last_name=last, folded=fold(f"{last} {first}"), specialty=specialty,
            licence=licence, working_hours=hours, membership=members.get(person))
        UsualChair.objects.create(professional=professional, chair=Chair.objects.create(name=chair))
        made.append(professional)
    return made


def offer_treatments(professionals) -> list[TreatmentType]:
    made = []
    for code, name, aliases, category, minutes, least, price, bookable, specialties, before in world.TREATMENTS:
        doers = [one for one in professionals if not specialties or one.specialty in specialties]
        if not doers:
            continue
        treatment = TreatmentType.objects.create(
            code=code, name=name, folded=fold(name), aliases=aliases, category=category, minutes=minutes,
            minutes_min=least, minutes_max=minutes * 2, price=price, tell_price=code == "CONS", bookable=bookable,
            before_visit=before)
        if specialties:
            TreatmentProfessional.objects.bulk_create(
                TreatmentProfessional(treatment=treatment, professional=one) for one in doers)
        made.append(treatment)
    return made


def accept_insurers() -> None:
    rows = {name: Insurer(name=name, folded=fold(name), aliases=aliases, policy=policy, note=note)
            for name, aliases, policy, note in world.INSURERS}
    Insurer.objects.bulk_create(rows.values())
    for name, code, terms in world.COVERAGES:
        Coverage.objects.create(insurer=rows[name], treatment_code=code, **terms)


def admit_patients(clinic, *, by: Actor, author: Actor, dice: random.Random) -> list:
    names = [(first, last) for first in world.FIRST for last in world.LAST]
    patients = []
    for number, (first, last) in enumerate(dice.sample(names, clinic.patients)):
        patient = intake.register(
            first_name=first, last_name=last, by=by, dni=str(20_000_000 + dice.randrange(25_000_000)),
            birth_on=f"{dice.randrange(1948, 2015)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 28):02}",
            phone=f"+549{clinic.area}555{3000 + number:04}", insurance=dice.choice(
                ["particular", "OSDE", "OSDE", "Swiss Medical", "Galeno", "Medifé"]))
        if number % 6 == 0:
            anamnesis.merge(
                patient=patient, answers=world.HISTORIES[number // 6 % len(world.HISTORIES)],
                by=author, through="Ficha en papel", now=clock.now())
        patient.refresh_from_db()
        patients.append(patient)
    return patients


def connect_number(clinic, *, by) -> dict:
    """The channel, and what somebody needs to post a signed webhook to it."""
    secret = f"whsec_{secrets.token_hex(16)}"
    channel = channels.connect(
        number=clinic.number, name="WhatsApp", secret=secret, api_key=secrets.token_hex(16), by=by, sandbox=True)
    return {"clinic": clinic.name, "tenant_id": tenancy.current_tenant(), "number": channel.number,
            "webhook_path": channel.webhook_path, "secret": secret}
