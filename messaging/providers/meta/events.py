"""Meta's webhooks into events. Four arrays inside each other: entries, changes, and in a change messages, statuses and
errors; each is walked to its end, and one that cannot be read does not stop the others."""
from messaging.providers import content
from messaging.providers.base import (
    ChannelHealth,
    Echo,
    Edited,
    Message,
    NumberChanged,
    Preference,
    Reaction,
    Report,
    Revoked,
    TemplateChanged,
    TemplateState,
    Unknown,
)
from messaging.providers.reading import clean, digest, moment, part, parts, phone, text

STATUSES = {"played": "read", "accepted": "queued"}
BY_CHANGE = {"reaction", "edit", "edited", "revoke", "revoked", "system"}


def parse(body) -> list:
    """The events of a decoded body. Never raises: what cannot be read is `Unknown`."""
    body = clean(body)
    entries = parts(body, "entry") if isinstance(body, dict) else []
    found = [event for entry in entries for event in _entry(entry)]
    return found or [_unknown({"body": body}, "unreadable", {}, alarming=True)]


def _entry(entry):
    if not isinstance(entry, dict) or not parts(entry, "changes"):
        return [_unknown({"entry": entry}, "unreadable", {}, alarming=True)]
    account = text(entry, "id")[:60]
    return [event for change in entry["changes"] for event in _change(change, account)]


def _change(change, account):
    raw = change if isinstance(change, dict) else {"change": change}
    value, field = part(raw, "value"), text(raw, "field")
    whose = {"line": text(part(value, "metadata"), "phone_number_id")[:60], "account": account}
    read = _FIELDS.get(field)
    if read is None:
        return [_unknown(raw, field or "unreadable", whose, alarming=not field)]
    return read(value, field, whose) or [_unknown(raw, field, whose, alarming=field in _SURE)]


def _unknown(raw, kind, whose, *, alarming):
    return Unknown(event_id=digest(raw), kind=kind[:80], raw=raw, **whose, alarming=alarming)


def _known(raw, kind, whose):
    return {"event_id": digest(raw), "kind": kind, "raw": raw, **whose}


# Of people


def _messages(value, field, whose):
    contacts = [one for one in parts(value, "contacts") if isinstance(one, dict)]
    found = [_message(one, contacts, whose) for one in parts(value, "messages")]
    found += [_report(one, whose) for one in parts(value, "statuses")]
    return found + [_unknown({"error": one}, "errors", whose, alarming=False) for one in parts(value, "errors")]


def _message(raw, contacts, whose):
    if not isinstance(raw, dict):
        return _unknown({"message": raw}, "messages", whose, alarming=True)
    if raw.get("group_id"):
        return _unknown(raw, "group", whose, alarming=False)
    who = _person(raw, contacts)
    if not (who["phone"] or who["user_id"]):
        return _unknown(raw, "messages", whose, alarming=True)
    known, found = _known(raw, "", whose) | who | _identity(raw), content.read(raw)
    return _what_changes(known, found, by_staff=False) or Message(**known | found)


def _person(raw, contacts):
    """Who wrote it, and what a contact beside it says of them: that of the same id, or the only one there is."""
    number, user_id = phone(raw, "from"), text(raw, "from_user_id")[:140]
    own = [one for one in contacts if {phone(one, "wa_id"), text(one, "user_id")} & ({number, user_id} - {""})]
    contact = next(iter(own or (contacts if len(contacts) == 1 else [])), {})
    return {
        "phone": number or phone(contact, "wa_id"), "user_id": user_id or text(contact, "user_id")[:140],
        "name": text(part(contact, "profile"), "name")[:120]}


def _identity(raw):
    return {"provider_id": text(raw, "id")[:200], "ref": text(raw, "id")[:200], "sent_at": moment(raw, "timestamp")}


def _what_changes(known, found, *, by_staff):
    """A message or a person that is there already; None for a message."""
    kind, inner = found["kind"], found["media"]
    if kind not in BY_CHANGE:
        return None
    known = known | {"kind": kind}
    if kind == "system":
        return _moved(known, inner)
    target = {"target": (text(inner, "message_id") or text(inner, "original_message_id"))[:200], "by_staff": by_staff}
    if not target["target"]:
        return None
    if kind == "reaction":
        return Reaction(**known, **target, emoji=text(inner, "emoji")[:40])
    if kind.startswith("revoke"):
        return Revoked(**known, **target)
    said = part(inner, "message")
    return Edited(**known, **target, text=text(part(said, "text"), "body") or text(
        part(said, text(said, "type")), "caption") or text(inner, "body"))


def _moved(known, inner):
    if text(inner, "type") not in ("user_changed_number", "user_changed_user_id"):
        return None
    new = {"new_phone": phone(inner, "wa_id") or phone(inner, "new_wa_id"),
           "new_user_id": (text(inner, "user_id") or text(inner, "new_user_id"))[:140]}
    return NumberChanged(**known, **new) if any(new.values()) else None


def _echoes(value, field, whose):
    return [_echo(one, whose) for one in parts(value, "message_echoes")]


def _echo(raw, whose):
    if not isinstance(raw, dict):
        return _unknown({"echo": raw}, "smb_message_echoes", whose, alarming=True)
    who = {"phone": phone(raw, "to"), "user_id": text(raw, "to_user_id")[:140]}
    if not any(who.values()):
        return _unknown(raw, "smb_message_echoes", whose, alarming=True)
    known, found = _known(raw, "", whose) | who | _identity(raw), content.read(raw)
    return _what_changes(known, found, by_staff=True) or Echo(
        **known | found, external_id=text(raw, "biz_opaque_callback_data"))


