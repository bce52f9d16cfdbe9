"""Rows of conversations, made inside a tenant's transaction."""
from datetime import UTC, datetime

import factory

from clinics import routes, vault
from messaging.models import Channel, ChatMessage, Conversation

SECRET = "whsec_test"
NOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


class ChannelFactory(factory.django.DjangoModelFactory):
    number = "+5493415550100"
    name = "Recepción"

    class Meta:
        model = Channel
        skip_postgeneration_save = True

    @factory.post_generation
    def secrets(self, create, extracted, **kwargs):
        secret, api_key = extracted or (SECRET, "ycloud-test-key")
        routes.add(kind="ycloud", address=self.public_id, row_id=self.pk)
        vault.put(self.secret_name, secret)
        vault.put(self.api_key_name, api_key)


class ConversationFactory(factory.django.DjangoModelFactory):
    channel = factory.SubFactory(ChannelFactory)
    phone = factory.Sequence(lambda n: f"+549341{5_550_100 + n % 1_000_000}")
    address = factory.LazyAttribute(lambda row: row.phone or row.wa_user_id)
    profile_name = "Carolina"
    last_message_at = NOON
    last_inbound_at = NOON

    class Meta:
        model = Conversation


class PatientMessageFactory(factory.django.DjangoModelFactory):
    conversation = factory.SubFactory(ConversationFactory)
    direction = "in"
    author = "patient"
    status = "received"
    text = "hola"
    created_at = NOON
    sent_at = NOON

    class Meta:
        model = ChatMessage
