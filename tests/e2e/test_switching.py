"""Failure 88, of the inbox: who goes fast from one conversation to the next ends in the last, however late the answers
come."""

LATE = """() => {
  const ask = window.fetch, waits = [900, 60, 700, 20, 500, 10, 400, 300, 200, 150, 100, 50];
  window.came = 0;
  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    if (!/^\\/inbox\\/\\d+\\/thread/.test(asked[0])) return answer;
    await new Promise(done => setTimeout(done, waits.shift() ?? 0));
    window.came += 1;
    return answer;
  };
}"""


def test_twelve_quick_switches_end_in_the_last_conversation(open_as):
    page = open_as("secretary")
    page.goto("/inbox/")
    page.wait_for_selector("#rows a")
    names = {row.get_attribute("data-row"): row.locator(".b").inner_text() for row in page.locator("#rows a").all()}
    asked = (list(names) * 12)[:12]
    assert len(names) > 1
    page.evaluate(LATE)
    for pk in asked:
        page.click(f"#rows a[data-row='{pk}']")
    page.wait_for_function("many => window.came >= many", arg=len(asked))
    page.wait_for_timeout(300)
    assert page.locator(".th").get_attribute("data-thread") == asked[-1]
    assert page.locator(".th [data-piece=head] h2").inner_text() == names[asked[-1]]
    assert page.url.endswith(f"/inbox/{asked[-1]}/")
    assert page.locator("#rows a[aria-current]").get_attribute("data-row") == asked[-1]
