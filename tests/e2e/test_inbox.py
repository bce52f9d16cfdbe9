"""The staff's inbox: handed over and back, two desks in one conversation, the window that closes, files, keys."""
import re

import pytest

from tests.e2e import audit
from tests.e2e.agenda import name
from tests.e2e.simulated import SOUND, Phone, open_thread, writes
from tests.e2e.windows import PHONE, still

TAKE, LOCKED = "[data-act=take].btn-primary", ".comp[data-mode=other]"


@pytest.fixture
def phone(open_as):
    """A patient whom nobody knows, who wrote just now."""
    phone = Phone(open_as("ceo"))
    phone.writes("hola")
    return phone


@pytest.fixture
def desk(open_as, phone):
    """Reception, with the patient's conversation in front of it."""
    desk = open_as("secretary")
    desk.thread = open_thread(desk, phone)
    return desk


def take(desk):
    desk.click(TAKE)
    desk.wait_for_selector("#m")


def test_handed_over_and_back(phone, desk, picture):
    take(desk)
    desk.wait_for_selector(".line >> text=la tomó")
    desk.click("[data-tool=note]")
    desk.fill("#nt", "Prefiere que la llamen a la tarde")
    desk.press("#nt", "Control+Enter")
    desk.wait_for_selector(".bub.nt >> text=Prefiere que la llamen")
    writes(desk, "Hola, soy de recepción")
    phone.gets("soy de recepción")
    desk.wait_for_selector(".bub.staff .tick.read, .bub.staff .tick.delivered", timeout=15_000)
    picture(desk, "inbox-thread")
    before = len(phone.replies())
    phone.writes("gracias")
    desk.wait_for_selector(".bub.in >> text=gracias")
    phone.page.wait_for_timeout(2500)
    assert len(phone.replies()) == before, "she spoke over a person"

    desk.click("[data-act=give-back]")
    desk.wait_for_selector(".line >> text=la devolvió")
    desk.wait_for_selector(".comp[data-mode=receptionist]")
    assert phone.say("¿qué obras sociales aceptan?")
    assert not any("Prefiere que la llamen" in text for text in phone.replies()), "a note is never sent"


def test_two_desks_in_one_conversation(phone, desk, open_as):
    other = open_as("ceo")
    open_thread(other, phone)
    take(desk)
    other.wait_for_selector(LOCKED)
    assert "La atiende" in other.inner_text(".lockd")
    desk.type("#m", "Estoy viendo tu")
    other.wait_for_selector("#types >> text=está escribiendo")

    other.click(TAKE)
    desk.wait_for_selector(LOCKED)
    desk.wait_for_selector(".line >> text=La atendía")
    assert desk.locator("#m").count() == 0
    other.goto("/agenda/")
    desk.click(TAKE)
    desk.wait_for_selector("#m")
    assert desk.input_value("#m") == "Estoy viendo tu", "what was being written is kept"

    desk.click(".drop > summary")
    desk.click(f".drop-m >> text={other.inner_text('.me .sm b')}")
    desk.wait_for_selector(LOCKED)
    other.wait_for_selector(".toast-d >> text=Te pasaron la conversación")
    other.click(".bell")
    other.click("#menu-bell [data-passed]")
    other.wait_for_selector(".comp[data-mode=me]")


