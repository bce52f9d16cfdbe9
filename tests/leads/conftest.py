import pytest

from tests.leads.factories import SellerFactory


@pytest.fixture
def sellers(people, arrayan, within):
    """The clinic's setter and closer, as sellers."""
    with within(arrayan):
        return {role: SellerFactory(membership=people[role]) for role in ("setter", "closer")}
