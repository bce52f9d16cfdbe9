import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinics.tenancy
from clinics.tenancy import RunBlock


def link(to):
    return {"blank": True, "db_constraint": False, "db_index": False, "null": True,
            "on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": to}


def other(to):
    return link(to) | {"blank": False, "null": False}


def person():
    return models.ForeignKey(
        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
        to=settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_media")]

    operations = [
        RunBlock("0005_outbox", state=[
            migrations.AddField(
                model_name="channel", name="held_code",
                field=models.CharField(blank=True, db_default="", editable=False, max_length=60)),
            migrations.AddField(
                model_name="channel", name="held_until",
                field=models.DateTimeField(blank=True, editable=False, null=True)),
            migrations.AddField(
                model_name="channel", name="templates_held_until",
                field=models.DateTimeField(blank=True, editable=False, null=True)),
            migrations.AddField(
                model_name="chatmessage", name="came_by",
                field=clinics.tenancy.TenantForeignKey(**link("messaging.conversation"))),
            migrations.AddField(
                model_name="chatmessage", name="pricing",
                field=models.JSONField(blank=True, db_default={}, default=dict)),
            migrations.AddField(
                model_name="chatmessage", name="scheduled_at", field=models.DateTimeField(blank=True, null=True)),
            migrations.AlterField(
                model_name="chatmessage", name="status",
                field=models.CharField(max_length=20, choices=[
                    ("received", "Recibido"), ("queued", "En cola"), ("sent", "Enviado"), ("delivered", "Entregado"),
                    ("read", "Leído"), ("failed", "No salió"), ("cancelled", "Cancelado")])),
            migrations.AddField(
                model_name="chatmessage", name="send_before", field=models.DateTimeField(blank=True, null=True)),
            migrations.AddField(
                model_name="chatmessage", name="template",
                field=models.JSONField(blank=True, db_default={}, default=dict)),
            migrations.AddField(
                model_name="conversation", name="marketing_opt_out_at",
                field=models.DateTimeField(blank=True, null=True)),
            migrations.AddField(
                model_name="conversation", name="merged_into",
                field=clinics.tenancy.TenantForeignKey(**link("messaging.conversation"))),
            migrations.CreateModel(
                name="Merge",
                fields=[
                    ("id", models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("at", models.DateTimeField()),
                    ("moved", models.JSONField(blank=True, default=dict)),
                    ("before", models.JSONField(blank=True, default=dict)),
                    ("undone_at", models.DateTimeField(blank=True, null=True)),
                    ("by_user", person()),
                    ("gone", clinics.tenancy.TenantForeignKey(**other("messaging.conversation"))),
                    ("keep", clinics.tenancy.TenantForeignKey(**other("messaging.conversation"))),
                    ("tenant", models.ForeignKey(
                        db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="clinics.tenant")),
                    ("undone_by_user", person()),
                ],
                options={
                    "verbose_name": "unión de conversaciones", "verbose_name_plural": "uniones de conversaciones",
                    "db_table": "merges", "abstract": False, "base_manager_name": "objects",
                    "constraints": [models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("tenant", "gone"), name="merges_gone_key")],
                },
            ),
        ]),
    ]
