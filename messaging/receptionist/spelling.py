"""The words a conversation turns on, as telephones write them. Pure, folded text; names and data are never touched."""

from agenda.when import spelled
from dentalogic.lib.spelling import Vocabulary
from dentalogic.lib.text import fold

_EDITED = (
    "turno turnos particular primero primera primer segundo segunda ultimo ultima opcion cualquiera ninguno ninguna "
    "cancelar cambiar reprogramar reservar reserva confirmo quiero necesito quisiera horario horarios direccion "
    "gracias social prepaga mutual disponible disponibilidad temprano numero persona hablar reclamo atienden precio "
    "precios cuesta consulta documento apellido telefono correo otro"
)
_HEARD = "hola queria buenas buenos perdon cuanto hija hijo hacer ahora sale donde quedan"
# Words of their own that are a letter away from one of those.
_OWN = (
    "torno tornos turbo preciso premio premios quieto queda quedo quedan prepara preparan marino garcias garcia "
    "conformo cuenta cuesto manual socias personal horas sociales cancelas habla hablas hablan consulto primeros "
    "segundos ultimos hallar asia numeros ahorra ahorro salle dado cuando canto cuento cuarto horacio corrio previo "
    "previa atiendan quiebro perdona perdono perdone turco"
)
WORDS = Vocabulary(_EDITED.split(), heard=_HEARD.split(), own=_OWN.split())


_KEYCAP = {0xFE0F: None, 0x20E3: None}  # of "1️⃣" the digit is left


def put_right(text: str) -> str:
    """Folded, short forms in full, and the words above as they are written."""
    return WORDS.put_right(spelled(fold(text.translate(_KEYCAP))))
