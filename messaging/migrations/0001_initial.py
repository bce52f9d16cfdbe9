import uuid

from django.conf import settings
from django.db import migrations, models

from clinics.tenancy import RunBlock, TenantForeignKey


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0001_initial"),
        ("patients", "0001_initial"),
        ("agenda", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RunBlock(
            "0001_initial",
            state=[
                migrations.CreateModel(
                    name="Channel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "provider",
                            models.CharField(
                                choices=[("ycloud", "YCloud")],
                                default="ycloud",
                                max_length=20,
                                verbose_name="proveedor",
                            ),
                        ),
                        ("number", models.CharField(max_length=20, verbose_name="número")),
                        ("name", models.CharField(max_length=80, verbose_name="nombre")),
                        ("active", models.BooleanField(default=True, verbose_name="activo")),
                        ("sandbox", models.BooleanField(default=False, verbose_name="de prueba")),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "canal",
                        "verbose_name_plural": "canales",
                        "db_table": "channels",
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="Conversation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=20)),
                        ("wa_user_id", models.CharField(blank=True, max_length=140)),
                        ("address", models.CharField(blank=True, max_length=140)),
                        ("profile_name", models.CharField(blank=True, max_length=120)),
                        ("facts", models.JSONField(blank=True, default=dict)),
                        ("stage", models.CharField(blank=True, max_length=40)),
                        (
                            "attended_by",
                            models.CharField(
                                choices=[("receptionist", "Recepcionista"), ("staff", "Equipo")],
                                default="receptionist",
                                max_length=20,
                            ),
                        ),
                        ("handoff_reason", models.CharField(blank=True, max_length=60)),
                        ("handoff_at", models.DateTimeField(blank=True, null=True)),
                        ("triage_level", models.CharField(blank=True, max_length=20)),
                        ("triage_reasons", models.JSONField(blank=True, default=list)),
                        ("last_message_at", models.DateTimeField(blank=True, null=True)),
                        ("last_message_text", models.CharField(blank=True, max_length=200)),
                        ("last_inbound_at", models.DateTimeField(blank=True, null=True)),
                        ("unread", models.PositiveIntegerField(default=0)),
                        ("waiting_since", models.DateTimeField(blank=True, null=True)),
                        ("quiet_at", models.DateTimeField(blank=True, null=True)),
                        ("burst_started_at", models.DateTimeField(blank=True, null=True)),
                        ("claimed_at", models.DateTimeField(blank=True, null=True)),
                        ("claim", models.UUIDField(blank=True, null=True)),
                        ("faults", models.PositiveSmallIntegerField(default=0)),
                        ("failed_attempts", models.PositiveSmallIntegerField(default=0)),
                        ("answered_upto", models.BigIntegerField(default=0)),
                        (
                            "assigned_to",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "channel",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="messaging.channel",
                            ),
                        ),
                        (
                            "patient",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "conversación",
                        "verbose_name_plural": "conversaciones",
                        "db_table": "conversations",
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="ChatMessage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("direction", models.CharField(choices=[("in", "Entra"), ("out", "Sale")], max_length=3)),
                        (
                            "author",
                            models.CharField(
                                choices=[
                                    ("patient", "Paciente"),
                                    ("receptionist", "Recepcionista"),
                                    ("staff", "Equipo"),
                                    ("template", "Plantilla"),
                                    ("system", "Sistema"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("kind", models.CharField(default="text", max_length=20)),
                        ("text", models.TextField(blank=True)),
                        ("media", models.JSONField(blank=True, default=dict)),
                        ("buttons", models.JSONField(blank=True, default=list)),
                        ("provider_id", models.CharField(blank=True, max_length=200)),
                        ("provider_ref", models.CharField(blank=True, max_length=200)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("received", "Recibido"),
                                    ("queued", "En cola"),
                                    ("sent", "Enviado"),
                                    ("delivered", "Entregado"),
                                    ("read", "Leído"),
                                    ("failed", "No salió"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("error_code", models.CharField(blank=True, max_length=60)),
                        ("error_text", models.CharField(blank=True, max_length=300)),
                        ("key", models.CharField(blank=True, max_length=100, null=True)),
                        ("created_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("next_try_at", models.DateTimeField(blank=True, null=True)),
                        ("posting_since", models.DateTimeField(blank=True, null=True)),
                        (
                            "author_user",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                        (
                            "conversation",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=models.PROTECT,
                                related_name="messages",
                                to="messaging.conversation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "mensaje",
                        "verbose_name_plural": "mensajes",
                        "db_table": "chat_messages",
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="InboundMessage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("provider_id", models.CharField(max_length=200)),
                        ("event_id", models.CharField(blank=True, max_length=200)),
                        ("kind", models.CharField(max_length=80)),
                        ("payload", models.JSONField(blank=True, default=dict)),
                        ("received_at", models.DateTimeField()),
                        ("error", models.CharField(blank=True, max_length=200)),
                        (
                            "channel",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="messaging.channel",
                            ),
                        ),
                        (
                            "message",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="messaging.chatmessage",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "inbound_messages",
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="MessageStatus",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.CharField(max_length=200)),
                        ("provider_id", models.CharField(blank=True, max_length=200)),
                        ("status", models.CharField(max_length=20)),
                        ("at", models.DateTimeField()),
                        ("payload", models.JSONField(blank=True, default=dict)),
                        (
                            "channel",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="messaging.channel",
                            ),
                        ),
                        (
                            "message",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=models.PROTECT,
                                related_name="reports",
                                to="messaging.chatmessage",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "message_statuses",
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="Offer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("options", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("chosen_code", models.CharField(blank=True, max_length=40)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "conversation",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=models.PROTECT,
                                related_name="offers",
                                to="messaging.conversation",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                        (
                            "treatment",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="agenda.treatmenttype",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "offers",
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="Turn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "engine",
                            models.CharField(
                                choices=[("rules", "Sin modelo"), ("model", "Modelo")], default="rules", max_length=10
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("answered", "Contestó"),
                                    ("silent", "No hizo falta contestar"),
                                    ("handed_off", "Pasó a una persona"),
                                    ("stale", "Llegaron más mensajes"),
                                    ("lost", "Otra persona la tomó"),
                                    ("failed", "Falló"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("error", models.CharField(blank=True, max_length=200)),
                        ("upto_message_id", models.BigIntegerField(default=0)),
                        (
                            "conversation",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=models.PROTECT,
                                related_name="turns",
                                to="messaging.conversation",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "respuesta de la recepcionista",
                        "verbose_name_plural": "respuestas de la recepcionista",
                        "db_table": "turns",
                        "base_manager_name": "objects",
                    },
                ),
                migrations.AddField(
                    model_name="chatmessage",
                    name="turn",
                    field=TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="messaging.turn",
                    ),
                ),
                migrations.CreateModel(
                    name="TurnStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("tool", models.CharField(max_length=60)),
                        ("arguments", models.JSONField(blank=True, default=dict)),
                        ("result", models.JSONField(blank=True, default=dict)),
                        ("refused", models.BooleanField(default=False)),
                        ("started_at", models.DateTimeField()),
                        ("milliseconds", models.PositiveIntegerField(default=0)),
                        ("tokens", models.PositiveIntegerField(default=0)),
                        (
                            "tenant",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=models.PROTECT,
                                related_name="+",
                                to="clinics.tenant",
                            ),
                        ),
                        (
                            "turn",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=models.PROTECT,
                                related_name="steps",
                                to="messaging.turn",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "turn_steps",
                        "base_manager_name": "objects",
                    },
                ),
                migrations.AddConstraint(
                    model_name="channel",
                    constraint=models.UniqueConstraint(fields=("tenant", "public_id"), name="channels_public_id_key"),
                ),
                migrations.AddConstraint(
                    model_name="conversation",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("phone", ""), _negated=True),
                        fields=("tenant", "channel", "phone"),
                        name="conversations_phone_key",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="conversation",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("wa_user_id", ""), _negated=True),
                        fields=("tenant", "channel", "wa_user_id"),
                        name="conversations_wa_user_id_key",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboundmessage",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "channel", "provider_id"), name="inbound_messages_provider_id_key"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="messagestatus",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "channel", "event_id"), name="message_statuses_event_id_key"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chatmessage",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "conversation", "key"), name="chat_messages_key_key"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="turnstep",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "turn", "position"), name="turn_steps_position_key"
                    ),
                ),
            ],
        )
    ]
