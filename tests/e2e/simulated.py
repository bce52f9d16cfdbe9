"""The patient's phone on the simulator's page, and the desk with their conversation in front of it."""
import re

# a second of silence: an MPEG frame is 26 ms, its header and nothing else
SOUND = (b"\xff\xfb\x90\xc4" + b"\x00" * 413) * 40


class Phone:
    """The patient's phone on the simulator's page."""

    def __init__(self, page):
        self.page = page
        page.goto("/simulator/")
        page.wait_for_function("() => document.getElementById('line').textContent !== '…'")
        self.become(2)  # a number nobody knows

    def become(self, from_the_end):
        """The last of the list writes without a phone, the one before it from a new number."""
        self.page.select_option("#who", index=self.page.locator("#who option").count() - from_the_end)

    def send(self, name, mime, content):
        """A file, from the phone."""
        self.page.set_input_files("#write [type=file]", {"name": name, "mimeType": mime, "buffer": content})

    def writes(self, text):
        """Without waiting for an answer."""
        self.page.fill("#sm", text)
        self.page.press("#sm", "Enter")
        self.page.wait_for_selector(f"#chat .bub.mine >> text={text}")

    def gets(self, text):
        """Until it is on the phone."""
        self.page.wait_for_selector(f"#chat .bub.in >> text={text}", timeout=20_000)

    def number(self):
        return re.search(r"\+\d+", self.page.locator("#who option:checked").inner_text()).group()

    def replies(self):
        return self.page.locator("#chat .bub.in .pre").all_inner_texts()

    def say(self, text):
        """Write, and wait for what is answered."""
        before = len(self.replies())
        self.page.fill("#sm", text)
        self.page.press("#sm", "Enter")
        self.page.wait_for_function(
            "n => document.querySelectorAll('#chat .bub.in').length > n", arg=before, timeout=30_000)
        return "\n".join(self.replies()[before:])


def open_thread(desk, phone):
    """The phone's conversation, found by the end of its number; its id."""
    desk.goto("/inbox/")
    desk.fill("#ib-q", phone.number())
    desk.wait_for_function("() => document.querySelectorAll('#rows a').length === 1")
    pk = desk.locator("#rows a").get_attribute("data-row")
    desk.click("#rows a")
    desk.wait_for_selector(f".th[data-thread='{pk}']")
    return pk


def writes(desk, text):
    desk.fill("#m", text)
    desk.press("#m", "Control+Enter")
    desk.wait_for_selector(f".bub.staff >> text={text}")
