"""Rows of the sales module, made inside a tenant's transaction."""
from datetime import UTC, datetime, timedelta

import factory

from messaging.leads.models import Lead, LeadEvent, Seller
from tests.factories import MembershipFactory

NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


class SellerFactory(factory.django.DjangoModelFactory):
    membership = factory.SubFactory(MembershipFactory, role="setter")
    created_at = NOON

    class Meta:
        model = Seller


class LeadFactory(factory.django.DjangoModelFactory):
    source = "instagram"
    name = factory.Sequence(lambda n: f"Interesada {n}")
    phone = factory.Sequence(lambda n: f"+54934155502{n % 100:02}")
    created_at = factory.Sequence(lambda n: NOON + timedelta(minutes=n))
    stage_at = factory.SelfAttribute("created_at")

    class Meta:
        model = Lead


class LeadEventFactory(factory.django.DjangoModelFactory):
    lead = factory.SubFactory(LeadFactory)
    kind = "created"
    to_stage = "new"
    at = NOON

    class Meta:
        model = LeadEvent
