"""What people and robots type into addresses is never a fault of ours."""
import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [
    "/agenda/?day=9999-12-31", "/agenda/?day=0001-01-01",
    "/agenda/feed?first=9999-12-31&last=9999-12-31",
    "/agenda/new?patient=²", "/agenda/new?professional=²&start=²", "/inbox/?patient=²", "/inbox/list?open=²",
    "/cash/?made=²", "/cash/pay/?patient=²&appointment=²", "/cash/9999-12-31/", "/patients/?page=²",
    "/patients/?q=²%00",
    "/api/v1/appointments?from=9999-12-31&to=9999-12-31", "/api/v1/availability?treatment=²&from=x&to=",
    "/api/v1/patients?search=%00", "/agenda/?appointment=99999999999999999999999",
])
def test_an_odd_address_is_answered(client_as, address):
    assert client_as("ceo").get(address).status_code < 500
