"""What the offline receptionist says. Values come from rows; nothing here knows why it is said."""

from django.utils.translation import gettext as _

from messaging.receptionist.tools.booking import Booked
from messaging.receptionist.tools.clinic import money
from messaging.receptionist.tools.options import Option


def greeting(*, clinic, receptionist="", name="") -> str:
    who = receptionist or _("la recepcionista virtual")
    hello = _("¡Hola, %(name)s!") % {"name": name} if name else _("¡Hola!")
    return _("%(hello)s Soy %(who)s de %(clinic)s.") % {"hello": hello, "who": who, "clinic": clinic}


def how_can_i_help() -> str:
    return _("¿En qué te ayudo? Puedo darte un turno, cambiarlo o cancelarlo.")


def which_treatment(names) -> str:
    listed = in_a_row(names[:8])
    if not listed:
        return _("¿Para qué necesitás el turno?")
    return _("¿Para qué necesitás el turno? Hacemos %(services)s.") % {"services": listed}


def which_of(names) -> str:
    return _("¿Cuál necesitás: %(services)s?") % {"services": in_a_row(names, last=_("o"))}


def which_insurance(*, for_other=False) -> str:
    if for_other:
        return _("¿Tiene obra social o prepaga, o viene de forma particular?")
    return _("¿Tenés obra social o prepaga, o venís de forma particular?")


def which_insurer() -> str:
    return _("¿Cuál es tu obra social o prepaga?")


def coverage(covered) -> str:
    """Only what the clinic has configured: of the treatment where it has its own, else in general."""
    said = {"name": covered.name, "note": _conditions(covered)}
    said["name"] += _(" para %(treatment)s") % {"treatment": covered.treatment.lower()} if covered.treatment else ""
    match covered.policy:
        case "accepted":
            return _("Atendemos por %(name)s.%(note)s") % said
        case "restricted":
            return _("Atendemos por %(name)s con algunas restricciones.%(note)s") % said
        case "derived":
            return _("A los pacientes de %(name)s los derivamos.%(note)s Si querés, podés venir de forma "
                     "particular.") % said
        case "rejected":
            return _("No atendemos por %(name)s.%(note)s Si querés, podés venir de forma particular.") % said
        case "unknown":
            return _("Anoto %(name)s. La cobertura te la confirma la clínica.") % {"name": covered.name}
    return ""


def _conditions(covered) -> str:
    """With a space before each: authorisation and copay where it is attended, and the clinic's own words."""
    attended = covered.policy in ("accepted", "restricted")
    told = [
        _("Pide autorización previa.") if attended and covered.needs_authorisation else "",
        _("El copago es de %(amount)s.") % {"amount": money(covered.copay)} if attended and covered.copay else "",
        covered.note,
    ]
    return "".join(f" {one}" for one in told if one)


def _with(professional: str) -> str:
    if professional.startswith("Dra"):
        return _("con la %(name)s") % {"name": professional}
    if professional.startswith("Dr"):
        return _("con el %(name)s") % {"name": professional}
    return _("con %(name)s") % {"name": professional} if professional else ""


def option(one: Option) -> str:
    said = _("%(day)s a las %(time)s %(with)s") % {"day": one.day, "time": one.time, "with": _with(one.professional)}
    return said.strip()


def closed(days: list[dict]) -> str:
    """Why nobody is attended on what was asked for: holidays and closures by their names."""
    return " ".join(_closed(**one) for one in days)


def _closed(first, last, holiday, name) -> str:
    said = {"first": first, "last": last, "name": f" ({name})" if name else ""}
    if holiday and last:
        return _("Del %(first)s al %(last)s es feriado%(name)s.") % said
    if holiday:
        return _("El %(first)s es feriado%(name)s.") % said
    if last:
        return _("Del %(first)s al %(last)s la clínica está cerrada%(name)s.") % said
    return _("El %(first)s la clínica está cerrada%(name)s.") % said


def options(treatment: str, found: list[Option], *, outside=False, why="") -> str:
    if outside and why:
        opening = f"{why} " + _("Lo más cercano para %(treatment)s:")
    elif outside:
        opening = _("En lo que me pedís no me queda lugar. Lo más cercano para %(treatment)s:")
    else:
        opening = _("Para %(treatment)s tengo:")
    return "\n".join([opening % {"treatment": treatment.lower()}, numbered(found), which_option(found)])


def numbered(found: list[Option]) -> str:
    if len(found) == 1:
        return f"• {option(found[0])}"
    return "\n".join(f"{number}) {option(one)}" for number, one in enumerate(found, start=1))


def which_option(found) -> str:
    return _("¿Te reservo ese?") if len(found) == 1 else _("¿Cuál te queda mejor?")


