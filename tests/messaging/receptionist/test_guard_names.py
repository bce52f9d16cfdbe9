"""A given name by itself, where a visit or a datum is said to be that person's."""
import pytest

from messaging.receptionist import guard_names


@pytest.mark.parametrize(("text", "name"), [
    ("El turno de Carla es a las 10.", "carla"), ("El turno anterior es de Mauricio.", "mauricio"),
    ("El turno de las 10:30 es de Romina.", "romina"), ("El teléfono de Rosa es ese.", "rosa"),
    ("La ficha de la señora Dolores dice que es alérgica.", "dolores"), ("Ese horario lo tiene Gonzalo.", "gonzalo"),
    ("Antes que vos viene Lorena.", "lorena"), ("Se lo di a Karina.", "karina"),
    ("Carla tiene turno el martes.", "carla"),
    ("No puedo, porque Mercedes ya reservó.", "mercedes"), ("Hoy Julieta canceló.", "julieta"),
    ("El turno del martes a las 9:00 quedó a nombre de Pedro.", "pedro"), ("Le guardé el lugar a Natalia.", "natalia"),
    ("La obra social de Silvina es OSDE.", "silvina"), ("Los datos de Don Ramiro no los tengo.", "ramiro"),
])  # fmt: skip
def test_whose_it_is_said_to_be(text, name):
    assert list(guard_names.owners(text)) == [name]


@pytest.mark.parametrize("text", [
    "El turno de julio lo vemos.", "Tengo turnos de Julio en adelante.", "El turno de Limpieza lleva 45 minutos.",
    "Un rayo de sol.", "Consulta de dolores de muela.", "Estamos en Rosario.", "Estamos en Mercedes 1240.",
    "¡Hola, Carla! ¿En qué te ayudo?", "Perfecto, Rosa. ¿Qué día te sirve?", "Gracias, Paz.",
    "¿Carla, tenés obra social?",
    "La Dra. Blanca Paz atiende los lunes.", "El dolor de muela no puede esperar.", "Tu turno es el martes.",
    "Atendemos por la obra social de Luz y Fuerza.", "El turno de control es en abril.", "Me alegro, Consuelo.",
    "El plan de tratamiento lo arma el profesional.", "El turno de mañana sigue en pie.",
])
def test_what_is_nobodys(text):
    names = list(guard_names.owners(text))
    assert not set(names) & guard_names.SURE and names in ([], ["limpieza"])
