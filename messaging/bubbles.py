"""How one message looks in a thread, whatever it holds: who says it, its mark, what it quotes, what became of it."""
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.models.message import TEMPLATE
from messaging.providers.reading import LIMITS, degrees

PLAYERS = {"patient": "in", "receptionist": "ai", "staff": "staff", "template": "tpl", "system": "sys"}
TICKS = {"queued": "clock", "sent": "check", "delivered": "checks", "read": "checks", "failed": "warnc"}
KINDS = {
    "image": gettext_lazy("Foto"), "audio": gettext_lazy("Audio"), "video": gettext_lazy("Video"),
    "document": gettext_lazy("Documento"), "location": gettext_lazy("Ubicación"), "sticker": gettext_lazy("Sticker"),
    "contacts": gettext_lazy("Contacto"),
}
ODD = {
    "revoked": gettext_lazy("Eliminó este mensaje."),
    "unsupported": gettext_lazy("Un mensaje que no se puede mostrar acá. Se ve en el teléfono de la clínica."),
}
QUOTED = 90


def dress(messages) -> None:
    """What the template reads of each; they have their files already."""
    known = {one.provider_id: one for one in messages if one.provider_id}
    for one in messages:
        one.look = "tpl" if one.kind == TEMPLATE else PLAYERS[one.author]
        one.tick, one.kind_word = TICKS.get(one.status), KINDS.get(one.kind, "") if one.file is None else ""
        one.odd = ODD.get(one.kind, "") if not one.text else ""
        one.quote = _quoted(known.get(one.reply_to)) if one.reply_to else ""
        one.emojis = [said["emoji"] for said in one.reactions.values() if isinstance(said, dict) and said.get("emoji")]
        one.place = _place(one)
        one.came_from = str(one.referral.get("headline") or one.referral.get("body") or _("un anuncio"))[:80] \
            if one.referral else ""


def _quoted(message) -> str:
    """The beginning of what it answers; one that is not on screen is only named."""
    if message is None:
        return _("un mensaje anterior")
    text = " ".join(message.text.split()) or str(KINDS.get(message.kind, "")) or _("un mensaje anterior")
    return f"{text[:QUOTED]}…" if len(text) > QUOTED else text


def _place(message) -> str:
    """Where on a map, of a location that says a place on earth."""
    if message.kind != "location":
        return ""
    at = [degrees(message.media, name) for name in LIMITS]
    if None in at:
        return ""
    latitude, longitude = at
    return f"https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}#map=17/{latitude:.6f}/{longitude:.6f}"