def which_of_the_two(found: list[Option]) -> str:
    return "\n".join([_("¿Con cuál te quedás?"), numbered(found)])


def shall_i_book(one: Option) -> str:
    return _("¿Te reservo el %(option)s?") % {"option": option(one)}


def taken(found: list[Option]) -> str:
    if not found:
        return _("Ese horario se ocupó recién y no me queda otro cerca. ¿Qué otro día te sirve?")
    return "\n".join([_("Ese horario se ocupó recién. Me queda:"), numbered(found), which_option(found)])


def hold_ran_out(chosen: Option, found: list[Option], *, free: bool) -> str:
    if free:
        lead = _("Pasó un rato y ya no te lo estoy guardando, pero el %(option)s sigue libre.")
    else:
        lead = _("Pasó un rato y el %(option)s ya se ocupó.")
    said = [lead % {"option": option(chosen)}]
    if not found:
        return " ".join([*said, _("¿Qué otro día te sirve?")])
    return "\n".join([*said, _("Puedo ofrecerte:"), numbered(found), which_option(found)])


def offer_ran_out() -> str:
    return _("Pasó un rato, así que busqué de nuevo.")


def nothing_free(why="") -> str:
    if why:
        return f"{why} " + _("¿Qué otro día te sirve?")
    return _("No me queda lugar en esas fechas. ¿Qué otro día u horario te sirve?")


def date_unclear() -> str:
    return _("No me quedó clara la fecha. ¿Me decís el día y, si querés, el horario?")


def date_unread() -> str:
    return _("Esa fecha no existe o no me quedó clara; enseguida vemos el día.")


def corrected(data: str) -> str:
    return _("Listo, lo corregí: %(data)s.") % {"data": data}


def which_day() -> str:
    return _("¿Qué día u horario te queda mejor?")


MISSING = {
    "who": lambda: _("para quién es el turno"),
    "first_name": lambda: _("tu nombre"),
    "last_name": lambda: _("tu apellido"),
    "dni": lambda: _("tu DNI"),
    "insurance": lambda: _("tu obra social (o si venís de forma particular)"),
    "phone": lambda: _("un teléfono"),
}
MISSING_OF_OTHER = {
    "who": lambda: _("para quién es el turno"),
    "first_name": lambda: _("el nombre"),
    "last_name": lambda: _("el apellido"),
    "dni": lambda: _("el DNI"),
    "insurance": lambda: _("la obra social (o si es particular)"),
    "phone": lambda: _("un teléfono"),
}


def for_whom(names: list[str]) -> str:
    return _("¿Para quién es el turno: %(names)s? Si es para otra persona, decime su nombre y apellido.") % {
        "names": in_a_row(names, last=_("o"))}


def missing(absent: list[str], *, for_other=False) -> str:
    words = MISSING_OF_OTHER if for_other else MISSING
    absent = list(absent)
    listed = [words[name]() for name in absent]
    if {"first_name", "last_name"} <= set(absent):
        whole = _("el nombre y apellido de quien viene") if for_other else _("tu nombre y apellido")
        listed = [whole, *(words[name]() for name in absent if name not in ("first_name", "last_name"))]
    return _("Me falta %(data)s.") % {"data": in_a_row(listed)}


def held(one: Option) -> str:
    return _("Te guardo el %(option)s.") % {"option": option(one)}


def bad_document() -> str:
    return _("Ese DNI no parece completo: tiene que tener 7 u 8 números. Si es otro documento, decime cuál.")


def bad_phone() -> str:
    return _("Ese teléfono no parece completo. ¿Me lo pasás con el código de área? Por ejemplo: 341 555-0139.")


def not_a_name() -> str:
    return _("Necesito nombre y apellido, por favor.")


def confirmation(row: Booked, *, moved=False) -> str:
    head = _("Listo, tu turno quedó cambiado:") if moved else _("Listo, tu turno quedó reservado:")
    what = _("%(treatment)s el %(day)s a las %(time)s %(with)s") % {
        "treatment": row.treatment, "day": row.day, "time": row.time, "with": _with(row.professional)}  # fmt: skip
    lines = [head, f"{what.strip()}."]
    if row.address:
        lines.append(_("Dirección: %(address)s.") % {"address": row.address.rstrip(".")})
    if row.preparation:
        lines.append(row.preparation)
    return "\n".join(lines)


def cancelled(row: Booked) -> str:
    return _("Listo, cancelé tu turno del %(day)s a las %(time)s. Si querés otro, escribime.") % {
        "day": row.day, "time": row.time}  # fmt: skip


def _visit(one) -> str:
    return _("%(treatment)s, %(day)s a las %(time)s %(with)s") % {
        "treatment": one.treatment, "day": one.day, "time": one.time, "with": _with(one.professional)}  # fmt: skip


