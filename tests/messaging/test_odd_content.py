"""Whatever a message holds, its thread opens: read with care when it comes, and shown with care what is stored."""
import json

import pytest

from clinics import tenancy
from messaging.models import ChatMessage
from messaging.providers import meta, ycloud
from messaging.providers.reading import degrees
from tests.messaging.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HUGE = int("9" * 400)
PLACES = [
    {"latitude": HUGE, "longitude": -HUGE}, {"latitude": "nan", "longitude": "inf"}, {"latitude": 91, "longitude": 0},
    {"latitude": True, "longitude": []}, {"latitude": {"a": 1}, "longitude": None}, {"latitude": "-32,9"}, {"name": 7},
    {"latitude": -32, "longitude": "-180.5"}, {"latitude": "9" * 5000, "longitude": 1}]


@pytest.mark.parametrize(("said", "found"), [
    (-32.9468, -32.9468), ("-32.9468", -32.9468), (90, 90), (-90.0, -90), (90.1, None), (HUGE, None), (-HUGE, None),
    ("1e400", None), ("nan", None), (True, None), (None, None), ([], None), ("norte", None), ("1" * 5000, None)])
def test_a_place_is_on_earth_or_not_known(said, found):
    assert degrees({"latitude": said}, "latitude") == found


@pytest.mark.parametrize("slice_", [ycloud, meta])
@pytest.mark.parametrize("place", PLACES)
def test_it_is_read_so_by_both(slice_, place):
    said = {"from": "5493415550139", "id": "wamid.1", "type": "location", "location": place, "timestamp": "1764000000"}
    body = {"id": "e", "type": ycloud.events.INBOUND, "whatsappInboundMessage": said} if slice_ is ycloud else {
        "entry": [{"changes": [{"field": "messages", "value": {"messages": [said]}}]}]}
    (event,) = slice_.parse(json.loads(json.dumps(body)))
    assert event.kind == "location"
    assert {type(event.media[name]) for name in ("latitude", "longitude")} <= {float, type(None)}
    assert None in (event.media["latitude"], event.media["longitude"])


def test_the_thread_opens_whatever_is_in_it(post, clinic, client_as):
    for number, place in enumerate(PLACES):
        assert post("location", wamid=f"wamid.L{number}", event=f"evt_{number}", location=place).status_code == 200
    row = clinic.conversation()
    shown = {"conversation": row, "direction": "in", "author": "patient", "status": "received", "created_at": NOON,
             "sent_at": NOON}
    with clinic, tenancy.atomic():  # what was stored before it was read so, and what no provider sends
        for kind, media in [
            ("location", PLACES[0]), ("location", {}), ("location", []), ("contacts", {"contacts": [7, None, {}]}),
            ("button", {"reply_id": 7}), ("image", {"id": HUGE}), ("something_new", {"x": [1]}),
        ]:
            ChatMessage.objects.create(
                **shown, kind=kind, media=media, referral={"headline": HUGE}, reply_to="wamid.none",
                reactions={"patient": {"emoji": 7}, "staff": "x"}, buttons=[{"title": HUGE}])
        pages = [f"/inbox/{row.pk}/", f"/api/v1/conversations/{row.pk}/messages"]
    assert [client_as("secretary").get(page).status_code for page in pages] == [200, 200]
