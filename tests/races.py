"""Several hands at once, each on its own connection."""
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from dentalogic.lib.refusals import Refusal


def at_once(door, verbs):
    """Call each verb in a thread of its own, inside `door()`; a refusal is an answer."""

    def one(verb):
        try:
            with door():
                return verb()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(one, verbs))
