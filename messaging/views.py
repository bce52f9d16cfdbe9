"""The inbox's pages and pieces: load through the person's rights, call one verb, render."""
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from clinics import access
from clinics.access import page
from clinics.audit import audit_access
from clinics.idempotency import key_of
from dentalogic.lib.refusals import Refusal
from messaging import handoff, inbox, outbox, threads
from messaging.models import ChatMessage, Conversation

SHOWS = ("all", "unread", "mine", "new")


def opened(request, pk, capability="conversations.see") -> Conversation:
    rows = Conversation.objects.select_related("patient", "assigned_to", "channel").filter(pk=pk)
    row = access.visible(request.actor, capability, rows).first()
    if row is None:
        raise Http404
    return row


def asked(request) -> dict:
    show = request.GET.get("show", "all")
    return {"show": show if show in SHOWS else "all", "text": request.GET.get("q", "").strip()[:80]}


@audit_access("conversations.see")
@page("conversations.see")
@require_GET
def page_of(request, pk=None):
    """The inbox; with a patient in the address, their conversation."""
    if (patient := request.GET.get("patient", "")).isdecimal():
        row = threads.visible(request.actor).filter(patient=int(patient)).order_by("-last_message_at").first()
        return redirect(f"/inbox/{row.pk}/" if row else "/inbox/?none=1")
    context = {"place": "messages", "none": "none" in request.GET} | threads.listed(request.actor, **asked(request))
    if pk is not None:
        context |= threads.thread(opened(request, pk), request.actor)
    return render(request, "messaging/inbox.html", context)


@audit_access("conversations.see")
@page("conversations.see")
@require_GET
def conversations(request):
    open_pk = request.GET.get("open", "")
    return render(request, "messaging/_list.html", threads.listed(request.actor, **asked(request)) | {
        "one": {"pk": int(open_pk)} if open_pk.isdecimal() else None})


@audit_access("conversations.see")
@page("conversations.see")
@require_GET
def thread(request, pk):
    return shown(request, pk)


def shown(request, pk, status=200):
    count = request.GET.get("count", "")
    found = threads.thread(
        opened(request, pk), request.actor, count=int(count) if count.isdecimal() else threads.PAGE)
    return render(request, "messaging/_thread.html", found, status=status)


@page("conversations.see")
@require_GET
def notices(request):
    return render(request, "messaging/_notices.html", threads.notices(request.actor))


@page("conversations.see")
@require_POST
def seen(request, pk):
    inbox.mark_read(conversation=opened(request, pk))
    return HttpResponse(status=204)


def verb(act):
    """A POST on a conversation that the person may attend: 204, or the refusal as it is said where it was asked."""

    @audit_access("conversations.attend")
    @page("conversations.attend")
    @require_POST
    def view(request, pk):
        row = opened(request, pk, "conversations.attend")
        try:
            act(request, row)
        except Refusal as refusal:
            return JsonResponse(refusal.as_dict(), status=refusal.status)
        return HttpResponse(status=204)

    return view


@verb
def take(request, row):
    handoff.take(conversation=row, by=request.actor)


@verb
def give_back(request, row):
    handoff.give_back(conversation=row, by=request.actor)


@verb
def write(request, row):
    outbox.write(
        conversation=row, text=request.POST.get("text", ""), key=key_of(request, request.actor), by=request.actor)


@audit_access("conversations.attend")
@page("conversations.attend")
@require_POST
def again(request, pk):
    """Send anew a message that failed."""
    message = ChatMessage.objects.outbound().filter(pk=pk).first()
    if message is None:
        raise Http404
    opened(request, message.conversation_id, "conversations.attend")
    try:
        outbox.again(message=message, by=request.actor)
    except Refusal as refusal:
        return JsonResponse(refusal.as_dict(), status=refusal.status)
    return HttpResponse(status=204)
