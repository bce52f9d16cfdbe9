"""Play the demo's days through the verbs, with the clock standing where each thing happened.

Yesterday's visits were booked, arrived, attended, charged and paid; today is as far as the clock says; tomorrow waits.
"""
import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from accounting import cash
from accounting.models import DailyCash
from agenda import availability, booking
from agenda.models import Appointment
from agenda.models.treatment import who_do
from agenda.refusals import SlotTaken
from clinics import tenancy
from clinics.patients import charting
from dentalogic.lib import clock
from messaging.demo import world

PAST_DAYS, NEXT_DAYS = 8, 16
CROWD_PAST, CROWD_NEXT = 6, 5  # visits a professional and day, about
NOTICE = timedelta(days=3)
OFTEN = {"URG": 1, "LIMP": 6, "ORTO": 12, "ENDO": 4, "EXO": 4, "IMPL": 1, "BLAN": 1}  # of 3 for the others
FLOAT = Decimal("40000")


@dataclass
class Days:
    """One clinic's days, drawn with its own dice."""

    patients: list
    professionals: list
    treatments: list
    desk: object  # the actor at the desk
    author: object  # the actor of the professional who has a login, or None
    dice: random.Random

    def play(self):
        today = clock.today(tenancy.here().zone)
        now = clock.now()
        for away in range(-PAST_DAYS, NEXT_DAYS + 1):
            day = today + timedelta(days=away)
            for professional in self.professionals:
                crowd = CROWD_PAST if away <= 0 else max(1, CROWD_NEXT - away // 4)
                self._book_day(day, professional, crowd, now)
        self._attend_until(now)
        self._count_the_cash(today)

    def _book_day(self, day, professional, crowd, now):
        mine = [one for one in self.treatments if self._does(professional, one)]
        weights = [OFTEN.get(one.code, 3) for one in mine]
        for _visit in range(crowd):
            treatment = self.dice.choices(mine, weights)[0]
            with clock.standing_at(now - timedelta(days=PAST_DAYS) - NOTICE):
                openings = availability.find(
                    treatment=treatment, professionals=[professional], first=day, last=day, now=clock.now())
                if openings:
                    self._book(self.dice.choice(openings), professional, treatment)

    def _does(self, professional, treatment):
        if treatment.pk not in self._doers:
            self._doers[treatment.pk] = {one.pk for one in who_do(treatment)}
        return professional.pk in self._doers[treatment.pk]

    def __post_init__(self):
        self._doers = {}

    def _book(self, opening, professional, treatment):
        with suppress(SlotTaken):  # the patient drawn has another visit then
            booking.book(
                patient=self.dice.choice(self.patients), professional=professional, treatment=treatment,
                start_at=opening.start_at, by=self.desk, source=self.dice.choice(["whatsapp", "whatsapp", "desk"]),
                reason=self.dice.choice(world.REASONS))

    def _attend_until(self, now):
        for visit in Appointment.objects.with_names().order_by("start_at"):
            lot = self.dice.random()
            if visit.start_at > now:
                if lot < 0.5:
                    booking.confirm(appointment=visit, by=self.desk)
            elif visit.end_at < now - timedelta(minutes=5):
                self._past(visit, lot)
            elif visit.start_at < now - timedelta(minutes=15):
                self._at(visit.start_at, booking.arrive, visit)
                self._at(visit.start_at + timedelta(minutes=6), booking.seat, visit)
            else:
                self._at(visit.start_at - timedelta(minutes=9), booking.arrive, visit)

    def _past(self, visit, lot):
        if lot < 0.06:
            self._at(visit.end_at, booking.miss, visit)
            return
        self._at(visit.start_at - timedelta(minutes=5), booking.arrive, visit)
        self._at(visit.start_at + timedelta(minutes=3), booking.seat, visit)
        self._at(visit.end_at, booking.complete, visit)
        if self.author is not None and visit.professional_id == self.author.professional_id:
            with clock.standing_at(visit.end_at + timedelta(minutes=4)):
                charting.sign(
                    patient=visit.patient, author=visit.professional, text=world.NOTES[visit.treatment.code],
                    by=self.author)
        if lot < 0.8 and visit.treatment.price:
            with clock.standing_at(visit.end_at + timedelta(minutes=6)):
                cash.pay(
                    patient=visit.patient, amount=visit.treatment.price, appointment=visit, now=clock.now(),
                    method=self.dice.choice(["cash", "cash", "card", "transfer", "qr"]), by=self.desk,
                    detail=visit.treatment.name)

    def _count_the_cash(self, today):
        """Each past day's cash had its float counted in the morning and was closed in the evening; one was short."""
        zone = tenancy.here().zone
        short = {today - timedelta(days=3): Decimal("500")}
        for day in DailyCash.objects.filter(day__lt=today).order_by("day").values_list("day", flat=True):
            with clock.standing_at(datetime.combine(day, time(8, 4), zone)):
                row = cash.open_day(float_amount=FLOAT, by=self.desk, now=clock.now())
            with clock.standing_at(datetime.combine(day, time(20, 10), zone)):
                reason = "Vuelto mal dado" if day in short else ""
                cash.close_day(
                    day=day, counted=row.expected - short.get(day, 0), reason=reason, by=self.desk, now=clock.now())

    def _at(self, instant, verb, visit):
        with clock.standing_at(instant):
            verb(appointment=visit, by=self.desk)
