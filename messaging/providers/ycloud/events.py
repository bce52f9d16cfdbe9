"""YCloud's webhooks into events: an envelope `{id, type, createTime, <payload>}`, one or a list of them."""
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
from messaging.providers.reading import clean, instant, moment, part, parts, phone, text

INBOUND = "whatsapp.inbound_message.received"
STATUS = "whatsapp.message.updated"
# the second is in the guides and not in the specification; the third is what an agent on the phone wrote
ECHOES = {"whatsapp.smb.message.created", "whatsapp.smb.message.echoes", "whatsapp.echo_message.created"}
STATUSES = {"accepted": "queued", "played": "read"}
BY_CHANGE = {"reaction", "edit", "revoke", "system"}


def parse(body) -> list:
    """The events of a decoded body, a batch or one. Never raises: what cannot be read is `Unknown`."""
    return [_event(clean(item)) for item in (body if isinstance(body, list) else [body])]


def _event(raw):
    if not isinstance(raw, dict):
        raw = {"body": raw}
    kind = text(raw, "type")
    known = {"event_id": text(raw, "id")[:200], "kind": kind[:80] or "unreadable", "raw": raw}
    if kind == INBOUND:
        return _message(known, part(raw, "whatsappInboundMessage"))
    if kind == STATUS:
        return _report(known, part(raw, "whatsappMessage"), raw)
    if kind in ECHOES:
        return _echo(known, part(raw, "whatsappMessage"))
    for start, read in _OTHERS.items():
        if kind.startswith(start):
            return read(known, raw)
    return Unknown(**known, alarming=not kind)


# Of people


def _message(known, raw):
    whose = {"line": phone(raw, "to"), "account": text(raw, "wabaId")[:60]}
    if raw.get("groupId"):
        return Unknown(**known, **whose)
    who = {"phone": phone(raw, "from"), "user_id": text(raw, "fromUserId")[:140]}
    if not any(who.values()):
        return Unknown(**known, **whose, alarming=True)
    who["name"] = text(part(raw, "customerProfile"), "name")[:120]
    found = content.read(raw)
    change = _change(known | whose | who | _identity(raw), found, by_staff=False)
    return change or Message(**known | whose | who | _identity(raw) | found)


def _echo(known, raw):
    whose = {"line": phone(raw, "from"), "account": text(raw, "wabaId")[:60]}
    user_id = text(raw, "toUserId") or text(raw, "recipientUserId")
    who = {"phone": phone(raw, "to"), "user_id": user_id[:140]}
    if not any(who.values()):
        return Unknown(**known, **whose, alarming=True)
    found = content.read(raw)
    change = _change(known | whose | who | _identity(raw), found, by_staff=True)
    return change or Echo(
        **known | whose | who | _identity(raw) | found, external_id=text(raw, "externalId"))


def _change(known, found, *, by_staff):
    """What changes a message or a person that is there already; None for a message."""
    kind, inner = found["kind"], found["media"]
    if kind not in BY_CHANGE:
        return None
    known = known | {"kind": kind}
    target = {"target": (text(inner, "message_id") or text(inner, "original_message_id"))[:200], "by_staff": by_staff}
    if kind == "system":
        new = {"new_phone": phone(inner, "new_wa_id") or phone(inner, "wa_id"), "new_user_id": text(
            inner, "new_user_id")[:140] or text(inner, "user_id")[:140]}
        changed = text(inner, "type") in ("user_changed_number", "user_changed_user_id")
        return NumberChanged(**known, **new) if changed and any(new.values()) else None
    if not target["target"]:
        return None
    if kind == "reaction":
        return Reaction(**known, **target, emoji=text(inner, "emoji")[:40])
    if kind == "revoke":
        return Revoked(**known, **target)
    return Edited(**known, **target, text=text(part(part(inner, "message"), "text"), "body") or text(inner, "body"))


def _identity(raw):
    return {
        "provider_id": (text(raw, "wamid") or text(raw, "id"))[:200], "ref": text(raw, "id")[:200],
        "sent_at": instant(raw, "sendTime") or instant(raw, "createTime")}


# Of what we sent


def _report(known, raw, envelope):
    whose = {"line": phone(raw, "from"), "account": text(raw, "wabaId")[:60]}
    if not text(raw, "status"):
        return Unknown(**known, **whose, alarming="whatsappGroup" not in envelope)
    return report(known | whose, raw, instant(envelope, "createTime"))


