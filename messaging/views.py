"""The inbox's pages and pieces: load through the person's rights, ask, render. What changes anything is desk.py's."""
from functools import wraps

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from clinics import access, tenancy
from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib import clock
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal
from messaging import canned, choosing, handoff, hours, listing, rights, threads
from messaging.models import CannedReply, Conversation

SHOWS = ("all", "unread", "mine", "new")


def opened(request, pk, capability="conversations.see") -> Conversation:
    rows = Conversation.objects.select_related("patient", "assigned_to", "channel").filter(pk=pk)
    row = access.visible(request.actor, capability, rows).first()
    if row is None or (row.merged_into_id and not rights.reaches(request.actor, capability, row)):
        raise Http404
    return row


def verb(act=None, *, capability="conversations.attend"):
    """A POST on a conversation that the person may so act on: 204, or the refusal as it is said where it was asked."""
    if act is None:
        return lambda act: verb(act, capability=capability)

    @audit_access(capability)
    @page(capability)
    @require_POST
    @wraps(act)
    def view(request, pk):
        try:
            act(request, opened(request, pk, capability))
        except Refusal as refusal:
            return JsonResponse(refusal.as_dict(), status=refusal.status)
        return HttpResponse(status=204)

    return view


def asked(request) -> dict:
    show = request.GET.get("show", "all")
    return {"show": show if show in SHOWS else "all", "text": request.GET.get("q", "").strip()[:80]}


@audit_access("conversations.see")
@page("conversations.see")
@require_GET
def page_of(request, pk=None):
    """The inbox; with a patient in the address, their conversation. One that was merged goes on elsewhere."""
    if (patient := whole(request.GET.get("patient"))) is not None:
        row = listing.visible(request.actor).filter(patient=patient).order_by("-last_message_at").first()
        return redirect(f"/inbox/{row.pk}/" if row else "/inbox/?none=1")
    one = opened(request, pk) if pk is not None else None
    if one and one.merged_into_id:
        return redirect(f"/inbox/{one.merged_into_id}/")
    context = {"place": "messages", "none": "none" in request.GET} | listing.listed(request.actor, **asked(request))
    return render(request, "messaging/inbox.html", context | (threads.thread(one, request.actor) if one else {}))


@audit_access("conversations.see")
@page("conversations.see")
@require_GET
def conversations(request):
    open_pk = whole(request.GET.get("open"))
    return render(request, "messaging/_list.html", listing.listed(request.actor, **asked(request)) | {
        "one": None if open_pk is None else {"pk": open_pk}})


@audit_access("conversations.see")
@page("conversations.see")
@require_GET
def thread(request, pk):
    found = threads.thread(
        opened(request, pk), request.actor, count=whole(request.GET.get("count")) or threads.PAGE)
    return render(request, "messaging/_thread.html", found)


@page("conversations.see")
@require_GET
def notices(request):
    return render(request, "messaging/_notices.html", listing.notices(request.actor))


@page("conversations.assign")
@require_GET
def colleagues(request, pk):
    """To whom it may be passed."""
    one = opened(request, pk, "conversations.assign")
    return render(request, "messaging/_colleagues.html", {
        "one": one, "people": [member for member in handoff.colleagues(one)
                               if member.user_id not in (request.actor.user_id, one.assigned_to_id)]})


@page("conversations.attend")
@require_GET
def replies(request, pk):
    """The canned replies, with what is known of this conversation in place."""
    facts = canned.facts_of(opened(request, pk, "conversations.attend"), clock.now(), by=request.actor)
    return render(request, "messaging/_replies.html", {
        "rows": [(row, *canned.fill(row.text, facts)) for row in CannedReply.objects.order_by("shortcut")],
        "manages": access.can(request.actor, "conversations.replies")})


@page("conversations.attend")
@require_GET
def hour(request, pk):
    """What is understood of the words of an hour, and whether WhatsApp's window will be open then."""
    one, zone = opened(request, pk, "conversations.attend"), tenancy.here().zone
    try:
        at = hours.read(request.GET.get("when", ""), now=clock.now(), zone=zone)
    except Refusal as refusal:
        return render(request, "messaging/_hour.html", {"fault": str(refusal)})
    return render(request, "messaging/_hour.html", {"at": at, "shut": not one.window_open(at), "one": one})


@audit_access("conversations.attend")
@page("conversations.attend")
@require_GET
def templates(request, pk):
    """The approved templates of its number; the chosen one with its values, and as the patient will read it."""
    one = opened(request, pk, "conversations.attend")
    given = request.GET.getlist("value") if "value" in request.GET else None
    return render(request, "messaging/_templates.html", {
        "one": one,
        **choosing.templates(one, request.GET.get("template", ""), given, clock.now(), by=request.actor)})


@audit_access("conversations.link")
@page("conversations.link")
@require_GET
def whose(request, pk):
    """Patients and conversations that these words find, to say whose this one is or to make two one."""
    one = opened(request, pk, "conversations.link")
    text = request.GET.get("q", "").strip()[:80]
    return render(request, "messaging/_whose.html", {"one": one, **choosing.whose(one, request.actor, text)})


@page("conversations.see")
@require_GET
def typing(request, pk, user_pk):
    """The name of who writes in it, for a frame that carries only its number."""
    opened(request, pk)
    name = listing.name_of(user_pk)
    if name is None:
        raise Http404
    return HttpResponse(name, content_type="text/plain")
