"""Jobs of the rules: a round for each clinic, its templates, the taps that wait."""
import logging
from contextlib import suppress

from celery import shared_task
from django.core.cache import cache

from clinics import tenancy
from clinics.tasks import TenantTask, each_tenant
from dentalogic.lib.faults import where
from dentalogic.lib.refusals import ProviderError
from messaging import tap_acts, templates
from messaging.automations import cases, looks, sending
from messaging.models import AutomationRun, Channel

log = logging.getLogger(__name__)
ASKED_SECONDS = 25  # a round that waits in a slow queue is not asked for again at each tick


@shared_task(base=TenantTask)
def tend():
    looks.tend()


@shared_task(base=TenantTask)
def decide(*, run_id):
    sending.decide(run_id)


@shared_task(base=TenantTask)
def act(*, tap_id):
    tap_acts.act(tap_id)


@shared_task(base=TenantTask)
def sync_templates(*, channel_id):
    with tenancy.atomic():
        channel = Channel.objects.filter(pk=channel_id, active=True).first()
    if channel is not None:
        with suppress(ProviderError):  # as they were; the page says so
            templates.sync(channel=channel)


@shared_task
def tend_all():
    for _tenant in each_tenant():
        with tenancy.atomic():
            wanted = cases.anything_on() or AutomationRun.objects.filter(state="due").exists()
            for channel in Channel.objects.filter(active=True, templates_synced_at=None):  # just connected
                templates.ask_again(channel)
        if wanted and _first(tenancy.key("tend")):
            tend.later()


@shared_task
def sweep_taps():
    for _tenant in each_tenant():
        for tap_id in tap_acts.overdue():
            act.later(tap_id=tap_id)


@shared_task
def sync_all_templates():
    for _tenant in each_tenant():
        with tenancy.atomic():
            ids = list(Channel.objects.filter(active=True).values_list("pk", flat=True))
        for channel_id in ids:
            sync_templates.later(channel_id=channel_id)


@shared_task
def watch_all():
    for tenant_id in each_tenant():
        try:
            looks.watch()
        except Exception as fault:  # noqa: BLE001  (one clinic's fault is not the others')
            log.error("the rules of tenant %s were not watched: %s", tenant_id, where(fault))


def _first(name):
    try:
        return cache.add(name, 1, ASKED_SECONDS)
    except Exception:  # noqa: BLE001  (a second round does nothing twice)
        return True
