"""Openings said to a patient, kept under opaque codes. Only a code of a live offer can be held or booked."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from agenda import booking
from clinics import tenancy
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal
from messaging.models import Offer

APART = timedelta(minutes=90)
OPTIONS = 2


class UnknownCode(Refusal):
    code = "unknown_code"
    status = 409
    detail = _("Ese código no es de una opción ofrecida en esta conversación.")


class OfferExpired(Refusal):
    code = "offer_expired"
    status = 409
    detail = _("La oferta venció: hay que buscar de nuevo.")


def spread(openings: Iterable, zone, *, first=None) -> list:
    """Two openings on different days or at least 90 minutes apart; ``first`` leads when it is among them."""
    rest = sorted(openings, key=lambda one: one.start_at) if first is None else list(openings)
    lead = first or (rest[0] if rest else None)
    if lead is None:
        return []
    day = lead.start_at.astimezone(zone).date()
    elsewhere = [one for one in rest if one.start_at.astimezone(zone).date() != day]
    apart = [one for one in rest if abs(one.start_at - lead.start_at) >= APART]
    second = (elsewhere or apart)[:1]
    return [lead, *second] if first else sorted([lead, *second], key=lambda one: one.start_at)


@tenancy.atomic
def make(*, conversation, treatment, openings, now, appointment=None) -> Offer:
    """Persist what is about to be said; an earlier offer is closed. ``appointment`` is the one being moved."""
    close(conversation=conversation, now=now)
    options = [
        {
            "code": secrets.token_hex(3), "professional": one.professional_id,
            "start_at": one.start_at.isoformat(), "end_at": one.end_at.isoformat(),
        } | ({"appointment": appointment.pk} if appointment else {})
        for one in openings
    ]  # fmt: skip
    expires_at = now + timedelta(minutes=tenancy.here().offer_minutes)
    return Offer.objects.create(
        conversation=conversation, treatment=treatment, options=options, created_at=now, expires_at=expires_at
    )


@tenancy.atomic
def close(*, conversation, now) -> None:
    Offer.objects.filter(conversation=conversation, closed_at=None).update(closed_at=now)


@tenancy.atomic
def drop(*, conversation, holder, now) -> int:
    """The patient wants something else: the offer and its hold go; how many times were held."""
    close(conversation=conversation, now=now)
    return booking.release(holder=holder)


def option_of(*, conversation, code, now) -> tuple[Offer, dict]:
    """The live offer and the option of ``code``, or UnknownCode, OfferExpired."""
    for offer in Offer.objects.filter(conversation=conversation).select_related("treatment").order_by("-pk")[:5]:
        if option := offer.option(code):
            if offer.closed_at or offer.expires_at <= now:
                raise OfferExpired
            return offer, option
    raise UnknownCode


@tenancy.atomic
def choose(*, offer, option) -> None:
    Offer.objects.filter(pk=offer.pk).update(chosen_code=option["code"])
    offer.chosen_code = option["code"]


def starts(option: dict) -> datetime:
    return datetime.fromisoformat(option["start_at"])


def newest(*, conversation) -> Offer | None:
    return Offer.objects.filter(conversation=conversation).select_related("treatment").order_by("-pk").first()


def is_live(offer: Offer | None, now=None) -> bool:
    return bool(offer and offer.closed_at is None and offer.expires_at > (now or clock.now()))
