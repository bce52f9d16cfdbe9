"""A clinic's secrets: encrypted at rest, bound to clinic and name, read here and nowhere else."""
from functools import cache

from django.conf import settings

from clinics.models import Credential
from clinics.tenancy import current_tenant
from dentalogic.lib import clock
from dentalogic.lib.crypto import Ring


@cache
def ring() -> Ring:
    return Ring(settings.VAULT_KEYS)


def _place(name):
    return f"{current_tenant()}:{name}"


def put(name: str, value: str) -> None:
    token = ring().seal(value, belongs_to=_place(name))
    changes = {"ciphertext": token, "key_id": ring().newest, "updated_at": clock.now()}
    if not Credential.objects.filter(name=name).update(**changes):
        Credential.objects.create(name=name, **changes)


def get(name: str) -> str | None:
    """The secret in clear, or None when the clinic has none by that name. Raises CannotOpen for a token that was
    moved or changed."""
    token = Credential.objects.filter(name=name).values_list("ciphertext", flat=True).first()
    return None if token is None else ring().open(token, belongs_to=_place(name))
