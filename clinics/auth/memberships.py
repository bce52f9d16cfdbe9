"""A person's clinics: asked with no tenant in scope, or walked one by one."""
from clinics import tenancy
from clinics.models import Membership


def memberships_of(user) -> list[dict]:
    """Every clinic of a person, asked with no tenant in scope, under the policy that shows a person's own rows."""
    with tenancy.as_user(user.pk) as cursor:
        cursor.execute(
            "SELECT m.tenant_id, t.name, m.role, m.status FROM memberships m JOIN tenants t ON t.id = m.tenant_id"
            " WHERE m.user_id = %s AND m.status <> 'suspended' ORDER BY t.name, m.tenant_id", [user.pk])
        rows = cursor.fetchall()
    return [dict(zip(("tenant_id", "name", "role", "status"), row, strict=True)) for row in rows]


def in_each_clinic(user):
    """Each clinic of a person, in its scope and transaction, with their membership there."""
    for entry in memberships_of(user):
        with tenancy.tenant_context(entry["tenant_id"]), tenancy.atomic():
            yield Membership.objects.get(user_id=user.pk)
