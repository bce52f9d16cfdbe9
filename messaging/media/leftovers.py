"""Bytes that nobody will ask for: their row's transaction failed after they were kept, or a worker died before it
removed them. A row comes before its bytes or with them and no transaction lasts a day: none comes to what is older."""
import logging
from datetime import timedelta

from django.core.files.storage import default_storage

from clinics import tenancy
from dentalogic.lib import clock
from messaging.media import storing
from messaging.models import MediaFile

log = logging.getLogger(__name__)
AGE = timedelta(days=1)


def sweep() -> int:
    """Remove them from the clinic's folder; how many there were. Run in no transaction."""
    until, gone, top = clock.outside() - AGE, 0, storing.folder()
    for part in _listed(top, folders=True):
        names = [f"{top}/{part}/{name}" for name in _listed(f"{top}/{part}")]
        gone += sum(_forgotten(name, until) for name in _unnamed(names))
    log.info("files that no row names: %d removed", gone)
    return gone


def _listed(path, *, folders=False):
    """What is in a folder of the storage; nothing where it is not there, or does not answer now."""
    try:
        found = default_storage.listdir(path)
    except FileNotFoundError:
        return []
    except OSError as fault:
        log.warning("%s cannot be listed: %s", path, type(fault).__name__)
        return []
    return found[0] if folders else found[1]


@tenancy.atomic
def _unnamed(names):
    """Asked after they were listed: a row that came in between is seen."""
    state = MediaFile.State
    rows = MediaFile.objects.filter(name__in=names, state__in=[state.WAITING, state.STORED])
    known = set(rows.values_list("name", flat=True))
    return [name for name in names if name not in known]


def _forgotten(name, until):
    try:
        if default_storage.get_modified_time(name) >= until:
            return False
        storing.forget(name)
    except OSError as fault:
        log.warning("%s was not removed: %s", name, type(fault).__name__)
        return False
    return True
