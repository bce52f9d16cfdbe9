"""Ajustes > Automatizaciones: each rule with its switch, how it works, what it sent and why it did not."""
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from clinics import tenancy
from clinics.access import page
from clinics.audit import audit_access
from dentalogic.lib import clock
from dentalogic.lib.numerals import whole
from dentalogic.lib.refusals import Refusal
from messaging import automations, template_shape
from messaging.automation_forms import Filters, RuleForm, TryForm
from messaging.automations import kinds, looks, rules, trying
from messaging.models import Automation, AutomationRun, ChatMessage

A_PAGE = 50


@audit_access("automations.manage")
@page("automations.manage")
def listed(request):
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in Automation.Kind.values:
            raise Http404
        automations.switch(kind=kind, enabled=request.POST.get("enabled") == "on", by=request.actor)
        return redirect("/settings/automations/?saved")
    now = clock.now()
    told = looks.summaries(now)
    return render(request, "messaging/settings_automations.html", {
        "receptionist": automations.is_on(automations.RECEPTIONIST), "clinic": tenancy.here(),
        "rules": [_summary(one, told.get(one.kind), now) for one in rules.everyone()]})


def _summary(known, told, now):
    look = told and told["look"]
    watched = known.enabled and known.row.changed_at < now - looks.STUCK and known.kind not in kinds.ONCE_A_DAY
    return {
        "known": known, "told": told, "look": look, "missing": known.why_not_template() if known.enabled else "",
        "silent": bool(look and look.alerted_at and now - look.alerted_at < looks.SILENT),
        "stuck": bool(watched and (look is None or now - look.looked_at > looks.STUCK))}


def _known(kind):
    if kind not in kinds.RULES:
        raise Http404
    return rules.of(kind)


@audit_access("automations.manage")
@page("automations.manage")
def rule(request, kind):
    known = _known(kind)
    form = RuleForm(request.POST if request.method == "POST" else None, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            rules.change(kind=kind, by=request.actor, **form.how())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/settings/automations/{kind}/?saved")
    return _shown(request, known, form)


@audit_access("automations.manage")
@page("automations.manage")
@require_GET
def variables(request, kind):
    """What the chosen template asks for, as the form is filled."""
    known = _known(kind)
    asked = request.GET if request.GET.get("before") == request.GET.get("template") else {
        "template": request.GET.get("template", "")}
    return render(request, "messaging/_automation_variables.html", {
        "known": known, **_of_template(RuleForm(known=known, asked=asked))})


@audit_access("automations.manage")
@page("automations.manage")
@require_POST
def attempt(request, kind):
    known, form = _known(kind), TryForm(request.POST)
    if form.is_valid():
        try:
            said = trying.send(kind=kind, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/settings/automations/{kind}/?tried={said.pk}#prueba")
    return _shown(request, known, RuleForm(known=known), try_form=form)


@audit_access("automations.manage")
@page("automations.manage")
@require_GET
def log(request):
    filters = Filters(request.GET)
    rows = filters.rows() if filters.is_valid() else AutomationRun.objects.none()
    asked = QueryDict(mutable=True)
    asked.update({name: value for name, value in request.GET.items() if name in filters.fields and value})
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "messaging/settings_automation_log.html", {
        "filters": filters, "span": [filters["from"], filters["to"]], "asked": asked, "rows": shown,
        "lines": [{"run": one, "reason": kinds.REASONS.get(one.reason, one.reason)} for one in shown],
    }, status=200 if filters.is_valid() else 422)


def _shown(request, known, form, *, try_form=None):
    message = ChatMessage.objects.outbound().filter(pk=whole(request.GET.get("tried"))).first()
    now = clock.now()
    wrong = bool(form.errors or (try_form and try_form.errors))
    return render(request, "messaging/settings_automation.html", {
        "known": known, "rule": known.rule, "form": form, "try_form": try_form or TryForm(), "tried": message,
        "words": [(kinds.MEANINGS[code][0], kinds.MEANINGS[code][1]) for code in known.rule.meanings],
        "own_text": rules.fill(known.text, trying.examples()), "summary": _summary(
            known, looks.summaries(now).get(known.kind), now),
        "proposal": proposal(known.rule), **_of_template(form)}, status=422 if wrong else 200)


def _of_template(form):
    values = trying.examples()
    said = [values.get(one, "") for one in form.meanings()]
    return {
        "form": form, "template": form.chosen, "fields": form.variables,
        "preview": template_shape.render(form.shape, said) if form.shape else "",
        "buttons": [one.text for one in form.shape.buttons] if form.shape else []}


def proposal(rule) -> dict:
    """What to send to WhatsApp for approval, word for word, with an example of each variable."""
    values = trying.examples()
    return {
        "kind": rule.kind, "title": Automation.Kind(rule.kind).label, "name": rule.name, "text": rule.template,
        "category": rule.category, "replies": [str(one) for one in rule.replies],
        "examples": [(number, values[code]) for number, code in enumerate(rule.fills, start=1)]}
