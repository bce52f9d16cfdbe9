"""A file is asked for by its own address, which leads whoever may see it to a short signed link; and what staff
attach comes in."""
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from clinics import access
from clinics.access import page
from clinics.audit import audit_access
from clinics.idempotency import key_of
from clinics.patients.models import Patient
from dentalogic.lib.refusals import Refusal
from messaging.media import filing, links, outgoing, seeing, serving
from messaging.models import ChatMessage, Conversation, MediaFile
from messaging.views import opened

A_PAGE, BESIDE = 60, 5


def _file(request, pk):
    return get_object_or_404(seeing.seen(request.actor), pk=pk, state=MediaFile.State.STORED)


@audit_access("conversations.see")
@page("conversations.see")
@require_GET
def show(request, pk):
    return redirect(links.link(_file(request, pk), request.actor))


@page("conversations.see")
@require_GET
def body(request, pk, token):
    if not links.holds(token, pk=pk, actor=request.actor):
        raise Http404
    return serving.answer(request, _file(request, pk))


@audit_access("files.see")
@page("files.see")
@require_GET
def of_patient(request, pk):
    """What is filed to a patient: photos, recordings with what they say, documents; `?beside` the last, beside their
    conversation."""
    patient = get_object_or_404(access.visible(request.actor, "patients.see", Patient.objects.all()), pk=pk)
    rows = seeing.of_patient(request.actor, patient).select_related("message", "by_user")
    if "beside" in request.GET:
        found = list(rows[:BESIDE + 1])
        return render(request, "messaging/_files_beside.html", {
            "patient": patient, "files": found[:BESIDE], "more": len(found) > BESIDE})
    return render(request, "messaging/_files.html", {"patient": patient, "files": rows[:A_PAGE]})


def _to_file(request, pk):
    """A stored file that this person sees, of a conversation of which they may say whose it is."""
    file = _file(request, pk)
    file.message = get_object_or_404(ChatMessage, pk=file.message_id)
    rows = access.visible(request.actor, filing.CAPABILITY, Conversation.objects.all())
    file.message.conversation = get_object_or_404(rows, pk=file.message.conversation_id)
    return file


@audit_access("conversations.link")
@page("conversations.link")
@require_GET
def whose(request, pk):
    """Among whom one says to whom a file is filed."""
    file = _to_file(request, pk)
    return render(request, "messaging/_file_to.html", {
        "file": file, "people": filing.candidates(file, request.actor)})


@audit_access("conversations.link")
@page("conversations.link")
@require_POST
def file_to(request, pk):
    file, said = _to_file(request, pk), request.POST.get("patient", "")
    patient = next((one for one in filing.candidates(file, request.actor) if str(one.pk) == said), None)
    try:
        if patient is None:
            raise filing.NotOfThem
        filing.give_to(file=file, patient=patient, by=request.actor)
    except Refusal as refusal:
        return JsonResponse(refusal.as_dict(), status=refusal.status)
    return HttpResponse(status=204)


@audit_access("conversations.attend")
@page("conversations.attend")
@require_POST
def attach(request, pk):
    """A form with `file` and perhaps `text`: 204, or the refusal as it is said where it was asked."""
    row = opened(request, pk, "conversations.attend")
    upload = request.FILES.get("file")
    try:
        if getattr(request, "too_large", False):
            raise outgoing.FileTooLarge
        outgoing.send(
            conversation=row, upload=upload, text=request.POST.get("text", ""), key=key_of(request, request.actor),
            by=request.actor)
    except Refusal as refusal:
        return JsonResponse(refusal.as_dict(), status=refusal.status)
    return HttpResponse(status=204)
