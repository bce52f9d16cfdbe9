"""Frames come in bursts; a page asks for each of its pieces at most once a second, and after the last frame again."""
import re

from tests.e2e.windows import settled

SECOND = 1000
PAGES = [
    ("/agenda/", ["NEW_APPOINTMENT", "APPOINTMENT_UPDATED"], [r"/agenda/feed", r"/agenda/waiting"]),
    ("/inbox/", ["NEW_MESSAGE", "CHAT_UPDATED"], [r"/inbox/list", r"/inbox/notices"]),
    ("/cash/", ["PAYMENT_CONFIRMED", "BILLING_UPDATED"], [r"/cash/\d{4}-\d\d-\d\d/"]),
]
BURST = """names => {
  const tell = () => {
    for (const name of names)
      document.dispatchEvent(new CustomEvent(`dl:${name}`, { detail: { event: name, ids: { conversation: 0 } } }));
  };
  window.began = performance.now();
  window.ended = (async () => {
    for (let n = 0; n < 60; n++) {
      tell();
      await new Promise(done => setTimeout(done, 25));
    }
    return performance.now();
  })();
}"""
ASKED = """async () => [
  window.began, await window.ended,
  performance.getEntriesByType('resource').map(one => [new URL(one.name).pathname, one.startTime]),
]"""


def test_a_burst_of_frames_fetches_each_piece_once_a_second(open_as):
    """On three pages at the same time."""
    pages = [open_as("secretary") for _page in PAGES]
    for page, (path, _frames, _pieces) in zip(pages, PAGES, strict=True):
        settled(page, path)
        page.mouse.move(1, 1)
    for page, (_path, frames, _pieces) in zip(pages, PAGES, strict=True):
        page.evaluate(BURST, frames)
    for page in pages:
        page.evaluate("() => window.ended")
    pages[0].wait_for_timeout(2 * SECOND)
    for page, (_path, _frames, pieces) in zip(pages, PAGES, strict=True):
        began, ended, asked = page.evaluate(ASKED)
        for piece in pieces:
            times = [at for path, at in asked if at > began and re.fullmatch(piece, path)]
            assert times and all(
                later - sooner > 0.9 * SECOND
                for sooner, later in zip(times, times[1:], strict=False)), (piece, times)
            assert times[-1] > ended - 100, f"{piece}: what the last frame changed is fetched"
