"""Two conversations of one person made one, and taken apart again when it was a mistake.

What hangs on the one moves to the other; its row and its identity stay, and whoever writes by it writes there.

Undone, each has again what it had, and what its own person wrote since. What stays with the one that stayed: what was
said to them since, who attends it, that somebody waits there, a second open lead. What stays with both: what was
answered, a "no" to promotions. Files that were filed since, by following the thread's patient, are filed anew.
"""
from datetime import datetime

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics import audit, live, modules, tenancy
from clinics.access import SYSTEM
from clinics.clinic import admit
from dentalogic.lib import clock
from dentalogic.lib.refusals import Refusal
from messaging import handoff, words
from messaging.media import filing
from messaging.models import ChatMessage, Conversation, ConversationWord, MediaFile, Merge
from messaging.models.conversation import PRESSING
from messaging.models.message import ANSWERED_KINDS
from messaging.preview import preview

CAPABILITY = "conversations.link"
KEPT = (  # of the one that stays: what undoing puts back
    "patient_id", "address", "marketing_opt_out_at", "triage_level", "triage_reasons")
GONE = ("patient_id", "waiting_since")
HIDDEN = {
    "patient": None, "unread": 0, "waiting_since": None, "last_message_at": None, "last_inbound_at": None,
    "quiet_at": None, "burst_started_at": None, "claim": None, "claimed_at": None}


class CannotMerge(Refusal):
    code = "cannot_merge"
    status = 409
    detail = _("Esas dos conversaciones no se pueden unir.")


class CannotUndo(Refusal):
    code = "cannot_undo"
    status = 409
    detail = _("Esta unión ya no se puede deshacer.")


@tenancy.atomic
def merge(*, keep, gone, by) -> Merge:
    """Everything of `gone` is of `keep` from now on; by the system, when WhatsApp says that both are one person.
    Raises CannotMerge."""
    if by != SYSTEM:
        admit(by, CAPABILITY)
    keep, gone = _both(keep, gone)
    _refuse(keep, gone)
    now = clock.now()
    before = {"keep": _stored(keep, KEPT), "gone": _stored(gone, GONE), "filed": _filed(keep, gone)}
    _join(keep, gone, now)
    moved = _move_all(gone, keep)
    Conversation.objects.filter(pk=gone.pk).update(**HIDDEN, merged_into=keep)
    _freshen(keep)
    _read_anew(keep, gone)
    row = Merge.objects.create(
        keep=keep, gone=gone, by_user_id=by.user_id, at=now, moved=moved, before=before)
    audit.log_security_event("conversations_merged", by=by, conversation=keep.pk, row=gone.pk)
    live.say("CHAT_UPDATED", conversation=keep.pk)
    return row


@tenancy.atomic
def undo(*, merge, by) -> Merge:
    """Both as they were, with what each of them wrote since. Twice is once; raises CannotUndo when a later merge took
    it along."""
    admit(by, CAPABILITY)
    row = Merge.objects.select_for_update().get(pk=merge.pk)
    if row.undone_at:
        return row
    keep, gone = _both(row.keep, row.gone)
    if keep.merged_into_id:
        raise CannotUndo(_("Se unió después con otra: deshacé primero esa unión."))
    unread = set(_unread(keep))
    _move_back(row)
    Conversation.objects.filter(pk=gone.pk).update(merged_into=None, **_parted(keep, gone, row.before))
    if changes := _undone(keep, gone, row.before):
        Conversation.objects.filter(pk=keep.pk).update(**changes)
    for one in (keep, gone):
        _freshen(one)
        Conversation.objects.filter(pk=one.pk).update(unread=len(unread & set(_unread(one, len(unread)))))
    _read_anew(keep, gone)
    _file_anew(keep, gone, row.before)
    now = clock.now()
    Merge.objects.filter(pk=row.pk).update(undone_at=now, undone_by_user=by.user_id)
    row.undone_at, row.undone_by_user_id = now, by.user_id
    audit.log_security_event("conversations_parted", by=by, conversation=keep.pk, row=gone.pk)
    for one in (keep, gone):
        live.say("CHAT_UPDATED", conversation=one.pk)
    return row


