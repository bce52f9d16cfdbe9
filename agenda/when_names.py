"""The names of days, months, numbers and parts of the day, in folded words."""

MONTHS = {
    name: number
    for number, names in enumerate(
        ("enero ene", "febrero feb", "marzo mar", "abril abr", "mayo may", "junio jun", "julio jul", "agosto ago",
         "septiembre setiembre sep sept set", "octubre oct", "noviembre nov noviebre", "diciembre dic dicimbre"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("lunes lun lune lunez", "martes marte martez", "miercoles mier mie miercole miercolez mierocles mircoles",
         "jueves juev jue juebes juevez jeuves jueve", "viernes vier vie biernes viernez virnes vienes",
         "sabado sab savado sabados sabao", "domingo dom domigo domingos"),
    )
    for name in names.split()
}  # fmt: skip
UNITS = [
    "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
    "doce", "trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve",
    "veinte", "veintiuno", "veintidos", "veintitres", "veinticuatro", "veinticinco", "veintiseis",
    "veintisiete", "veintiocho", "veintinueve", "treinta",
]
NUMBERS = {word: number for number, word in enumerate(UNITS, start=1)} | {"veintiun": 21}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
SHORT_MONTHS = ("enero", "marzo", "abril", "mayo", "junio", "julio")
FULL_MONTH = "|".join(name for name in MONTHS if len(name) > 5 or name in SHORT_MONTHS)
WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
PARTS = {"manana": "morning", "mananita": "morning", "tarde": "afternoon", "tardecita": "afternoon",
         "noche": "evening", "nochecita": "evening"}  # fmt: skip
PART = "|".join(sorted(PARTS, key=len, reverse=True))