def test_the_window_closes_while_it_is_open(phone, desk, picture):
    phone.page.request.post("/settings/templates/refresh", headers={"X-CSRFToken": phone.page.evaluate("dl.token()")})
    take(desk)
    desk.worn = True  # its clock is not the world's from here on
    desk.clock.install()
    desk.reload()
    desk.fill("#m", "Te paso los horarios")
    try:
        phone.page.click("text=+ 24 h")
        desk.wait_for_timeout(1500)
        desk.clock.fast_forward("24:00:05")
        desk.wait_for_selector(".comp[data-mode=me-closed]", timeout=15_000)
        assert desk.locator("[data-write]").count() == 0
        refused = desk.request.post(f"/inbox/{desk.thread}/write", form={"text": "igual te escribo"}, headers={
            "X-CSRFToken": desk.evaluate("dl.token()")})
        assert (refused.status, refused.json()["code"]) == (409, "window_closed")

        desk.wait_for_selector("#tpl-s")
        names = desk.locator("#tpl-s option").all_inner_texts()
        assert names
        for field in desk.locator("#tpl [name=value]").all():
            if not field.input_value():
                field.fill("el jueves")
        desk.wait_for_selector("#tpl [type=submit]:enabled")
        said = desk.inner_text("#tpl [data-preview]").split("\n", 1)[1].split("\n")[0]
        picture(desk, "inbox-closed")
        desk.click("#tpl [type=submit]")
        desk.wait_for_selector(".bub.tpl[id]", timeout=15_000)
        phone.gets(said)
        phone.writes("hola de nuevo")
        desk.wait_for_selector(".comp[data-mode=me] #m", timeout=15_000)
        assert desk.input_value("#m") == "Te paso los horarios"
    finally:
        phone.page.request.post("/simulator/api/shift", data={"hours": -24}, headers={
            "X-CSRFToken": phone.page.evaluate("dl.token()")})


def test_a_recording_is_heard_and_read(phone, desk, site, picture):
    if site.ear is None:
        pytest.skip("the installation that STORIES_SITE names is not heard by our peer")
    site.ear.voices.extend(["Hola, me duele una muela desde ayer", 400])
    phone.send("audio.mp3", "audio/mpeg", SOUND)
    desk.wait_for_selector(".bub.in .med-t >> text=me duele una muela", timeout=30_000)
    audio = desk.locator(".bub.in audio").first
    desk.wait_for_function(
        "audio => { audio.muted = true; audio.play().catch(() => {}); return audio.currentTime > 0 || audio.ended; }",
        arg=audio.element_handle(), timeout=15_000)
    phone.send("audio2.mp3", "audio/mpeg", SOUND + SOUND)
    desk.wait_for_selector(".bub.in .med-w.bad", timeout=30_000)
    assert desk.locator(".bub.in audio").count() == 2, "what could not be read can be heard"
    picture(desk, "inbox-audio")


def test_a_file_is_put_where_it_belongs_and_the_other_desk_sees_it(open_as, site, picture):
    phone, surname = Phone(open_as("ceo")), name()
    mother = {"first_name": "Paula", "last_name": surname, "phone": phone.number(), "insurance": "particular"}
    status, found = site.api("secretary", "/api/v1/patients", mother)
    assert status == 201, found
    status, found = site.api("secretary", "/api/v1/patients", {
        "first_name": "Benjamín", "last_name": surname, "guardian": found["id"], "insurance": "particular"})
    assert status == 201, found
    phone.send("foto.jpg", "image/jpeg", phone.page.screenshot(type="jpeg"))
    desk, other = open_as("secretary"), open_as("ceo")
    for page in (desk, other):
        open_thread(page, phone)
        page.wait_for_selector("#pp-files li img")
        page.wait_for_selector(f".whom summary >> text=En la ficha de Paula {surname}")
    desk.click(".whom summary")
    desk.wait_for_selector(".whom [data-post]")
    assert audit.at_both_widths(desk) == []
    picture(desk, "inbox-files")
    desk.click(".whom [data-post]")
    for page in (desk, other):
        page.wait_for_selector(f".whom summary >> text=En la ficha de Benjamín {surname}")
        page.wait_for_selector("#pp-files >> text=Todavía no mandó ninguno")


