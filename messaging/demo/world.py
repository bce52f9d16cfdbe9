"""Who is in the demo. Everybody is invented; the telephone numbers are of a block that nobody has."""
from dataclasses import dataclass

PASSWORD = "demo-dentalogic"  # noqa: S105  (of a demo on loopback, printed at every start)


def week(*slots, days=range(5), saturday=()):
    """`("09:00", "13:00")` stretches for Monday to Friday, and perhaps for Saturday, as working hours are kept."""
    def day(stretches):
        return {"enabled": bool(stretches), "slots": [{"start": a, "end": b} for a, b in stretches]}

    hours = {str(number): day(slots if number in days else ()) for number in range(5)}
    return hours | {"5": day(saturday), "6": day(())}


@dataclass(frozen=True)
class Clinic:
    name: str
    slug: str
    timezone: str
    phone: str
    address: str
    number: str  # of its WhatsApp channel
    hours: dict
    staff: tuple  # (name, address before the @, role, status)
    professionals: tuple  # (title, first, last, specialty, licence, chair, hours or None, address of the person or "")
    area: str  # of its patients' telephones
    patients: int
    seed: int
    consultation_price: int


MORNING, AFTERNOON = ("08:00", "13:00"), ("15:00", "19:30")

CLINICS = (
    Clinic(
        name="Clínica Arrayán", slug="arrayan", timezone="America/Argentina/Buenos_Aires", phone="+543414550100",
        address="Mitre 1240, Rosario", number="+5493415550100",
        hours=week(MORNING, AFTERNOON, saturday=(("09:00", "13:00"),)),
        staff=(
            ("Marina Arrayán", "marina", "ceo", "active"), ("Nicolás Brandt", "nicolas", "professional", "active"),
            ("Paula Arrieta", "paula", "professional", "active"),
            ("Sofía Rey", "sofia", "secretary", "active"), ("Lucía Vega", "lucia", "setter", "active"),
            ("Tomás Ibarra", "tomas", "closer", "active"), ("Celeste Quiroga", "celeste", "secretary", "pending")),
        professionals=(
            ("Dra.", "Paula", "Arrieta", "General", "MP 3902", "Sillón 1", None, "paula"),
            ("Dr.", "Nicolás", "Brandt", "Endodoncia", "MP 4471", "Sillón 2", week(("09:00", "13:00"), AFTERNOON),
             "nicolas"),
            ("Dra.", "Inés", "Caruso", "Ortodoncia", "MP 4120", "Sillón 3",
             week(("08:30", "12:30"), ("15:00", "19:00"), days=(0, 1, 3)), ""),
            ("Dr.", "Emanuel", "Duarte", "Cirugía", "MP 3755", "Sillón 4",
             week(("10:00", "13:30"), ("14:00", "18:00"), days=(1, 2, 4)), "")),
        area="341", patients=64, seed=7, consultation_price=18000),
    Clinic(
        name="Odontología Bosque", slug="bosque", timezone="America/Argentina/Cordoba", phone="+543514550200",
        address="Bv. Illia 356, Córdoba", number="+5493515550200",
        hours=week(("09:00", "13:00"), ("16:00", "20:00")),
        staff=(
            ("Ramiro Bosque", "ramiro", "ceo", "active"), ("Elena Funes", "elena", "professional", "active"),
            ("Gabriel Soria", "gabriel", "secretary", "active"), ("Micaela Ruiz", "micaela", "setter", "active"),
            ("Joel Peralta", "joel", "closer", "active")),
        professionals=(
            ("Dra.", "Elena", "Funes", "General", "MP 2210", "Consultorio A", None, "elena"),
            ("Dr.", "Ramiro", "Bosque", "Implantes", "MP 1984", "Consultorio B",
             week(("09:00", "13:00"), days=(0, 2, 4)), "ramiro")),
        area="351", patients=28, seed=11, consultation_price=15000),
)