def _both(first, second):
    """Locked in the order of their numbers, so that two people at once wait and do not deadlock."""
    rows = Conversation.objects.select_for_update().filter(pk__in=[first.pk, second.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[first.pk], found[second.pk]


def _refuse(keep, gone):
    if keep.pk == gone.pk:
        raise CannotMerge
    if keep.channel_id != gone.channel_id:
        raise CannotMerge(_("Son de dos números distintos de la clínica: cada una sigue por el suyo."))
    if keep.merged_into_id or gone.merged_into_id:
        raise CannotMerge(_("Una de las dos ya está unida a otra conversación."))


def _join(keep, gone, now):
    """Who attends it, who waits, where answers go: of the two, what asks for more. What was answered in either is not
    answered again."""
    newer = max(keep, gone, key=lambda one: one.last_inbound_at.timestamp() if one.last_inbound_at else 0)
    waits = min(filter(None, (keep.waiting_since, gone.waiting_since)), default=None)
    upto = max(keep.answered_upto, gone.answered_upto)
    passed_over = keep.quiet_at and ChatMessage.objects.to_answer(keep).filter(pk__lte=upto).exists()
    if (gone.quiet_at or passed_over) and not waits:
        waits = now  # her turn there was due: whoever makes them one sees to it
    changes = {
        "answered_upto": upto,
        "patient_id": keep.patient_id or gone.patient_id, "address": newer.address, "waiting_since": waits,
        "unread": keep.unread + gone.unread,
        "marketing_opt_out_at": keep.marketing_opt_out_at or gone.marketing_opt_out_at}
    if gone.triage_level in PRESSING and keep.triage_level not in PRESSING:
        changes |= {"triage_level": gone.triage_level, "triage_reasons": gone.triage_reasons}
    Conversation.objects.filter(pk=keep.pk).update(**changes)
    for name, value in changes.items():
        setattr(keep, name, value)
    if gone.with_staff and not keep.with_staff:
        handoff.to_staff(
            conversation=keep, reason=gone.handoff_reason or "merged", now=now, user_id=gone.assigned_to_id,
            answered=not waits)


def _parted(keep, gone, before):
    """The one that was gone, as it was. It waits only if somebody is waited for still, or nobody answered it."""
    back = _read(before["gone"])
    upto = max(gone.answered_upto, keep.answered_upto)
    waits = back["waiting_since"] if keep.waiting_since else None
    if not (waits or gone.with_staff) and _unanswered(gone, max(upto, _last_by_staff(keep))):
        waits = clock.now()  # its turn was due when it went: whoever parted them sees to it
    return back | {
        "answered_upto": upto, "waiting_since": waits,
        "marketing_opt_out_at": gone.marketing_opt_out_at or keep.marketing_opt_out_at}


def _unanswered(conversation, upto):
    return ChatMessage.objects.of(conversation).inbound().filter(
        author=ChatMessage.Author.PATIENT, kind__in=ANSWERED_KINDS, pk__gt=upto).exists()


def _last_by_staff(conversation):
    said = ChatMessage.objects.of(conversation).outbound().filter(author=ChatMessage.Author.STAFF)
    return said.order_by("-pk").values_list("pk", flat=True).first() or 0


def _undone(keep, gone, before):
    """Of what the merge wrote into the one that stays, only what nobody changed since."""
    changes, mine = {}, before["keep"]
    if mine["patient_id"] is None and keep.patient_id == before["gone"]["patient_id"]:
        changes["patient_id"] = None
    if keep.address in (gone.phone, gone.wa_user_id, gone.address):
        changes["address"] = mine["address"]
    if mine["marketing_opt_out_at"] is None and gone.marketing_opt_out_at == keep.marketing_opt_out_at:
        changes["marketing_opt_out_at"] = None
    if mine.get("triage_level", keep.triage_level) != keep.triage_level and (
            keep.triage_level, keep.triage_reasons) == (gone.triage_level, gone.triage_reasons):
        changes |= {name: mine[name] for name in ("triage_level", "triage_reasons")}
    return changes


def _unread(conversation, among=None):
    """The newest of what its person wrote: as many as nobody has read, or the newest `among`."""
    count = conversation.unread if among is None else among
    return ChatMessage.objects.of(conversation).inbound().order_by("-pk").values_list("pk", flat=True)[:count]


# Files and words: what follows from the rest


def _filed(*conversations) -> list[int]:
    """The files of these conversations that are somebody's."""
    rows = MediaFile.objects.filter(message__conversation__in=[one.pk for one in conversations])
    return list(rows.exclude(patient=None).order_by("pk").values_list("pk", flat=True))


def _file_anew(keep, gone, before):
    """What followed the thread's patient while they were one may be another person's: each goes to the patient of its
    own, or waits. What somebody gave to another of the family stays with them."""
    if "filed" in before:  # not of a merge that is older than this rule
        since = set(_filed(keep, gone)) - set(before["filed"])
        followed = {keep.patient_id, before["keep"]["patient_id"], before["gone"]["patient_id"]} - {None}
        MediaFile.objects.filter(pk__in=since, patient__in=followed).update(patient=None)
        filing.file_all()


def _read_anew(*conversations):
    for one in conversations:
        words.forget(conversation_id=one.pk)


# What hangs on a conversation


def _links():
    """Each model that belongs to a conversation, and the link's name."""
    for model in apps.get_models():
        if model in (Conversation, Merge, ConversationWord) or not modules.is_stored(model):
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Conversation and field.name != "came_by":
                yield model, field.name


def _move_all(gone, keep):
    moved = {}
    for model, name in _links():
        rows = model.objects.filter(**{name: gone.pk})
        if keys := _in_the_way(model, name, gone, keep):
            moved[f"{model._meta.label_lower}.key"] = keys
            rows.filter(pk__in=keys).update(key=None)
        if ids := [pk for pk in rows.values_list("pk", flat=True) if _moves(rows.filter(pk=pk), model, name, keep)]:
            moved[f"{model._meta.label_lower}.{name}"] = ids
            rows.filter(pk__in=ids).update(**{name: keep.pk})
    return moved


def _moves(row, model, name, keep):
    """Of a model that a conversation may have one of, a second one stays where it is."""
    ones = [rule for rule in model._meta.constraints if getattr(rule, "fields", ()) == ("tenant", name)]
    return not any(row.filter(rule.condition or Q()).exists() and model.objects.filter(
        rule.condition or Q(), **{name: keep.pk}).exists() for rule in ones)


def _in_the_way(model, name, gone, keep):
    """Rows whose key the other one has too: {id: key}. One key, one row of a conversation."""
    if not any(set(getattr(rule, "fields", ())) == {"tenant", name, "key"} for rule in model._meta.constraints):
        return {}
    of = model.objects.filter(key__isnull=False)
    theirs = of.filter(**{name: keep.pk}).values("key")
    return dict(of.filter(**{name: gone.pk}, key__in=theirs).values_list("pk", "key"))


def _move_back(row):
    """By the numbers that moved; and what came by the other's identity since."""
    for path, ids in row.moved.items():
        label, _dot, name = path.rpartition(".")
        if name != "key":
            apps.get_model(label).objects.filter(pk__in=ids, **{name: row.keep_id}).update(**{name: row.gone_id})
    for path, keys in row.moved.items():
        label, _dot, name = path.rpartition(".")
        for pk, key in keys.items() if name == "key" else ():
            apps.get_model(label).objects.filter(pk=int(pk)).update(key=key)
    came = ChatMessage.objects.filter(conversation=row.keep_id)
    came.filter(came_by__in=_branch(row.gone_id)).update(conversation=row.gone_id)
    ChatMessage.objects.filter(conversation=row.gone_id, came_by=row.gone_id).update(came_by=None)


def _branch(pk):
    """A conversation and those that were merged into it, and into those."""
    found = fresh = {pk}
    while fresh := set(Conversation.objects.filter(merged_into__in=fresh).values_list("pk", flat=True)) - found:
        found = found | fresh
    return found


def _freshen(conversation):
    """What the list and the window show, by the messages that are there."""
    said = ChatMessage.objects.of(conversation)
    last = said.exclude(status=ChatMessage.Status.CANCELLED).order_by("-pk").first()
    heard = said.inbound().order_by("-sent_at").values_list("sent_at", flat=True).first()
    Conversation.objects.filter(pk=conversation.pk).update(
        last_message_at=last and last.created_at, last_message_text=preview(last) if last else "",
        last_inbound_at=heard)


def _stored(row, names):
    found = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}


def _read(stored):
    fields = {field.attname: field for field in Conversation._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in stored.items()}
