"""Frames come in bursts; a page asks for each of its pieces at most once a second, and after the last frame again."""
import re

import pytest

SECOND = 1000
PAGES = [
    ("/agenda/", ["NEW_APPOINTMENT", "APPOINTMENT_UPDATED"], [r"/agenda/feed", r"/agenda/waiting"]),
    ("/inbox/", ["NEW_MESSAGE", "CHAT_UPDATED"], [r"/inbox/list", r"/inbox/notices"]),
    ("/cash/", ["PAYMENT_CONFIRMED", "BILLING_UPDATED"], [r"/cash/\d{4}-\d\d-\d\d/"]),
]
BURST = """async names => {
  for (let n = 0; n < 60; n++) {
    for (const name of names)
      document.dispatchEvent(new CustomEvent(`dl:${name}`, { detail: { event: name, ids: { conversation: 0 } } }));
    await new Promise(done => setTimeout(done, 25));
  }
  return performance.now();
}"""


ASKED = """() => performance.getEntriesByType('resource').map(one => [new URL(one.name).pathname, one.startTime])"""


@pytest.mark.parametrize(("path", "frames", "pieces"), PAGES)
def test_a_burst_of_frames_fetches_each_piece_once_a_second(open_as, path, frames, pieces):
    page = open_as("secretary")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.mouse.move(1, 1)
    began = page.evaluate("performance.now()")
    ended = page.evaluate(BURST, frames)
    page.wait_for_timeout(2 * SECOND)
    asked = [(path, at) for path, at in page.evaluate(ASKED) if at > began]
    for piece in pieces:
        times = [at for path, at in asked if re.fullmatch(piece, path)]
        assert times and all(
            later - sooner > 0.9 * SECOND for sooner, later in zip(times, times[1:], strict=False)), (piece, times)
        assert times[-1] > ended - 100, f"{piece}: what the last frame changed is fetched"
