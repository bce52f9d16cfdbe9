"""What WhatsApp's own error codes ask for. Each provider adds its own to them; the title is never read."""
from messaging.providers.base import Then

WHATSAPP = {
    "4": Then.AGAIN, "80007": Then.AGAIN, "130429": Then.AGAIN,
    "131056": Then.RECIPIENT,
    "131000": Then.PASSING, "131016": Then.PASSING, "135000": Then.PASSING,
    "131047": Then.WINDOW,
    "131026": Then.FINAL,  # undeliverable
    "131030": Then.FINAL,  # the number is in test mode, and this person is not on its list
    "131049": Then.FINAL,  # Meta holds marketing back
    "131050": Then.OPTED_OUT,
    "131062": Then.FINAL,  # who has no phone cannot get this kind
    "132000": Then.TEMPLATE, "132001": Then.TEMPLATE, "132005": Then.TEMPLATE, "132007": Then.TEMPLATE,
    "132008": Then.TEMPLATE, "132012": Then.TEMPLATE, "132015": Then.TEMPLATE, "132016": Then.TEMPLATE,
    "131051": Then.FINAL, "131052": Then.FINAL, "131053": Then.FINAL,
    "131048": Then.HOLD, "131064": Then.HOLD,
    "190": Then.OUT, "368": Then.OUT, "131031": Then.OUT, "131042": Then.OUT,
}
HTTP = {
    "429": Then.AGAIN, "401": Then.OUT, "400": Then.FINAL, "404": Then.FINAL, "409": Then.FINAL, "413": Then.FINAL,
}
OURS = {"no_key": Then.OUT, "sandbox": Then.OUT, "empty_value": Then.TEMPLATE}


def meaning(code: str, table: dict) -> Then:
    """Of a code that nobody knows: a server's own fault passes, anything else is for a person."""
    known = table.get(code)
    if known:
        return known
    return Then.PASSING if len(code) == 3 and code.isdigit() and code[0] == "5" else Then.FINAL
