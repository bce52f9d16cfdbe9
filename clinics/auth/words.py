"""Words of our own that make no password by themselves, with whatever digits and signs around them."""
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dentalogic.lib.text import fold

# Longer ones first: they are taken out one after the other.
WORDS = (
    "recepcionista", "odontologica", "odontologia", "consultorio", "odontologo", "contrasena", "dentalogic",
    "argentina", "profesional", "secretaria", "recepcion", "direccion", "pacientes", "paciente", "dentista",
    "dentales", "password", "ortodoncia", "clinica", "implante", "doctora", "doctor", "dental", "diente", "muela",
    "turnos", "turno", "clave", "salud", "admin", "agenda", "caja",
)
LEFT = 4  # letters that must be left


class OwnWordsValidator:
    def validate(self, password, user=None):
        left = re.sub(r"[^a-z]", "", fold(password))
        found = False
        for word in WORDS:
            found, left = found or word in left, left.replace(word, "")
        if found and len(left) < LEFT:
            raise ValidationError(self.get_help_text(), code="password_own_words")

    def get_help_text(self):
        return _("Tiene que decir algo más que palabras de la clínica y del sistema.")
