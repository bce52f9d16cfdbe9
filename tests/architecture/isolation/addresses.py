"""Every address of the resolver x verb x role, asked with the other clinic's ids, values and words.

What is there in the other clinic and what is nowhere must be answered alike, byte for byte: 404, never 403, and no
word of it in any answer.
"""
import json
import re
from contextlib import contextmanager
from unittest import mock

from django.db import transaction
from django.http import QueryDict
from rest_framework.fields import Field

from clinics import access
from clinics.access import Role
from clinics.naming import Address
from tests.architecture.isolation.rows import FOREIGN, NOBODYS, OWN, WORDS, day_of, public_id

# Not asked, and why.
NOT_ASKED = {
    "api/docs/": "a library's page over the API's document: it reads no row",
    "simulator/api/(?P<what>write|attach|repeat|forge|fail|shift|clear)$":
        "it calls the product itself over the network",
}
# Not compared, and why.
NOT_COMPARED = {
    "webhooks/google/<uuid:public_id>": "a public address of one clinic: without a channel's token it is refused",
    "webhooks/ycloud/<uuid:public_id>": "a public address of one clinic: what is signed by another is refused",
    "webhooks/meta/<uuid:public_id>": "a public address of one clinic: what is signed by another is refused",
    "inbox/media/<int:pk>/<str:token>": "a link signed for one person and one file: without its signature nobody's",
    "simulator/ycloud/v2/whatsapp/messages/<str:pk>": "development only: the provider's own ids, by the account's key",
    "simulator/ycloud/v2/whatsapp/media/<str:number>/upload": "development only: it looks at no row",
    "simulator/ycloud/v2/whatsapp/media/download/<str:pk>": "development only: the provider's own ids",
    "simulator/ycloud/v2/whatsapp/inboundMessages/<str:pk>/typingIndicator": "development only: it looks at no row",
}
OF_THE_PERSON = {"account/sessions/<int:session_id>/end": "where one is logged in oneself, nobody else of the clinic"}
NOT_ALLOWED = (302, 401, 403)
NOT_OFFERED = (403, 405)  # to the ceo: to nobody
NOT_THERE = {False: (404,), True: (302,)}  # Django's admin goes to its first page and says so
# Names that everything reads, or that are the visitor's own.
NOT_PROBED = {"csrfmiddlewaretoken", "_method", "_popup", "_to_field", "format", "limit", "next"}
# What forms and bodies want besides ids, so that the ids come to be looked at.
FILLED = {
    "day": "2026-11-26", "from": "2026-11-24", "to": "2026-11-27", "hour": "10:00", "start": "2026-11-26T10:00",
    "start_at": "2026-11-26T10:00:00-03:00", "amount": "100,00", "method": "cash", "text": "hola", "detail": "detalle",
    "reason": "motivo", "first_name": "Ana", "last_name": "Paz", "phone": "3415550101", "version": "1",
    "float_amount": "10,00", "do": "refund", "insurance": "", "urgency": "routine", "status": "scheduled",
    "role": "secretary", "name": "Algo", "code": "algo", "minutes": "30", "policy": "accepted", "kind": "closed",
    "date": "2026-11-26", "first": "2026-11-26", "last": "2026-11-27", "other": "0", "dni": "30111222",
    "document_type": "DNI", "note": "nota",
}
MANY = 6
NUMBERS = ("int", r"\d+", r"\d{1,18}")
SEARCHES = {"q", "search", "who", "key", "dni", "phone", "email", "code", "name", "number"}
IDS = (
    "patient", "professional", "treatment", "appointment", "chair", "corrects", "guardian", "exclude", "conversation",
    "channel", "insurer", "membership", "member", "lead", "seller", "session",
)
_CONVERTED = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?P<shape>(?:[^()]|\([^()]*\))*)\)")
_DATE = r"\d{4}-\d{2}-\d{2}"
_CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|data-csrf="[^"]*"|"csrf\w*": ?"[^"]*"|nonce="[^"]*"'
    rb"|X-CSRFToken[^}]*}|[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Unfillable(Exception):
    """An address with a variable that this matrix does not know how to fill: teach it."""


