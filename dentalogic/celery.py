"""The queue of background work and its clock.

A task may be lost or run twice and nothing breaks: what matters is a row first, and the sweepers below find what a
lost task left behind. Each floor adds its own sweepers here.
"""
import logging
import os

from celery import Celery, signals
from celery.beat import Scheduler
from celery.schedules import crontab
from kombu import Queue

from dentalogic.processes import give_way, has_read_its_code

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dentalogic.settings")

SCHEDULE = {
    "sweep-turns": {"task": "messaging.tasks.sweep_turns", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-outbox": {"task": "messaging.tasks.sweep_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "forget-leftovers": {"task": "messaging.media.tasks.forget_leftovers", "schedule": crontab(hour="7", minute="20")},
    "sweep-media": {"task": "messaging.media.tasks.sweep_media", "schedule": 10.0, "options": {"expires": 10}},
    "sweep-calendars": {
        "task": "agenda.calendars.tasks.sweep_calendars", "schedule": 10.0, "options": {"expires": 10}},
    "tend-calendars": {
        "task": "agenda.calendars.tasks.tend_calendars", "schedule": 60.0, "options": {"expires": 60}},
    "tend-automations": {
        "task": "messaging.automations.tasks.tend_all", "schedule": 30.0, "options": {"expires": 30}},
    "sweep-taps": {"task": "messaging.automations.tasks.sweep_taps", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-alarms": {"task": "messaging.alarms.sweep_alarms", "schedule": 20.0, "options": {"expires": 20}},
    "sync-templates": {"task": "messaging.automations.tasks.sync_all_templates", "schedule": 3600.0},
    "watch-automations": {"task": "messaging.automations.tasks.watch_all", "schedule": 3600.0},
    "sweep-waitlist": {"task": "agenda.tasks.sweep_waitlist", "schedule": 15.0, "options": {"expires": 15}},
    "read-words": {"task": "messaging.desk_jobs.read_words", "schedule": 20.0, "options": {"expires": 20}},
    "return-idle": {"task": "messaging.desk_jobs.return_idle", "schedule": 60.0, "options": {"expires": 60}},
    "seal-audit": {"task": "clinics.jobs.seal_audit", "schedule": 60.0, "options": {"expires": 60}},
    "ask-unreported": {"task": "messaging.tasks.ask_unreported", "schedule": 300.0, "options": {"expires": 300}},
    "forget-sessions": {"task": "clinics.jobs.forget_sessions", "schedule": 3600.0},
    "look-after-lines": {"task": "messaging.line_jobs.look_after", "schedule": 60.0, "options": {"expires": 60}},
    "forget-payloads": {"task": "messaging.tasks.forget_payloads", "schedule": 3600.0},
}
# Two queues: what somebody waits for right now and is short, and all that may take its time, as a model's turn does.
SLOW, PROMPT = "dentalogic", "prompt"
PARTS = {"worker": SLOW, "sender": PROMPT}  # who takes from which
ROUTES = {name: {"queue": PROMPT} for name in (
    "messaging.tasks.send", "messaging.tasks.ask", "messaging.tasks.sweep_outbox", "messaging.tasks.sweep_turns",
    "messaging.automations.tasks.act")}
NICE = 5
LONGEST_TASK = 300  # seconds after which an unfinished task is given to another worker


def configuration():
    from django.conf import settings

    return {
        "broker_url": settings.REDIS_URL,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # for ever
        "broker_transport_options": {
            "visibility_timeout": LONGEST_TASK, "socket_connect_timeout": 2, "socket_timeout": 5,
            "socket_keepalive": True,
        },
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0},
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_default_queue": SLOW,
        "task_queues": [Queue(SLOW, routing_key=SLOW), Queue(PROMPT, routing_key=PROMPT)],
        "task_routes": ROUTES,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "timezone": "UTC",
        "beat_schedule": SCHEDULE,
        "beat_scheduler": "dentalogic.celery:Clock",
        "beat_max_loop_interval": 2,
    }


app = Celery("dentalogic")
app.add_defaults(configuration)
app.autodiscover_tasks()
app.autodiscover_tasks(["clinics.auth"], related_name="mail")
app.autodiscover_tasks(["clinics"], related_name="jobs")
app.autodiscover_tasks(["messaging"], related_name="line_jobs")
app.autodiscover_tasks(["messaging"], related_name="model_jobs")
app.autodiscover_tasks(["agenda.calendars", "messaging.media"])
app.autodiscover_tasks(["messaging.automations"])
app.autodiscover_tasks(["messaging"], related_name="desk_jobs")
app.autodiscover_tasks(["messaging"], related_name="alarms")


class Clock(Scheduler):
    """The schedule above, kept in memory, so that no stale file can stop it; each turn of it says that it lives."""

    def tick(self, *arguments, **options):
        from dentalogic import health

        pause = super().tick(*arguments, **options)
        health.lives("beat")
        return pause


@signals.heartbeat_sent.connect
def worker_lives(**_):
    """Sent by the worker's own loop while it is connected, however long its tasks take."""
    from dentalogic import health

    for part, queue in PARTS.items():
        if queue in app.amqp.queues.consume_from:
            health.lives(part)


@signals.celeryd_init.connect
def after_the_web(**_):
    """Where they share a processor, whoever waits for an answer over HTTP goes before the work behind it."""
    give_way(NICE)


@signals.worker_ready.connect
def all_is_read(**_):
    has_read_its_code()


@signals.celeryd_init.connect
@signals.beat_init.connect
def quiet_sweepers(**_):
    for name in ("celery.app.trace", "celery.worker.strategy", "celery.beat"):
        logging.getLogger(name).setLevel(logging.WARNING)