# code, name, aliases, category, minutes, least minutes, price, bookable by patients, specialties (none: all), before
TREATMENTS = (
    ("CONS", "Consulta", ["consulta", "primera vez", "revisión", "control", "chequeo"], "General", 30, 20, 18000, True,
     (), "Traé tus estudios anteriores si tenés."),
    ("LIMP", "Limpieza", ["limpieza", "higiene", "profilaxis", "sarro", "destartraje"], "Prevención", 45, 30, 32000,
     True, ("General",), "Cepillate antes de venir; no hace falta ayuno."),
    ("COMP", "Arreglo con composite", ["arreglo", "caries", "composite", "empaste", "emplomadura", "obturación"],
     "Restauradora", 60, 30, 48000, True, ("General",), ""),
    ("URG", "Urgencia", ["urgencia", "guardia", "dolor"], "Urgencias", 30, 15, 25000, True, (), ""),
    ("ENDO", "Endodoncia", ["endodoncia", "tratamiento de conducto", "conducto"], "Endodoncia", 90, 45, 145000, True,
     ("Endodoncia",), "Desayuná o almorzá liviano antes de venir."),
    ("EXO", "Extracción", ["extracción", "exodoncia", "sacar una muela", "muela de juicio", "cordal"], "Cirugía", 45,
     30, 60000, True, ("Cirugía", "Implantes"), "Comé liviano dos horas antes y vení con alguien que te acompañe."),
    ("ORTO", "Control de ortodoncia", ["ortodoncia", "brackets", "control de brackets", "alineadores"], "Ortodoncia",
     30, 15, 32000, True, ("Ortodoncia",), ""),
    ("BLAN", "Blanqueamiento", ["blanqueamiento", "aclarar los dientes", "blanquear"], "Estética", 60, 45, 120000,
     True, ("General",), "Evitá café, mate y vino tinto el día anterior."),
    ("IMPL", "Implante", ["implante", "implantes"], "Cirugía", 120, 90, 480000, False, ("Cirugía", "Implantes"), ""),
)

INSURERS = (
    ("OSDE", ["osde 210", "osde 310", "osde 410"], "accepted", ""),
    ("Swiss Medical", ["swiss", "swis medical", "smg"], "accepted", ""),
    ("Galeno", [], "accepted", ""),
    ("IAPOS", ["iapos santa fe"], "restricted", "Con autorización previa."),
    ("APROSS", [], "restricted", "Con autorización previa."),
    ("PAMI", [], "derived", "Se atiende en el centro de PAMI que corresponda."),
    ("Medifé", ["medife"], "accepted", ""),
)

COVERAGES = (  # insurer, treatment by its code, what holds for it
    ("OSDE", "IMPL", {"policy": "rejected"}),
    ("OSDE", "ORTO", {"policy": "restricted", "needs_authorisation": True, "copay": 9000}),
    ("IAPOS", "ENDO", {"policy": "restricted", "needs_authorisation": True, "delay_days": 7}),
)

FIRST = (
    "Norma", "Federico", "Ignacio", "Delfina", "Rubén", "Abril", "Hernán", "Tomás", "Carolina", "Emilia", "Renata",
    "Lautaro", "Bautista", "Malena", "Joaquín", "Omar", "Julieta", "Raúl", "Pilar", "Graciela", "Tadeo", "Sol",
    "Gastón", "Lorena", "Iván", "Milagros", "Facundo", "Susana", "Nahuel", "Beatriz", "Dante", "Ema",
)
LAST = (
    "Quiroga", "Núñez", "Vera", "Ocampo", "Sosa", "Medina", "Paz", "Bianchi", "Luque", "Castro", "Silva", "Díaz",
    "Roldán", "Ríos", "Ferro", "Beltrán", "Ferrero", "Montiel", "Quintana", "Mansilla", "Moyano", "Acuña", "Rivas",
    "Godoy", "Peralta", "Cabral", "Ledesma", "Ibáñez", "Maldonado", "Ávila",
)
HISTORIES = (
    {"allergies": "Penicilina (urticaria, 2014)", "habitual_medication": "Acenocumarol",
     "base_diseases": "Fibrilación auricular", "pregnancy_lactation": "No"},
    {"base_diseases": "Asma", "habitual_medication": "Salbutamol", "allergies": "Ninguna"},
    {"base_diseases": "Diabetes tipo 2", "habitual_medication": "Metformina", "allergies": "Ninguna"},
    {"allergies": "Látex", "base_diseases": "Ninguna"},
    {"pregnancy_lactation": "Embarazo, 22 semanas", "allergies": "Ninguna"},
    {"base_diseases": "Hipertensión", "habitual_medication": "Enalapril", "allergies": "Ninguna"},
)
NOTES = {
    "CONS": "Examen clínico sin particularidades. Se indica control en seis meses.",
    "LIMP": "Detartraje supragingival y pulido. Instrucción de técnica de cepillado.",
    "COMP": "Remoción de caries, grabado ácido, resina A2. Control de oclusión.",
    "URG": "Dolor espontáneo a la percusión. Se medica y se deriva a endodoncia.",
    "ENDO": "Anestesia, aislación, conductometría y obturación con cono único. Rx de control.",
    "EXO": "Exodoncia simple sin complicaciones. Sutura, se retira en siete días.",
    "ORTO": "Cambio de arco y elásticos. Buena higiene.",
    "BLAN": "Peróxido al 35 %, dos aplicaciones de quince minutos. Sin sensibilidad.",
    "IMPL": "Colocación de implante, torque 35 N. Se indica antibiótico y control en 48 horas.",
}
REASONS = ("", "", "Dolor al morder", "Control anual", "Se le salió un arreglo", "Sensibilidad al frío", "")
