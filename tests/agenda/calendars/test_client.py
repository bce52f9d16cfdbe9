"""The client against the peer: what it asks, and what each kind of trouble is called."""
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import override_settings

from agenda.calendars import google as client
from dentalogic.lib.refusals import ProviderError
from tests.agenda.calendars.conftest import utc

ALL = (utc(0), utc(23, 59))


def code_of(call, *arguments, **named):
    with pytest.raises(ProviderError) as refused:
        call(*arguments, **named)
    return refused.value.code


def test_it_lists_across_pages_and_goes_on_from_the_token(unlinked):
    unlinked.peer.page_size = 2
    for hour in range(5):
        unlinked.peer.put("solo@x", f"e{hour}xxx", start=utc(hour), end=utc(hour, 30))
    listing = unlinked.client.between("solo@x", *ALL)
    assert [one["id"] for one in listing.items] == [f"e{hour}xxx" for hour in range(5)]
    unlinked.peer.drop("solo@x", "e1xxx")
    changed = unlinked.client.since("solo@x", listing.token)
    assert [(one["id"], one["status"]) for one in changed.items] == [("e1xxx", "cancelled")]
    assert changed.token != listing.token


@pytest.mark.parametrize(("told", "code"), [
    (500, client.UNAVAILABLE), (503, client.UNAVAILABLE), (429, client.TOO_FAST),
    ((403, "rateLimitExceeded"), client.TOO_FAST), ((403, "userRateLimitExceeded"), client.TOO_FAST),
    ((403, "forbidden"), client.FORBIDDEN), (404, client.MISSING), (410, client.GONE), (400, client.REFUSED),
    ("cut", client.UNREACHABLE),
])
def test_each_trouble_has_its_name(unlinked, told, code):
    unlinked.peer.script.extend([told] * 3)  # the library asks again over a connection that was cut
    assert code_of(unlinked.client.between, "solo@x", *ALL) == code


def test_a_peer_that_hangs_is_slow(unlinked):
    unlinked.peer.script.extend(["hang"] * 4)
    hurried = client.Client(unlinked.grant, seconds=0.2)
    assert code_of(hurried.between, "solo@x", *ALL) == client.SLOW


def test_nobody_there_is_unreachable(unlinked):
    unlinked.peer.server.server_close()
    unlinked.peer.server.shutdown()
    assert code_of(unlinked.client.between, "solo@x", *ALL) in (client.UNREACHABLE, client.SLOW)


def test_a_revoked_grant_says_so_whether_the_token_lives_or_not(unlinked):
    unlinked.client.between("solo@x", *ALL)
    unlinked.peer.revokes("solo@x")
    assert code_of(unlinked.client.between, "solo@x", *ALL) == client.REVOKED
    fresh = client.Client(client.Grant("oauth", unlinked.grant.secret))
    assert code_of(fresh.between, "solo@x", *ALL) == client.REVOKED


def test_an_access_token_is_asked_for_once(unlinked):
    unlinked.client.between("solo@x", *ALL)
    before = dict(unlinked.peer.access_tokens)
    client.Client(unlinked.grant).between("solo@x", *ALL)
    assert unlinked.peer.access_tokens == before


def test_an_insert_that_is_repeated_is_a_duplicate_and_a_deleted_event_is_gone(unlinked):
    event = {"start": {"dateTime": "2026-11-25T10:00:00Z"}, "end": {"dateTime": "2026-11-25T11:00:00Z"}}
    unlinked.client.insert("solo@x", "abcde1", event)
    assert code_of(unlinked.client.insert, "solo@x", "abcde1", event) == client.DUPLICATE
    unlinked.client.delete("solo@x", "abcde1")
    assert code_of(unlinked.client.delete, "solo@x", "abcde1") == client.GONE
    assert code_of(unlinked.client.delete, "solo@x", "abcde2") == client.MISSING


def test_a_channel_is_opened_and_closed(unlinked):
    until = utc(0, day=1, month=12)
    said = unlinked.client.watch("solo@x", channel="c1", address="https://x.example/y", token="t", until=until)
    kept = unlinked.peer.channels["c1"]
    assert (kept["token"], kept["type"], kept["expiration"]) == ("t", "web_hook", str(int(until.timestamp() * 1000)))
    unlinked.client.stop(channel="c1", resource=said["resourceId"])
    assert unlinked.peer.channels == {}


def service_key(**changes) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    return json.dumps({
        "type": "service_account", "client_email": "robot@project.example", "private_key": key, "private_key_id": "1",
        "token_uri": "http://169.254.169.254/steal"} | changes)


def test_a_service_account_asks_for_its_token_where_the_installation_says(google):
    google.calendar("laura@x", account="robot@project.example")
    grant = client.Grant("service", service_key())
    assert client.Client(grant).between("laura@x", *ALL).items == []  # not at the address in the file


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"type": "authorized_user"}'])
def test_what_is_no_service_account_is_told(text):
    with pytest.raises(ValueError):  # noqa: PT011  (json's own is one too)
        client.service_account_of(text)


def test_a_broken_key_is_no_service_account():
    with pytest.raises(ValueError):  # noqa: PT011
        client.service_account_of(service_key(private_key="-----BEGIN PRIVATE KEY-----\nAAAA\n-----END"))
    assert client.service_account_of(service_key()) == "robot@project.example"


def test_calendars_are_listed_with_the_primary_one_first(google):
    google.calendar("agenda@x", account="laura@x", title="Agenda")
    google.calendar("laura@x", title="Laura")
    google.calendar("otra@x", account="laura@x", title="Zeta", role="reader")
    found = client.Client(client.Grant("oauth", google.grant("laura@x"))).calendars()
    assert [(one["id"], one["writes"]) for one in found] == [
        ("laura@x", True), ("agenda@x", True), ("otra@x", False)]


def test_a_code_needs_the_verifier_of_its_challenge(google):
    address = client.consent_address(state="s", challenge="c", redirect="https://x.example/return")
    code = google.consents(address, "laura@x")["code"]
    assert code_of(client.exchange, code=code, verifier="other", redirect="https://x.example/return") == client.REVOKED


@override_settings(GOOGLE_OAUTH_REVOKE="http://127.0.0.1:9/revoke")
def test_giving_a_grant_back_never_fails(google):
    client.give_back(client.Grant("oauth", "x"))


def test_times_are_asked_with_an_offset(unlinked):
    unlinked.client.between("solo@x", utc(0), utc(0) + timedelta(days=1))
    assert unlinked.peer.asked[-1]["query"]["timeMin"] == "2026-11-25T00:00:00Z"
