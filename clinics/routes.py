"""Unguessable public addresses: which clinic and row they lead to, asked before a tenant is known."""
import hashlib

from clinics.models import PublicRoute
from clinics.tenancy import current_tenant


def digest(kind: str, address: str) -> str:
    return hashlib.sha256(f"{kind}:{address}".encode()).hexdigest()


def add(*, kind: str, address, row_id: int) -> PublicRoute:
    """Lead `address` to a row of the tenant in scope."""
    return PublicRoute.objects.create(
        digest=digest(kind, str(address)), kind=kind, tenant_id=current_tenant(), row_id=row_id)


def find(kind: str, address) -> tuple[int, int] | None:
    """`(tenant_id, row_id)`, or None for an address that leads nowhere."""
    return (
        PublicRoute.objects.filter(digest=digest(kind, str(address)), kind=kind)
        .values_list("tenant_id", "row_id").first())


def end(*, kind: str, row_id: int) -> int:
    """The addresses of this kind that led to a row of the tenant in scope lead nowhere; how many those were."""
    return PublicRoute.objects.filter(kind=kind, tenant_id=current_tenant(), row_id=row_id).delete()[0]


def rows(*, kind: str) -> set[int]:
    """The rows of the tenant in scope to which an address of this kind leads."""
    return set(PublicRoute.objects.filter(kind=kind, tenant_id=current_tenant()).values_list("row_id", flat=True))