def test_what_is_written_often_and_what_goes_later(phone, desk):
    for shortcut, text in (("llegar", "Estamos en {direccion}."), ("turno", "Tu turno es el {fecha}.")):
        desk.request.post("/api/v1/canned-replies", data={"shortcut": shortcut, "text": text}, headers={
            "X-CSRFToken": desk.evaluate("dl.token()")})
    take(desk)
    desk.type("#m", "/lle")
    desk.wait_for_selector(".replies [role=option]:visible")
    assert desk.locator(".replies [role=option]:visible").count() == 1
    desk.press("#m", "Enter")
    assert re.match(r"Estamos en \w", desk.input_value("#m"))
    desk.fill("#m", "")
    desk.type("#m", "/tur")
    desk.press("#m", "ArrowDown")
    desk.press("#m", "Enter")
    assert desk.evaluate("() => getSelection().toString() || document.activeElement.value.slice("
                         "document.activeElement.selectionStart, document.activeElement.selectionEnd)") == "{fecha}"
    desk.fill("#m", "Acordate de la orden")
    desk.click("[data-tool=when]")
    desk.fill("#when", "en 2 horas")
    desk.wait_for_selector("#when-said [data-understood]")
    desk.click("[data-write] [type=submit]")
    desk.wait_for_selector(".later li >> text=Acordate de la orden")
    assert desk.locator(".bub.staff").count() == 0
    desk.click(".later [data-message]")
    desk.wait_for_function("() => !document.querySelector('.later li')")


def test_what_did_not_go_says_why_and_goes_again(phone, desk):
    take(desk)
    phone.page.click("text=Fallar envío")
    writes(desk, "¿Venís sola?")
    desk.wait_for_selector(".bub.fail >> text=No salió", timeout=15_000)
    desk.click(".bub.fail >> text=Reintentar")
    phone.gets("¿Venís sola?")
    desk.wait_for_function("() => !document.querySelector('.bub.fail')")


def test_by_the_keyboard(phone, desk):
    desk.wait_for_selector(TAKE)
    still(desk)
    desk.keyboard.press("t")
    desk.wait_for_selector("#m:focus")
    desk.keyboard.press("Escape")
    desk.goto("/inbox/")
    desk.keyboard.press("j")
    desk.wait_for_selector(".th[data-thread]")
    first = desk.url
    desk.keyboard.press("j")
    desk.wait_for_function("url => location.href !== url", arg=first)
    desk.keyboard.press("k")
    desk.wait_for_function("url => location.href === url", arg=first)
    desk.keyboard.press("?")
    assert desk.locator("#keys[open]").is_visible()


def test_in_one_hand(phone, open_as, picture):
    page = open_as("secretary", size=PHONE)
    open_thread(page, phone)
    page.tap(TAKE)
    page.wait_for_selector("#m")
    for tool in ("note", "tpl", "when"):
        page.tap(f"[data-tool={tool}]")
        still(page)
        assert audit.faults(page) == []
        assert audit.small_targets(page) == []
        page.tap(f"[data-tool={tool}]")
    writes(page, "Te espero")
    picture(page, "inbox-390-thread")
    page.tap("[aria-label='Ver al paciente']")
    page.tap(".whose summary")
    page.wait_for_selector("#whose-q")
    assert audit.faults(page) == []
    assert audit.small_targets(page) == []


def test_nobody_hears_and_nothing_is_lost(phone, desk):
    take(desk)
    desk.fill("#m", "No te preocupes")
    desk.context.set_offline(True)
    desk.wait_for_selector("#live.off")
    desk.click("[data-write] [type=submit]")
    desk.wait_for_selector(".comp [data-fault]")
    assert desk.input_value("#m") == "No te preocupes"
    desk.context.set_offline(False)
    desk.wait_for_selector("#live:not(.off)", timeout=30_000)
    desk.click("[data-write] [type=submit]")
    phone.gets("No te preocupes")
    lost = ("htmx:sendError", "undefined")  # a piece that was being asked for
    desk.faults = [
        fault for fault in desk.faults if "ERR_INTERNET_DISCONNECTED" not in fault and not fault.startswith(lost)]
