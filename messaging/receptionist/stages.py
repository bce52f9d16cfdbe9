"""Where a tool leaves the conversation, so that whoever speaks next takes it up: either engine, or a person."""

from messaging.receptionist.case import Case, Done

WRITES = ("book_appointment", "reschedule_appointment", "cancel_appointment")


def keep_stage(case: Case, done: Done) -> None:
    """Both engines leave the conversation where the other can take it up."""
    facts, code = case.facts, done.data.get("code")
    if done.tool == "check_availability" and not done.refused:
        moving = any("appointment" in option for option in done.row.options)
        case.stage, facts.purpose = "options", "move" if moving else "book"
        facts.appointment = done.row.options[0].get("appointment")
    elif done.tool in WRITES and not done.refused:
        case.stage, queue = "done", facts.queue if done.tool == "book_appointment" else []
        facts.forget_episode()
        facts.queue = queue
        facts.told = ["cancelled"] if done.tool == "cancel_appointment" else []
    elif code == "cancel_not_confirmed" and done.data["ask"]:
        case.stage, facts.purpose, facts.appointment = "confirm_cancel", "cancel", done.row.pk
    elif code in ("data_missing", "bad_document", "not_a_name"):
        case.stage, facts.purpose = "data", "book"
    elif code == "insurance_unasked":
        case.stage, facts.purpose = "insurance", "book"
    elif code == "treatment_unknown":
        case.stage, facts.purpose = "treatment", "book"
    elif code == "slot_taken" and done.row is not None:
        case.stage = "options"
