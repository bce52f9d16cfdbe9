"""What a person does in the inbox: each load goes through their rights, each act is one verb, each refusal is said
where it was asked."""
from functools import wraps

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from clinics import access, live, tenancy
from clinics.access import page
from clinics.audit import audit_access
from clinics.idempotency import key_of
from clinics.patients.models import Patient
from dentalogic.lib import clock
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal
from messaging import doubts, handoff, hours, inbox, linking, merging, notes, outbox, templates
from messaging.models import ChatMessage, Conversation, Merge, Template
from messaging.views import opened, verb


class NothingChosen(Refusal):
    code = "nothing_chosen"
    detail = gettext_lazy("Elegí uno de la lista.")


def on_message(act):
    """The same on a message that the clinic sends, of a conversation that the person attends."""

    @audit_access("conversations.attend")
    @page("conversations.attend")
    @require_POST
    @wraps(act)
    def view(request, pk):
        message = ChatMessage.objects.outbound().filter(pk=pk).first()
        if message is None:
            raise Http404
        opened(request, message.conversation_id, "conversations.attend")
        try:
            act(request, message)
        except Refusal as refusal:
            return JsonResponse(refusal.as_dict(), status=refusal.status)
        return HttpResponse(status=204)

    return view


def chosen(rows, value):
    """A row by the number that a form says; NothingChosen for one that is not among them."""
    row = rows.filter(pk=whole(value)).first()
    if row is None:
        raise NothingChosen
    return row


@page("conversations.see")
@require_POST
def seen(request, pk):
    one = opened(request, pk)
    inbox.mark_read(conversation=one)
    handoff.looked(conversation=one, by=request.actor)
    return HttpResponse(status=204)


@page("conversations.attend")
@require_POST
def types(request, pk):
    """Colleagues in the same thread see that somebody writes; nothing is kept."""
    one = opened(request, pk, "conversations.attend")
    live.say("STAFF_TYPING", conversation=one.pk, user=request.actor.user_id)
    return HttpResponse(status=204)


@verb
def take(request, one):
    handoff.take(conversation=one, by=request.actor)


@verb
def give_back(request, one):
    handoff.give_back(conversation=one, by=request.actor)


@verb(capability="conversations.assign")
def assign(request, one):
    handoff.assign(conversation=one, user_id=whole(request.POST.get("user")) or 0, by=request.actor)


@verb
def write(request, one):
    """Now, or at an hour in words."""
    when = request.POST.get("when", "").strip()
    outbox.write(
        conversation=one, text=request.POST.get("text", ""), key=key_of(request, request.actor), by=request.actor,
        at=hours.read(when, now=clock.now(), zone=tenancy.here().zone) if when else None)


@verb
def note(request, one):
    notes.write(
        conversation=one, text=request.POST.get("text", ""), key=key_of(request, request.actor), by=request.actor)


@verb
def template(request, one):
    templates.send(
        conversation=one, template=chosen(Template.objects.of(one.channel), request.POST.get("template", "")),
        values=request.POST.getlist("value"), key=key_of(request, request.actor), by=request.actor,
        author=ChatMessage.Author.STAFF)


@on_message
def again(request, message):
    """Send anew a message that failed or is in doubt."""
    outbox.again(message=message, by=request.actor)


@on_message
def arrived(request, message):
    """A message in doubt went out: somebody asked, or saw it."""
    doubts.decide(message=message, by=request.actor, went=True)


@on_message
def cancel(request, message):
    """What waits for its hour will not go."""
    outbox.cancel_scheduled(message=message, by=request.actor)


@verb(capability="conversations.link")
def link(request, one):
    may = access.visible(request.actor, "patients.see", Patient.objects.all())
    linking.link(conversation=one, patient=chosen(may, request.POST.get("patient", "")), by=request.actor)


@verb(capability="conversations.link")
def unlink(request, one):
    linking.unlink(conversation=one, by=request.actor)


@verb(capability="conversations.link")
def merge(request, one):
    may = access.visible(request.actor, "conversations.link", Conversation.objects.all())
    merging.merge(keep=one, gone=chosen(may, request.POST.get("other", "")), by=request.actor)


@audit_access("conversations.link")
@page("conversations.link")
@require_POST
def part(request, pk):
    """A merge that was a mistake, by its own number."""
    row = Merge.objects.filter(pk=pk).select_related("keep", "gone").first()
    if row is None:
        raise Http404
    opened(request, row.keep_id, "conversations.link")
    try:
        merging.undo(merge=row, by=request.actor)
    except Refusal as refusal:
        return JsonResponse(refusal.as_dict(), status=refusal.status)
    return HttpResponse(status=204)
