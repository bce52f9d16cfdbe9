"""Short links to one file for one person of one clinic: signed, good for a while, and only with their session."""
from django.conf import settings
from django.core import signing

from clinics import tenancy

SALT = "messaging.media"


def link(file, actor) -> str:
    """Where the bytes are for this person now. Whoever calls has asked whether they may see it."""
    said = [tenancy.current_tenant(), file.pk, actor.user_id]
    return f"/inbox/media/{file.pk}/{signing.dumps(said, salt=SALT)}"


def holds(token, *, pk, actor) -> bool:
    """Whether a link's token is ours, still good, and of this file, person and clinic."""
    try:
        said = signing.loads(token, salt=SALT, max_age=settings.MEDIA_LINK_SECONDS)
    except signing.BadSignature:
        return False
    return said == [tenancy.current_tenant(), pk, actor.user_id]