def variables(route) -> dict[str, str]:
    """`{name: converter or regular expression}`."""
    found = {match["name"]: match["kind"] or "str" for match in _CONVERTED.finditer(_GROUP.sub("", route))}
    return found | {match["name"]: match["shape"] for match in _GROUP.finditer(route)}


def value(name, shape, number) -> str:
    if shape in NUMBERS:
        return str(number)
    if (shape, name) == ("slug", "name"):
        return "list_services"  # one of the receptionist's tools
    if shape == "uuid":
        return str(public_id(number))
    if shape == _DATE or name == "day":
        return day_of(number).isoformat()
    if shape in ("str", "slug", "path"):
        return str(number)
    if shape == ".*":
        return WORDS[number]
    if re.fullmatch(r"[\w|.-]+", shape):
        return shape.split("|")[0]
    raise Unfillable(f"{name}: {shape}")


def names_a_row(name, shape) -> bool:
    return shape in (*NUMBERS, "uuid", "path") or (shape == "str" and name in ("pk", "id"))


def url(route, numbers) -> str:
    """The address with each variable filled; `numbers` says whose, by name."""
    shapes = variables(route)
    for pattern in (_GROUP, _CONVERTED):
        route = pattern.sub(lambda match: value(match["name"], shapes[match["name"]], numbers[match["name"]]), route)
    return "/" + re.sub(r"[\^$?]|\\Z", "", route)


def verbs(address: Address) -> tuple:
    cls = address.view_class
    if cls is None:
        return ("GET", "POST")
    return tuple(verb for verb in ("GET", "POST", "PUT", "PATCH", "DELETE") if hasattr(cls, verb.lower()))


def body(number=OWN, **more) -> dict:
    return FILLED | dict.fromkeys(IDS, str(number)) | more