def _user_ids(value, field, whose):
    """`user_id_update`: the same person under another id of the portfolio."""
    return [_user_id(one, whose) for one in parts(value, "user_id_update")]


def _user_id(raw, whose):
    inner = raw if isinstance(raw, dict) else {"update": raw}
    ids = part(inner, "user_id")
    new, old, number = text(ids, "current")[:140], text(ids, "previous")[:140], phone(inner, "wa_id")
    if not new or not (old or number):
        return _unknown(inner, "user_id_update", whose, alarming=True)
    return NumberChanged(
        **_known(inner, "user_id_update", whose), phone=number, user_id=old, new_user_id=new,
        sent_at=moment(inner, "timestamp"))


def _preferences(value, field, whose):
    return [_preference(one, whose) for one in parts(value, "user_preferences")]


def _preference(raw, whose):
    inner = raw if isinstance(raw, dict) else {"preference": raw}
    who, said = {"phone": phone(inner, "wa_id"), "user_id": text(inner, "user_id")[:140]}, text(inner, "value")
    if not any(who.values()) or said not in ("stop", "resume"):
        return _unknown(inner, "user_preferences", whose, alarming=True)
    return Preference(
        **_known(inner, "user_preferences", whose), **who, sent_at=moment(inner, "timestamp"), stop=said == "stop")


# Of what we sent


def _report(raw, whose):
    if not isinstance(raw, dict) or not text(raw, "status") or not text(raw, "id"):
        return _unknown(raw if isinstance(raw, dict) else {"status": raw}, "statuses", whose, alarming=True)
    if text(raw, "recipient_type") == "group":
        return _unknown(raw, "group", whose, alarming=False)
    status, sent = text(raw, "status"), text(raw, "id")[:150]
    fault = next((one for one in parts(raw, "errors") if isinstance(one, dict)), {})
    return Report(
        event_id=f"{sent}:{status[:20]}:{text(raw, 'timestamp')[:20]}", kind="statuses", raw=raw, **whose,
        provider_id=sent, ref=sent, external_id=text(raw, "biz_opaque_callback_data")[:60],
        status=STATUSES.get(status, status)[:20], at=moment(raw, "timestamp"), error_code=text(fault, "code")[:60],
        error_text=(text(part(fault, "error_data"), "details") or text(fault, "message"))[:300],
        phone=phone(raw, "recipient_id"), user_id=text(raw, "recipient_user_id")[:140], pricing=part(raw, "pricing"))


# Of the line, the account and its templates


def template_state(raw) -> TemplateState:
    """As the list has it."""
    return TemplateState(
        name=text(raw, "name")[:512], language=text(raw, "language")[:20], category=text(raw, "category")[:20],
        status=text(raw, "status")[:20], components=[one for one in parts(raw, "components") if isinstance(one, dict)],
        quality=text(part(raw, "quality_score"), "score")[:20], reason=_reason(text(raw, "rejected_reason")),
        ref=text(raw, "id")[:60])


def _template(value, field, whose):
    name, language = text(value, "message_template_name")[:512], text(value, "message_template_language")[:20]
    if not name or not language:
        return []
    state = TemplateState(
        name=name, language=language, ref=text(value, "message_template_id")[:60],
        status=text(value, "event")[:20] if field == "message_template_status_update" else "",
        reason=_reason(text(value, "reason")), quality=text(value, "new_quality_score")[:20],
        category=text(value, "new_category")[:20])
    return [TemplateChanged(**_known(value, field, whose), state=state)]


def _reason(said):
    return "" if said == "NONE" else said[:300]


def _quality(value, field, whose):
    """It names the number as people read it, and not by its id."""
    event = text(value, "event")
    code = event or text(value, "current_limit") or field
    whose = whose | {"line": phone(value, "display_phone_number")}
    level = "warning" if event in ("FLAGGED", "DOWNGRADE") else "ok"
    return [ChannelHealth(**_known(value, field, whose), level=level, code=code[:60])]


def _account(value, field, whose):
    event = text(value, "event") or text(value, "decision")
    ban = text(part(value, "ban_info"), "waba_ban_state")
    if not event and not ban:
        return []
    what = ban or event  # a ban that ends comes under the event that a ban comes under
    level = "out" if what in _OUT else "ok" if what in _FINE else "warning"
    said = text(part(value, "violation_info"), "violation_type") or text(value, "rejection_reason")
    return [ChannelHealth(**_known(value, field, whose), level=level, code=what[:60], text=said[:300])]


_OUT = {
    "DISABLE", "ACCOUNT_DELETED", "DISABLED_UPDATE", "PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED",
    "ACCOUNT_OFFBOARDED",
}
_FINE = {
    "APPROVED", "VERIFIED_ACCOUNT", "PARTNER_ADDED", "PARTNER_APP_INSTALLED", "ACCOUNT_RECONNECTED", "REINSTATE",
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE", "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
}


def _alert(value, field, whose):
    severity, kind = text(value, "alert_severity"), text(value, "alert_type")
    if not kind:
        return []
    return [ChannelHealth(
        **_known(value, field, whose), level="ok" if severity == "INFORMATIONAL" else "warning", code=kind[:60],
        text=text(value, "alert_description")[:300])]


_FIELDS = {
    "messages": _messages, "smb_message_echoes": _echoes, "message_echoes": _echoes, "user_id_update": _user_ids,
    "user_preferences": _preferences, "message_template_status_update": _template,
    "message_template_quality_update": _template, "template_category_update": _template,
    "message_template_components_update": _template, "phone_number_quality_update": _quality,
    "phone_number_name_update": _account, "account_update": _account, "account_review_update": _account,
    "account_alerts": _alert, "business_capability_update": lambda value, field, whose: [],
}
_SURE = set(_FIELDS) - {"business_capability_update"}
