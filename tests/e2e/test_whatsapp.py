"""A patient books over WhatsApp; the desk, in another window, sees it happen."""
import re
from random import choice, randrange

from tests.e2e.simulated import Phone, open_thread

ASKS = {  # what she asks for, and what this patient answers in their own words
    r"obra social|prepaga|particular": "tengo osde",
    r"nombre|dni|documento": "soy {name}, mi dni es {dni}",
    r"\b1\)": "el primero me sirve",
}
FIRST = ("Camila", "Julia", "Valentina", "Micaela", "Agustina", "Florencia", "Milagros", "Guadalupe")
LAST = ("Torres", "Ledesma", "Ibarra", "Maidana", "Figueroa", "Acosta", "Benítez", "Sandoval", "Quiroga", "Ferreyra")
BOOKED = re.compile("turno .*(confirmado|reservado|agendado)|te esperamos|^listo", re.IGNORECASE | re.MULTILINE)
WATCH = """name => {
  document.addEventListener('dl:NEW_APPOINTMENT', () => { window.told = true; });
  new MutationObserver(() => {
    if (document.querySelector('#cal').innerText.includes(name)) window.drawn = true;
  }).observe(document.querySelector('#cal'), { subtree: true, childList: true, characterData: true });
}"""


def test_a_new_patient_books_and_the_agenda_shows_it_by_itself(open_as):
    phone, dni = Phone(open_as("ceo")), str(randrange(30_000_000, 39_000_000))
    name = f"{choice(FIRST)} {choice(LAST)}"
    desk = open_as("secretary")
    desk.goto("/agenda/")
    said, hour = phone.say("hola, quiero una limpieza"), ""
    for _turn in range(8):
        if offered := re.search(r"1\) \D*(\d\d)/(\d\d) a las (\d\d:\d\d)", said):
            day, month, hour = offered.groups()
            year = desk.locator("#ag").get_attribute("data-today")[:4]
            desk.goto(f"/agenda/?day={year}-{month}-{day}")
            desk.wait_for_selector(".ec-bg-event, .ec-event", state="attached")
            desk.evaluate(WATCH, name)
        if BOOKED.search(said):
            break
        asked = next((words for pattern, words in ASKS.items() if re.search(pattern, said, re.IGNORECASE)), None)
        assert asked, f"she said what this patient does not understand: {said}"
        said = phone.say(asked.format(name=name, dni=dni))
    assert hour
    assert hour in said
    desk.wait_for_function("() => window.told", timeout=10_000)  # who asks by itself does each half minute
    desk.wait_for_function("() => window.drawn", timeout=10_000)

    visit = desk.locator("#cal .ec-event", has_text=name)
    assert hour in visit.get_attribute("aria-label")
    assert "por WhatsApp" in visit.get_attribute("aria-label")
    visit.click()
    desk.wait_for_selector(f"#panel h2 >> text={name}")
    assert "OSDE" in desk.inner_text("#panel")


def test_what_goes_wrong_at_the_provider_is_seen_and_does_no_harm(open_as):
    phone = Phone(open_as("ceo"))
    page = phone.page
    phone.say("hola")
    replies = len(phone.replies())
    page.click("text=Repetir último")
    page.wait_for_selector("#rows >> text=repetido")
    page.click("text=Firma inválida")
    page.wait_for_selector("#rows .tag.danger >> text=401")
    page.wait_for_timeout(2500)
    assert len(phone.replies()) == replies


def test_who_asks_for_a_person_is_among_those_who_need_one(open_as):
    """What happens then is told in test_inbox.py."""
    phone, desk = Phone(open_as("ceo")), open_as("secretary")
    said = phone.say("quiero hablar con una persona")
    assert re.search("persona|equipo", said)
    desk.goto("/inbox/")
    desk.wait_for_selector(".ib-sec >> text=Necesitan a alguien ahora")
    open_thread(desk, phone)
    desk.wait_for_selector("text=Tomar conversación")


def test_nobody_needs_a_phone_number(open_as):
    phone = Phone(open_as("ceo"))
    phone.become(1)
    assert phone.say("quiero una limpieza")
