"""The two clinics of the matrix, made once a module."""
import pytest

from clinics.models import Tenant
from tests.architecture.isolation import rows


@pytest.fixture(scope="module")
def world(lasting):
    with lasting():
        cast = rows.build()
        cast["here"], cast["there"] = (Tenant.objects.get(slug=slug) for slug in ("arrayan", "bosque"))
    return cast