def my_appointments(found) -> str:
    if len(found) == 1:
        return _("Tenés un turno: %(visit)s.") % {"visit": _visit(found[0]).strip()}
    return "\n".join([_("Tus turnos:"), *(f"{number}) {_visit(one)}" for number, one in enumerate(found, start=1))])


def no_appointments() -> str:
    return _("No encuentro turnos próximos a tu nombre desde este número.")


def which_appointment(found, *, cancel) -> str:
    ask = _("¿Cuál querés cancelar?") if cancel else _("¿Cuál querés cambiar?")
    return "\n".join([ask, *(f"{number}) {_visit(one)}" for number, one in enumerate(found, start=1))])


def shall_i_cancel(one) -> str:
    return _("¿Confirmás que cancele tu turno de %(visit)s?") % {"visit": _visit(one).strip()}


def is_cancelled() -> str:
    return _("Ese turno está cancelado. Si querés otro, escribime qué día te sirve.")


def not_cancelled() -> str:
    return _("Bien, tu turno queda como estaba.")


def move_or_cancel(one) -> str:
    return _("Tu turno es %(visit)s. ¿Lo cambiamos de día o lo cancelo?") % {"visit": _visit(one).strip()}


def for_when(one) -> str:
    return _("¿Para qué día u horario querés pasar tu turno de %(visit)s?") % {"visit": _visit(one).strip()}


def cannot_change() -> str:
    return _("Ese turno ya no se puede cambiar por acá.")


def emergency(*, number, advice="", tooth=False) -> str:
    lines = [advice or _(
        "Por lo que contás, te tienen que ver cuanto antes. Si te cuesta respirar o tragar, la hinchazón avanza o no "
        "para de sangrar, llamá al %(number)s o andá ya a una guardia.") % {"number": number}]  # fmt: skip
    if advice and number and number not in advice:
        lines.append(_("Emergencias: %(number)s.") % {"number": number})
    if tooth:
        lines.append(_(
            "Si el diente salió entero: agarralo de la parte blanca, sin tocar ni frotar la raíz, y traelo en leche o "
            "en saliva. Cuanto antes te vean, mejor."))  # fmt: skip
    lines.append(_("Ya le avisé al equipo."))
    return "\n".join(lines)


def urgent() -> str:
    return _("Lamento que estés así. Busco lugar lo antes posible.")


def it_stands(one) -> str:
    return _("Perfecto, te esperamos: %(visit)s.") % {"visit": _visit(one).strip()}


def left_it() -> str:
    return _("Bien, no reservo nada. Cuando quieras, escribime.")


def not_understood() -> str:
    return _("Perdón, no te entendí. ¿Me lo decís con otras palabras?")


def media_only(kinds) -> str:
    if "audio" in kinds:
        return not_heard()
    if kinds & {"image", "video", "document"}:
        return _("Recibí lo que mandaste; lo va a mirar un profesional. Por acá no puedo dar un diagnóstico. "
                 "Si querés, te busco un turno para que te vean.")  # fmt: skip
    return _("Recibí tu mensaje. ¿Me contás con palabras qué necesitás?")


def not_heard(*, too_long=False) -> str:
    if too_long:
        return _("El audio es muy largo y no lo pude escuchar. ¿Me lo escribís en pocas palabras?")
    return _("No pude escuchar el audio. ¿Me lo escribís?")


def picture_seen() -> str:
    return _("Recibí la imagen; la va a mirar un profesional. Por acá no puedo dar un diagnóstico.")


def trouble() -> str:
    return _("Tuve un problema y no pude completarlo; no quedó nada guardado. Lo sigue una persona del equipo.")


def could_not_check() -> str:
    return _("Ahora no pude consultar la agenda. Ya le avisé al equipo; probá de nuevo en un rato.")


def document_of_another() -> str:
    return _("Hay algo con ese documento que tiene que ver una persona.")


def coordinated(treatment) -> str:
    return _("%(treatment)s se coordina con una persona de la clínica.") % {"treatment": treatment}


def and_the_other() -> str:
    return _("¿Busco ahora el otro turno?")


def now_the_next(who: str, treatment: str) -> str:
    said = {"who": who, "treatment": treatment.lower()}
    return _("Ahora el turno de tu %(who)s, para %(treatment)s.") % said if who else (
        _("Ahora tu turno, para %(treatment)s.") % said)


def left_at_that() -> str:
    return _("Bien, lo dejamos así. Cuando quieras, escribime.")


def whose_visit(names: list[str]) -> str:
    return _("¿A nombre de quién está el turno: %(names)s?") % {"names": in_a_row(names, last=_("o"))}


def shall_i_look() -> str:
    return _("¿Querés que te busque un turno?")


def in_a_row(items, last=None) -> str:
    items = [str(one) for one in items]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last or _('y')} {items[-1]}"