def report(known, raw, at=None) -> Report:
    """Of a `whatsappMessage`, told by webhook or asked for."""
    status, fault = text(raw, "status"), part(raw, "whatsappApiError")
    return Report(
        **known, provider_id=text(raw, "wamid")[:200], ref=text(raw, "id")[:200],
        external_id=text(raw, "externalId"), status=STATUSES.get(status, status)[:20],
        at=next((at for at in (instant(raw, name) for name in _times(status)) if at), at),
        error_code=(text(fault, "code") or text(raw, "errorCode"))[:60],
        error_text=(text(part(fault, "error_data"), "details") or text(raw, "errorMessage"))[:300],
        phone=phone(raw, "to"), user_id=(text(raw, "recipientUserId") or text(raw, "toUserId"))[:140],
        pricing={name: raw[name] for name in _PRICES if isinstance(raw.get(name), str | int | float)})


_PRICES = ("pricingModel", "pricingType", "pricingCategory", "totalPrice", "currency", "regionCode")


def _times(status):
    return {"sent": ["sendTime"], "delivered": ["deliverTime"], "read": ["readTime"]}.get(status, []) + ["updateTime"]


# Of the line, the account and its templates


def _template(known, raw):
    inner = part(raw, "whatsappTemplate")
    if not text(inner, "name"):
        return Unknown(**known, alarming=True)
    return TemplateChanged(**known, account=text(inner, "wabaId")[:60], state=template_state(inner))


def template_state(raw) -> TemplateState:
    return TemplateState(
        name=text(raw, "name")[:512], language=text(raw, "language")[:20], category=text(raw, "category")[:20],
        status=text(raw, "status")[:20], components=[one for one in parts(raw, "components") if isinstance(one, dict)],
        quality=text(raw, "qualityRating")[:20], reason=text(raw, "reason")[:300],
        ref=text(raw, "officialTemplateId")[:60])


def _number(known, raw):
    inner = part(raw, "whatsappPhoneNumber")
    known = known | {"line": phone(inner, "phoneNumber"), "account": text(inner, "wabaId")[:60]}
    quality, status = text(inner, "qualityRating"), text(inner, "status")
    event = text(inner, "qualityUpdateEvent") or text(inner, "updateEvent")
    gone = known["kind"].endswith("deleted") or event == "ACCOUNT_OFFBOARDED" or status in _GONE
    level = "out" if gone else "ok" if quality == "GREEN" and event not in _BAD else "warning"
    if known["kind"].endswith(("name_updated", "username_updated")):
        level = "ok" if not text(inner, "rejectionReason") else "warning"
    code = next((word for word in (event, status if gone else "", quality) if word), known["kind"].split(".")[-1])
    return ChannelHealth(**known, level=level, code=code[:60], text=text(inner, "rejectionReason")[:300])


_GONE = {"BANNED", "DISCONNECTED", "DELETED", "RESTRICTED", "RATE_LIMITED"}
_BAD = {"FLAGGED", "DOWNGRADE"}


def _account(known, raw):
    inner = part(raw, "whatsappBusinessAccount")
    known = known | {"account": text(inner, "id")[:60]}
    event, ban, review = text(inner, "updateEvent"), text(inner, "banState"), text(inner, "accountReviewStatus")
    gone = known["kind"].endswith("deleted") or ban == "DISABLE" or event in _ACCOUNT_GONE
    fine = ban == "REINSTATE" or event in _PRICE_NEWS or known["kind"].endswith("reviewed") and review in (
        "APPROVED", "")
    code = next((word for word in (ban, event, review) if word), known["kind"].split(".")[-1])
    return ChannelHealth(
        **known, level="out" if gone else "ok" if fine else "warning", code=code[:60],
        text=(text(inner, "violationType") or text(inner, "removedReason"))[:300])


_ACCOUNT_GONE = {"PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED"}
_PRICE_NEWS = {"AUTH_INTL_PRICE_ELIGIBILITY_UPDATE", "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE"}


def _preference(known, raw):
    inner = part(raw, "whatsappUserPreference")
    who, value = phone(inner, "contactPhoneNumber"), text(inner, "value")
    user_id = text(inner, "contactUserId") or text(inner, "userId")
    if not (who or user_id) or value not in ("stop", "resume"):
        return Unknown(**known, alarming=True)
    return Preference(
        **known, line=phone(inner, "businessPhoneNumber"), account=text(inner, "wabaId")[:60], phone=who,
        user_id=user_id[:140], name=text(inner, "contactName")[:120], sent_at=moment(inner, "timestamp"),
        stop=value == "stop")


def _unsubscribed(known, raw):
    stop = known["kind"].endswith("created")
    inner = part(raw, "contactUnsubscribeCreated" if stop else "contactUnsubscribeDeleted")
    who = phone(inner, "phoneNumber")
    if not who:
        return Unknown(**known, alarming=True)
    return Preference(**known, phone=who, sent_at=instant(inner, "updateTime"), stop=stop)


_OTHERS = {
    "whatsapp.template.": _template, "whatsapp.phone_number.": _number, "whatsapp.business_account.": _account,
    "whatsapp.user.preferences": _preference, "contact.unsubscribe.": _unsubscribed,
}
