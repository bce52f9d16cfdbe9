"""The desk's own clock: what people have left behind goes back to the receptionist; what is new can be searched."""
from celery import shared_task

from clinics.tasks import each_tenant
from dentalogic.lib import clock
from messaging import handoff, words


@shared_task
def return_idle():
    for _tenant in each_tenant():
        now = clock.now()
        for conversation_id in handoff.idle(now=now):
            handoff.give_back_idle(conversation_id=conversation_id, now=now)


@shared_task
def read_words():
    for _tenant in each_tenant():
        for conversation_id in words.unread():
            words.read(conversation_id=conversation_id)
