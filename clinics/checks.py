"""What must be true before the product starts."""
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection

from clinics import vault


@register(Tags.security)
def keys_open(app_configs, **kwargs):
    try:
        vault.ring()
    except ValueError as fault:
        return [Error(f"DENTALOGIC_VAULT_KEYS: {fault}", id="clinics.E001")]
    return []


@register(Tags.database)
def role_cannot_bypass(app_configs, databases=None, **kwargs):
    """The application's role must not be able to pass by row level security."""
    if settings.AS_OWNER or not databases:
        return []
    return [Error(fault, id="clinics.E002") for fault in powerful()]


def powerful() -> list[str]:
    """Why the role of this connection could see what is not its clinic's; nothing when it could not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        bypass = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
            " AND pg_has_role(current_user, c.relowner, 'USAGE')")
        owned = cursor.fetchone()[0]
    faults = []
    if bypass:
        faults.append("DATABASE_URL's role is a superuser or has BYPASSRLS: it would see every clinic")
    if owned:
        faults.append(f"DATABASE_URL's role owns {owned} tables: their owner can lift row level security")
    return faults


def refuse_powerful_role() -> None:
    """For the processes' start: asgi, wsgi, worker."""
    faults = powerful()
    connection.close()
    if faults:
        raise RuntimeError("; ".join(faults))
