"""Connecting a number of the clinic: the row, its secrets in the vault, and the public address that finds it."""
from clinics import routes, tenancy, vault
from clinics.audit import log_security_event
from messaging.models import Channel


@tenancy.atomic
def connect(*, number, name, secret, api_key, by, sandbox=False) -> Channel:
    """A YCloud number (E.164) with its endpoint's signing secret and its API key."""
    channel = Channel.objects.create(number=number, name=name, sandbox=sandbox)
    vault.put(channel.secret_name, secret)
    vault.put(channel.api_key_name, api_key)
    routes.add(kind=channel.provider, address=channel.public_id, row_id=channel.pk)
    log_security_event("channel.connected", by=by, channel=channel.pk)
    return channel
