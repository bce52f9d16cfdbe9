import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinics.tenancy import RunBlock, TenantForeignKey


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_providers")]

    operations = [
        RunBlock("0004_media", state=[
            migrations.CreateModel(
                name="MediaFile",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("tenant", models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clinics.tenant")),
                    ("message", TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="messaging.chatmessage")),
                    ("patient", TenantForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient")),
                    ("kind", models.CharField(choices=[("image", "Foto"), ("audio", "Audio"), ("video", "Video"), ("document", "Documento")], max_length=20)),
                    ("state", models.CharField(choices=[("waiting", "Bajando"), ("stored", "Guardado"), ("failed", "No se pudo bajar"), ("refused", "No se acepta")], default="waiting", max_length=20)),
                    ("error", models.CharField(blank=True, max_length=60)),
                    ("name", models.CharField(max_length=120)),
                    ("filename", models.CharField(blank=True, max_length=120)),
                    ("mime", models.CharField(blank=True, max_length=100)),
                    ("size", models.PositiveBigIntegerField(default=0)),
                    ("sha256", models.CharField(blank=True, max_length=64)),
                    ("seconds", models.PositiveIntegerField(blank=True, null=True)),
                    ("transcript", models.TextField(blank=True)),
                    ("transcript_state", models.CharField(blank=True, choices=[("", "Sin voz"), ("waiting", "Escuchando"), ("done", "Transcripto"), ("failed", "No se pudo escuchar")], default="", max_length=20)),
                    ("transcript_error", models.CharField(blank=True, max_length=60)),
                    ("attempts", models.PositiveSmallIntegerField(default=0)),
                    ("next_try_at", models.DateTimeField(blank=True, null=True)),
                    ("busy_since", models.DateTimeField(blank=True, null=True)),
                    ("created_at", models.DateTimeField()),
                    ("stored_at", models.DateTimeField(blank=True, null=True)),
                    ("by_user", models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    "verbose_name": "archivo",
                    "verbose_name_plural": "archivos",
                    "db_table": "media_files",
                    "abstract": False,
                    "base_manager_name": "objects",
                    "constraints": [models.UniqueConstraint(condition=models.Q(("message__isnull", False)), fields=("tenant", "message"), name="media_files_message_key"), models.UniqueConstraint(fields=("tenant", "name"), name="media_files_name_key")],
                },
            ),
        ]),
    ]
