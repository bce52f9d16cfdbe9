"""What must hold of the registry of models itself, before a row is asked for."""
from django.apps import apps
from django.db import models

from clinics.tenancy import TenantForeignKey, TenantModel, TenantOneToOneField, TenantQuerySet

# Tables of no clinic: what each holds, for docs/isolation.md.
GLOBAL = {
    "tenants": "the clinics themselves: name, zone, rules; no patient",
    "users": "people who may log in; what they may do is said in each clinic",
    "public_routes": "which clinic an unguessable public address leads to; only a digest of the address",
    "second_factors": "a person's authenticator, sealed; asked before a clinic is chosen",
    "recovery_codes": "digests of the codes that replace it once",
    "django_content_type": "names of the models",
    "django_admin_log": "never written",
    "auth_permission": "not used",
    "auth_group": "not used",
    "auth_group_permissions": "not used",
}


def faults(known=None) -> list[str]:
    """Of `known` models, or of the whole registry."""
    known = apps.get_models(include_auto_created=True) if known is None else known
    return [fault for check in (unwalled, unscoped, joined_without_a_model, links_without_the_tenant, files)
            for fault in check(known)]


def unwalled(known):
    """Neither of a clinic, nor on the list of those of none."""
    return [
        f"{model._meta.label}: neither a TenantModel nor on the list of tables that belong to no clinic"
        for model in known if not issubclass(model, TenantModel) and model._meta.db_table not in GLOBAL]


def unscoped(known):
    """A manager that does not name the tenant."""
    return [
        f"{model._meta.label}.{manager.name}: a manager that does not name the clinic"
        for model in known if issubclass(model, TenantModel)
        for manager in {model._default_manager, model._base_manager, *model._meta.managers}
        if not issubclass(getattr(manager, "_queryset_class", models.QuerySet), TenantQuerySet)]


def joined_without_a_model(known):
    return [
        f"{model._meta.label}.{field.name}: a many-to-many link is a model of its own, with its clinic"
        for model in known for field in model._meta.local_many_to_many
        if issubclass(model, TenantModel) or issubclass(field.related_model, TenantModel)
        if not issubclass(field.remote_field.through, TenantModel)]


def links_without_the_tenant(known):
    return [
        f"{model._meta.label}.{field.name}: a TenantForeignKey names both clinics in a join, this does not"
        for model in known if issubclass(model, TenantModel) for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel)
        and not isinstance(field, TenantForeignKey | TenantOneToOneField)]


def files(known):
    """A file's place begins with its clinic: `upload_to` is a function that says so."""
    found = []
    for model in known:
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                place = field.upload_to(model(tenant_id=7), "x.png") if callable(field.upload_to) else field.upload_to
                if not str(place).startswith("t7/"):
                    found.append(f"{model._meta.label}.{field.name}: the place of a file begins with its clinic")
    return found
