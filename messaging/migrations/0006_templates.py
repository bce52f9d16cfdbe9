import django.db.models.deletion
from django.db import migrations, models

from clinics.tenancy import RunBlock, TenantForeignKey

KINDS = [
    ("receptionist", "Recepcionista"),
    ("booked", "Turno dado o cambiado"),
    ("reminder", "Recordatorio"),
    ("before", "Indicaciones previas"),
    ("missed", "Faltó al turno"),
    ("after_visit", "Después de la visita"),
    ("after", "Indicaciones posteriores"),
    ("waitlist", "Lista de espera"),
    ("payment", "Saldo pendiente"),
    ("reactivation", "Volver a controlarse"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0005_waitlist_and_series"),
        ("patients", "0002_coverages"),
        ("messaging", "0005_outbox"),
    ]

    operations = [
        RunBlock(
            "0006_templates",
            state=[
                migrations.AddField(
                    model_name="automation",
                    name="asks_before_cancelling",
                    field=models.BooleanField(db_default=True, default=True),
                ),
                migrations.AddField(
                    model_name="automation",
                    name="cap",
                    field=models.PositiveSmallIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name="automation",
                    name="cap_days",
                    field=models.PositiveSmallIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name="automation",
                    name="distance",
                    field=models.PositiveSmallIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name="automation",
                    name="meanings",
                    field=models.JSONField(blank=True, db_default=[], default=list),
                ),
                migrations.AddField(
                    model_name="automation",
                    name="sends_from",
                    field=models.TimeField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name="automation",
                    name="sends_until",
                    field=models.TimeField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name="automation",
                    name="text",
                    field=models.TextField(blank=True, db_default="", default="", verbose_name="texto"),
                ),
                migrations.AlterField(
                    model_name="automation",
                    name="kind",
                    field=models.CharField(choices=KINDS, max_length=40, verbose_name="qué"),
                ),
                migrations.CreateModel(
                    name="Template",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=512, verbose_name="nombre")),
                        ("language", models.CharField(max_length=20, verbose_name="idioma")),
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("utility", "Servicio"),
                                    ("marketing", "Promoción"),
                                    ("authentication", "Autenticación"),
                                ],
                                max_length=20,
                                verbose_name="categoría",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("approved", "Aprobada"),
                                    ("pending", "En revisión"),
                                    ("in_appeal", "Apelada"),
                                    ("rejected", "Rechazada"),
                                    ("paused", "En pausa"),
                                    ("disabled", "Desactivada"),
                                    ("archived", "Archivada"),
                                    ("deleted", "Borrada"),
                                ],
                                max_length=20,
                                verbose_name="estado",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="motivo")),
                        ("components", models.JSONField(blank=True, default=list, verbose_name="partes")),
                        ("quality", models.CharField(blank=True, max_length=20, verbose_name="calidad")),
                        ("synced_at", models.DateTimeField(verbose_name="actualizada")),
                        (
                            "channel",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="messaging.channel",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "plantilla",
                        "verbose_name_plural": "plantillas",
                        "db_table": "templates",
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.AddField(
                    model_name="automation",
                    name="template",
                    field=TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.template",
                    ),
                ),
                migrations.CreateModel(
                    name="AutomationLook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(choices=KINDS, max_length=40)),
                        ("on_day", models.DateField()),
                        ("looks", models.PositiveIntegerField(default=0)),
                        ("found", models.PositiveIntegerField(default=0)),
                        ("looked_at", models.DateTimeField()),
                        ("error", models.CharField(blank=True, max_length=80)),
                        ("alerted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "automation_looks",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("tenant", "kind", "on_day"), name="automation_looks_day_key"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AutomationRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(choices=KINDS, max_length=40)),
                        ("key", models.CharField(max_length=100)),
                        (
                            "state",
                            models.CharField(
                                choices=[("due", "Por enviar"), ("sent", "Enviado"), ("unsent", "No se envió")],
                                default="due",
                                max_length=10,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=40)),
                        ("created_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("visit_at", models.DateTimeField(blank=True, null=True)),
                        ("subject_id", models.BigIntegerField(blank=True, null=True)),
                        (
                            "appointment",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="agenda.appointment",
                            ),
                        ),
                        (
                            "conversation",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="messaging.conversation",
                            ),
                        ),
                        (
                            "message",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="messaging.chatmessage",
                            ),
                        ),
                        (
                            "patient",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "envío automático",
                        "verbose_name_plural": "envíos automáticos",
                        "db_table": "automation_runs",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("tenant", "kind", "key"), name="automation_runs_key_key"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sent"), _negated=True),
                                    ("message__isnull", False),
                                    _connector="OR",
                                ),
                                name="automation_runs_sent_has_message",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "unsent"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="automation_runs_unsent_has_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tap",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("confirm", "Confirmar"),
                                    ("move", "Reprogramar"),
                                    ("cancel", "Cancelar"),
                                    ("cancel_yes", "Sí, cancelar"),
                                    ("cancel_no", "No, lo mantengo"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("code", models.CharField(max_length=40)),
                        ("visit_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("tapped_at", models.DateTimeField(blank=True, null=True)),
                        ("acted_at", models.DateTimeField(blank=True, null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "appointment",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="agenda.appointment",
                            ),
                        ),
                        (
                            "conversation",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="messaging.conversation",
                            ),
                        ),
                        (
                            "message",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="messaging.chatmessage",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "taps",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [models.UniqueConstraint(fields=("tenant", "code"), name="taps_code_key")],
                    },
                ),
                migrations.AddField(
                    model_name="channel",
                    name="templates_synced_at",
                    field=models.DateTimeField(blank=True, editable=False, null=True),
                ),
                migrations.AddField(
                    model_name="channel",
                    name="templates_fault",
                    field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=60),
                ),
                migrations.AddConstraint(
                    model_name="template",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "channel", "name", "language"), name="templates_name_key"
                    ),
                ),
            ],
        ),
    ]
