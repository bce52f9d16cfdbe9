"""The two clinics of the matrix, made once a module: each test looks at them and takes back what it did."""
import pytest

from clinics.models import Tenant
from tests.architecture.isolation import rows
from tests.conftest import truncate_as_owner


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        cast = rows.build()
        cast["here"], cast["there"] = (Tenant.objects.get(slug=slug) for slug in ("arrayan", "bosque"))
    yield cast
    with django_db_blocker.unblock():
        truncate_as_owner(None)
