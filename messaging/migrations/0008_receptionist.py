import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinics.tenancy import RunBlock, TenantForeignKey

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
TENANT = models.ForeignKey(
    db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
    to="clinics.tenant")
HOW = {"abstract": False, "base_manager_name": "objects"}
OUTCOMES = [
    ("asked", "Sin respuesta"), ("answered", "Contestó"), ("called", "Usó herramientas"), ("failed", "Falló"),
    ("spent", "No se le preguntó")]

ENGINES = [("rules", "Sin modelo"), ("model", "Modelo"), ("person", "Una persona")]
ENDS = [
    ("answered", "Contestó"), ("silent", "No hizo falta contestar"), ("handed_off", "Pasó a una persona"),
    ("stale", "Llegaron más mensajes"), ("lost", "Otra persona la tomó"), ("failed", "Falló"),
    ("used", "Usó una herramienta")]


def link(to, **how):
    return TenantForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to=to, **how)


def dollars(digits, places, **how):
    return models.DecimalField(max_digits=digits, decimal_places=places, **how)


MAYBE = {"blank": True, "null": True}


class Migration(migrations.Migration):
    dependencies = [("clinics", "0001_initial"), ("messaging", "0007_inbox")]

    operations = [
        RunBlock("0008_receptionist", state=[
            migrations.CreateModel(
                name="TurnRound",
                fields=[
                    ("id", ID), ("position", models.PositiveSmallIntegerField()),
                    ("model", models.CharField(max_length=80)), ("temperature", dollars(3, 2, **MAYBE)),
                    ("prompt_hash", models.CharField(blank=True, max_length=64)),
                    ("started_at", models.DateTimeField()), ("milliseconds", models.PositiveIntegerField(default=0)),
                    ("prompt_tokens", models.PositiveIntegerField(default=0)),
                    ("completion_tokens", models.PositiveIntegerField(default=0)),
                    ("estimated", models.BooleanField(default=False)), ("cost", dollars(14, 6, **MAYBE)),
                    ("outcome", models.CharField(choices=OUTCOMES, default="asked", max_length=10)),
                    ("finish", models.CharField(blank=True, max_length=40)),
                    ("error", models.CharField(blank=True, max_length=80)),
                    ("caught", models.JSONField(blank=True, default=list)),
                    ("tenant", TENANT), ("turn", link("messaging.turn", related_name="rounds")),
                ],
                options=HOW | {
                    "db_table": "turn_rounds", "constraints": [models.UniqueConstraint(
                        fields=("tenant", "turn", "position"), name="turn_rounds_position_key")]},
            ),
            migrations.AddField(
                "turnstep", "round", link("messaging.turnround", related_name="steps", **MAYBE)),
            migrations.CreateModel(
                name="LanguageModel",
                fields=[
                    ("id", ID.clone()), ("model", models.CharField(blank=True, max_length=80)),
                    ("temperature", dollars(3, 2, **MAYBE)), ("budget_usd", dollars(10, 2, **MAYBE)),
                    ("budget_tokens", models.BigIntegerField(**MAYBE)), ("price_in", dollars(10, 4, **MAYBE)),
                    ("price_out", dollars(10, 4, **MAYBE)), ("changed_at", models.DateTimeField()),
                    ("tenant", TENANT.clone()),
                ],
                options=HOW | {
                    "db_table": "language_models", "verbose_name": "modelo de la recepcionista",
                    "constraints": [models.UniqueConstraint(fields=("tenant",), name="language_models_one_key")]},
            ),
            migrations.CreateModel(
                name="ModelUsage",
                fields=[
                    ("id", ID.clone()), ("month", models.DateField()),
                    ("rounds", models.PositiveIntegerField(default=0)),
                    ("prompt_tokens", models.BigIntegerField(default=0)),
                    ("completion_tokens", models.BigIntegerField(default=0)), ("cost", dollars(14, 6, default=0)),
                    ("unpriced_tokens", models.BigIntegerField(default=0)),
                    ("told", models.PositiveSmallIntegerField(default=0)), ("tenant", TENANT.clone()),
                ],
                options=HOW | {
                    "db_table": "model_usage", "constraints": [models.UniqueConstraint(
                        fields=("tenant", "month"), name="model_usage_month_key")]},
            ),
            migrations.AddField("conversation", "alarm_at", models.DateTimeField(**MAYBE)),
            migrations.AddField("conversation", "alarm_tried_at", models.DateTimeField(**MAYBE)),
            migrations.AlterField(
                "turn", "engine", models.CharField(choices=ENGINES, default="rules", max_length=10)),
            migrations.AlterField("turn", "outcome", models.CharField(blank=True, choices=ENDS, max_length=20)),
            migrations.AddField("turn", "by_user", models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL)),
            migrations.AddField(
                "turn", "request_key", models.CharField(blank=True, editable=False, max_length=200, null=True)),
            migrations.AddConstraint("turn", models.UniqueConstraint(
                fields=("tenant", "request_key"), name="turns_request_key")),
        ]),
    ]
