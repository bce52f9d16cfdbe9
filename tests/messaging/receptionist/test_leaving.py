"""What a person settles: complaints and data of the record; and what only sounds like one."""
import pytest

from messaging.receptionist.dialogue.leaving import told_of
from messaging.receptionist.spelling import put_right


@pytest.mark.parametrize("words", [
    "hace una hora que espero", "hace 40 minutos que estoy esperando y nada", "estoy esperando hace media hora",
    "me atendieron mal", "me trataron re mal la otra vez", "quiero hacer un reclamo", "vengo a reclamar",
    "tengo una queja", "quiero presentar una queja formal", "me cobraron de más", "me cobraron dos veces",
    "nadie me contesta", "nunca me llamaron", "es una vergüenza", "qué falta de respeto", "pésima atención",
    "me hicieron mal el arreglo", "el perno me quedó muy mal", "me siento estafada", "no me devolvieron la plata",
])
def test_a_complaint(words):
    assert told_of(put_right(words)) == "complaint"


@pytest.mark.parametrize("words", [
    "mi apellido está mal escrito", "mi dni está mal", "tienen mal mi nombre", "pusieron mal mi apellido",
    "cambié de mail", "cambié de celular", "cambié el correo", "quiero actualizar mis datos", "me mudé",
    "hay que corregir mi fecha de nacimiento", "tienen el teléfono equivocado", "cambié de obra social",
    "quiero cambiar mi dirección", "mi mail está desactualizado",
])
def test_a_datum_of_the_record(words):
    assert told_of(put_right(words)) == "data_correction"


@pytest.mark.parametrize("words", [
    "me da vergüenza sonreír", "me duele mal", "quiero cambiar el turno", "puedo cambiar de día?",
    "espero tu respuesta",
    "te espero", "cuánto hay que esperar?",
    "no me llamo así, soy Juan", "cuál es la dirección?", "tengo mal aliento",
    "hace una semana que me duele", "me llamo Ana Quejada", "la muela está mal", "no puedo esperar mucho",
    "cambio de brackets", "qué datos necesitan?", "hace un rato pedí turno", "no me respondiste",
    "nadie me dijo si puedo comer antes", "quiero saber mi número de afiliado",
])
def test_neither(words):
    assert told_of(put_right(words)) == ""
