import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize("password", ["dentalogic2026!", "Clinica-Dental-1", "AdminAdmin123", "turnos.2026.turnos"])
def test_words_of_the_house_are_no_password(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_own_words" in {fault.code for fault in refused.value.error_list}


@pytest.mark.parametrize("password", [
    "una-clave-larga-1", "el turno de mi abuela", "4815162342-0042", "ñandú con bicicleta " * 5,
    "¡¿!?¡¿!?¡¿!?¡¿"])
def test_phrases_numbers_and_signs_are(password):
    validate_password(password)
