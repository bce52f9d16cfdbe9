"""One line of a message, for the list."""
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override


def preview(message) -> str:
    """Its text, or what it is, in the clinics' language and not the provider's."""
    if text := " ".join(message.text.split()):
        return text[:200]
    with override(settings.LANGUAGE_CODE):
        return {
            "audio": _("Audio"), "image": _("Foto"), "video": _("Video"), "document": _("Documento"),
            "sticker": _("Sticker"), "location": _("Ubicación"), "contacts": _("Contacto"),
            "revoked": _("Mensaje eliminado"),
        }.get(message.kind, _("Mensaje que no se puede mostrar"))
