"""What is said around a visit: thanks, a farewell, a complaint, who she is."""

from django.utils.translation import gettext as _

# In their words, whatever the language of the clinic.
ONLY_SPANISH = {
    "en": "I only understand Spanish. To reach a person of our team, please write «persona».",
    "pt": "Só entendo espanhol. Para falar com uma pessoa da equipe, escreva «persona».",
}


def sorry() -> str:
    return _("Lamento lo que pasó, y gracias por contarlo.")


def team_notes() -> str:
    return _("En la lista de espera te anota una persona del equipo.")


def team_corrects() -> str:
    return _("Ese dato lo corrige una persona del equipo.")


def thanks_for_telling() -> str:
    return _("Gracias por avisar.")


def thanks() -> str:
    return _("¡De nada! Cualquier cosa, escribime.")


def goodbye() -> str:
    return _("¡Hasta luego!")


def no_harm_done() -> str:
    return _("No hay problema. ¡Que tengas un buen día!")


def i_wait() -> str:
    return _("Dale, te espero.")


def i_am(receptionist) -> str:
    if not receptionist:
        return _("Soy la recepcionista virtual. Si preferís hablar con una persona, decime y te paso.")
    return _("Soy %(who)s, la recepcionista virtual. Si preferís hablar con una persona, decime y te paso.") % {
        "who": receptionist}  # fmt: skip


def reassurance() -> str:
    return _("No te preocupes: avisale al profesional y van a tu ritmo.")