def ask(client, address, verb, where, said=None):
    """The answer, as `(status, where to, bytes)`; what it did is taken back."""
    said, jar = body() if said is None else said, {name: one.value for name, one in client.cookies.items()}
    with transaction.atomic():
        if verb == "GET":
            response = client.get(where, said)
        elif address.view_class:
            response = client.generic(verb, where, json.dumps(said), content_type="application/json")
        else:
            response = client.generic(
                verb, where, "&".join(f"{name}={text}" for name, text in said.items()),
                content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    client.cookies.clear()  # what it said of the session is taken back too
    client.cookies.load(jar)
    return response.status_code, response.headers.get("Location", ""), response.content


def alike(answer, *, made=False) -> tuple:
    """Without what differs from one answer to the next, and without what was asked for; where a row was `made`,
    without its number."""
    status, where, content = answer
    if content.startswith(b"%PDF"):  # compressed: its pages are counted, and the list that it prints is compared
        content = b"pages: %d" % content.count(b"/Type /Page")
    numbers = re.compile(rb"\d+" if made and status < 400 else rb"(?!)")
    return status, numbers.sub(b"", _blank(where.encode())), numbers.sub(b"", _blank(_CHANGING.sub(b"", content)))


_SAID = re.compile("|".join([
    rf"{number // 1000}[.,]?{number % 1000:03}|{WORDS[number]}|{public_id(number)}" for number in (FOREIGN, NOBODYS)
]).encode(), re.I)


def _blank(content):
    return _SAID.sub(b"#", content)


def tells(answer, *, said=False) -> bool:
    """Whether a word of the other clinic is in it, other than what was asked for."""
    return not said and WORDS[FOREIGN].encode() in answer[2].lower()


def asking(address, verb, clients) -> dict[str, bool]:
    """All whose right reaches something here, one of the roles that lack it, and those without an active session; and
    whether they reach anything."""
    reach = access.TABLE.get(address.named_for(verb), {})
    without = [who for who in Role.values if who not in reach]
    return {who: who in reach for who in clients if who not in without[1:]}


def id_faults(address: Address, clients: dict) -> list[str]:
    """The other clinic's ids in the address itself, one variable at a time."""
    found, shapes = [], variables(address.route)
    for name, shape in shapes.items():
        if not names_a_row(name, shape):
            continue
        where = {number: url(address.route, dict.fromkeys(shapes, OWN) | {name: number}) for number in (
            OWN, FOREIGN, NOBODYS)}
        proven = False
        for verb in verbs(address):
            said = {} if verb == "GET" else body()
            own = ask(clients["ceo"], address, verb, where[OWN], said)
            for who, reaches in asking(address, verb, clients).items() if own[0] != 405 else ():
                place = f"{verb} /{address.route} ({name}) as {who}"
                there = ask(clients[who], address, verb, where[FOREIGN], said)
                if who != "ceo" and not reaches and there[0] in NOT_ALLOWED and not tells(there):
                    continue  # refused before anything was looked for
                nowhere = ask(clients[who], address, verb, where[NOBODYS], said)
                found += _compared(place, there, nowhere)
                if who == "ceo" and own[0] != there[0] not in NOT_THERE[address.of_admin]:
                    found.append(f"{place}: {there[0]} {there[1]}, not 404, for another clinic's id")
                proven = proven or who == "ceo" and own[0] != there[0] or own[0] in NOT_OFFERED
        if not proven and not _alike_by_nature(address):
            found.append(f"/{address.route} ({name}): one's own id is answered like nobody's: it proves nothing")
    return found


def _alike_by_nature(address):
    """Of the admin, only the pages that show or change a row: the others lead there."""
    return address.route in OF_THE_PERSON or address.of_admin and not address.route.endswith("/change/")


def _compared(place, there, nowhere):
    found = []
    if there[0] != nowhere[0]:
        found.append(f"{place}: {there[0]} for what another clinic has, {nowhere[0]} for what nobody has")
    elif alike(there) != alike(nowhere):
        found.append(f"{place}: another clinic's answer differs from nobody's")
    if tells(there):
        found.append(f"{place}: shows what the other clinic has")
    return found


@contextmanager
def listening():
    """The names that a request reads from its query or its body."""
    names = set()
    item, many, field = QueryDict.__getitem__, QueryDict.getlist, Field.get_value

    def heard(act):
        def reads(self, key, *rest):
            names.add(key)
            return act(self, key, *rest)
        return reads

    def of_field(self, dictionary):
        names.add(self.field_name)
        return field(self, dictionary)

    with mock.patch.object(QueryDict, "__getitem__", heard(item)), \
            mock.patch.object(QueryDict, "getlist", heard(many)), mock.patch.object(Field, "get_value", of_field):
        yield names


def value_faults(address: Address, client) -> list[str]:
    """The other clinic's ids and words in whatever the address reads from its query or body."""
    found, shapes = [], variables(address.route)
    where = url(address.route, dict.fromkeys(shapes, OWN))
    for verb in verbs(address):
        with listening() as names:
            plain = ask(client, address, verb, where)
        if plain[0] == 405:
            continue
        if tells(plain):
            found.append(f"{verb} /{address.route}: shows what the other clinic has")
        asked = names & set(IDS) if address.of_admin else names - NOT_PROBED  # the rest there is Django's own
        for said, answers in _probes(asked):
            there, nowhere = (ask(client, address, verb, where, body(**more)) for more in answers)
            if alike(there, made=verb != "GET") != alike(nowhere, made=verb != "GET"):
                found.append(f"{verb} /{address.route} {said}: {there[0]}, and {nowhere[0]} for what nobody has")
    return found


def _probes(names):
    """What is sent, twice: as the other clinic has it, and as nobody has. One name at a time, but for plain data."""
    plain = {name for name in names if re.fullmatch(r"n\d+", name) or name in FILLED and name not in SEARCHES}
    ids, words, mails = (
        [shape.format(WORDS[number], number) for number in (FOREIGN, NOBODYS)]
        for shape in ("{1}", "{0}", "{0}@{0}.example"))
    unknown = names - plain - SEARCHES - set(IDS)
    if len(unknown) > MANY:  # a long form's: each is looked at, whatever the others say
        for pair in (ids, words):
            yield f"?{'&'.join(sorted(unknown))}={pair[0]}", [dict.fromkeys(unknown, text) for text in pair]
        names = names - unknown
    for name in sorted(names - plain):
        for pair in (ids, words, mails) if "mail" in name else (ids, words):
            if not (pair is words and name in IDS or pair is ids and name in SEARCHES):
                yield f"?{name}={pair[0]}", [{name: text} for text in pair]
    if plain:
        yield f"?{'&'.join(sorted(plain))}", [dict.fromkeys(plain, text) for text in words]
