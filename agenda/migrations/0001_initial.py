import datetime

import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from clinics.tenancy import RunBlock, TenantForeignKey


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def tenant():
    return models.ForeignKey("clinics.tenant", models.PROTECT, db_index=False, editable=False, related_name="+")


STATE = [
    migrations.CreateModel(
        name="TreatmentType",
        fields=[
            ("id", key()),
            ("tenant", tenant()),
            ("code", models.CharField(max_length=40, verbose_name="código")),
            ("name", models.CharField(max_length=120, verbose_name="nombre")),
            ("folded", models.CharField(editable=False, max_length=120)),
            ("aliases", models.JSONField(blank=True, default=list, verbose_name="otros nombres")),
            ("category", models.CharField(blank=True, default="", max_length=60, verbose_name="categoría")),
            ("minutes", models.IntegerField(verbose_name="minutos")),
            ("minutes_min", models.IntegerField(blank=True, null=True, verbose_name="minutos como mínimo")),
            ("minutes_max", models.IntegerField(blank=True, null=True, verbose_name="minutos como máximo")),
            (
                "price",
                models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="precio"),
            ),
            ("tell_price", models.BooleanField(default=False, verbose_name="se informa el precio")),
            ("bookable", models.BooleanField(default=True, verbose_name="lo puede pedir un paciente")),
            ("active", models.BooleanField(default=True, verbose_name="activo")),
            ("sessions", models.IntegerField(default=1, verbose_name="sesiones")),
            ("gap_days", models.IntegerField(default=0, verbose_name="días entre sesiones")),
            ("before_visit", models.TextField(blank=True, default="", verbose_name="indicaciones previas")),
            ("after_visit", models.TextField(blank=True, default="", verbose_name="indicaciones posteriores")),
        ],
        options={
            "verbose_name": "tratamiento",
            "verbose_name_plural": "tratamientos",
            "db_table": "treatment_types",
            "ordering": ["folded", "id"],
            "abstract": False,
            "base_manager_name": "objects",
            "constraints": [models.UniqueConstraint(fields=("tenant", "code"), name="treatment_types_code_key")],
        },
    ),
    migrations.CreateModel(
        name="TreatmentProfessional",
        fields=[
            ("id", key()),
            ("tenant", tenant()),
            (
                "treatment",
                TenantForeignKey(on_delete=models.CASCADE, to="agenda.treatmenttype", verbose_name="tratamiento"),
            ),
            (
                "professional",
                TenantForeignKey(on_delete=models.CASCADE, to="clinics.professional", verbose_name="profesional"),
            ),
        ],
        options={
            "verbose_name": "profesional del tratamiento",
            "verbose_name_plural": "profesionales del tratamiento",
            "db_table": "treatment_professionals",
            "abstract": False,
            "base_manager_name": "objects",
            "constraints": [
                models.UniqueConstraint(
                    fields=("tenant", "treatment", "professional"), name="treatment_professionals_pair_key"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Chair",
        fields=[("id", key()), ("tenant", tenant()), ("name", models.CharField(max_length=60, verbose_name="nombre"))],
        options={
            "verbose_name": "sillón",
            "verbose_name_plural": "sillones",
            "db_table": "chairs",
            "ordering": ["name"],
            "abstract": False,
            "base_manager_name": "objects",
            "constraints": [models.UniqueConstraint(fields=("tenant", "name"), name="chairs_name_key")],
        },
    ),
    migrations.CreateModel(
        name="UsualChair",
        fields=[
            ("id", key()),
            ("tenant", tenant()),
            (
                "professional",
                TenantForeignKey(on_delete=models.CASCADE, to="clinics.professional", verbose_name="profesional"),
            ),
            ("chair", TenantForeignKey(on_delete=models.CASCADE, to="agenda.chair", verbose_name="sillón")),
        ],
        options={
            "verbose_name": "sillón habitual",
            "verbose_name_plural": "sillones habituales",
            "db_table": "usual_chairs",
            "abstract": False,
            "base_manager_name": "objects",
            "constraints": [
                models.UniqueConstraint(fields=("tenant", "professional"), name="usual_chairs_professional_key")
            ],
        },
    ),
    migrations.CreateModel(
        name="Closure",
        fields=[
            ("id", key()),
            ("tenant", tenant()),
            ("start_at", models.DateTimeField(verbose_name="desde")),
            ("end_at", models.DateTimeField(verbose_name="hasta")),
            (
                "professional",
                TenantForeignKey(
                    blank=True,
                    null=True,
                    on_delete=models.PROTECT,
                    to="clinics.professional",
                    verbose_name="profesional",
                ),
            ),
            (
                "chair",
                TenantForeignKey(
                    blank=True, null=True, on_delete=models.PROTECT, to="agenda.chair", verbose_name="sillón"
                ),
            ),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("closed", "Cerrado"),
                        ("holiday", "Feriado"),
                        ("leave", "Licencia"),
                        ("block", "Bloqueo"),
                    ],
                    default="closed",
                    max_length=20,
                    verbose_name="tipo",
                ),
            ),
            ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="motivo")),
        ],
        options={
            "verbose_name": "cierre",
            "verbose_name_plural": "cierres",
            "db_table": "closures",
            "ordering": ["start_at"],
            "abstract": False,
            "base_manager_name": "objects",
            "constraints": [
                models.CheckConstraint(condition=models.Q(("end_at__gt", models.F("start_at"))), name="closures_span")
            ],
        },
    ),
    migrations.CreateModel(
        name="Appointment",
        fields=[
            ("id", key()),
            ("tenant", tenant()),
            (
                "patient",
                TenantForeignKey(
                    blank=True, null=True, on_delete=models.PROTECT, to="patients.patient", verbose_name="paciente"
                ),
            ),
            (
                "professional",
                TenantForeignKey(on_delete=models.PROTECT, to="clinics.professional", verbose_name="profesional"),
            ),
            (
                "chair",
                TenantForeignKey(
                    blank=True, null=True, on_delete=models.PROTECT, to="agenda.chair", verbose_name="sillón"
                ),
            ),
            (
                "treatment",
                TenantForeignKey(on_delete=models.PROTECT, to="agenda.treatmenttype", verbose_name="tratamiento"),
            ),
            ("start_at", models.DateTimeField(verbose_name="empieza")),
            ("end_at", models.DateTimeField(verbose_name="termina")),
            (
                "status",
                models.CharField(
                    choices=[
                        ("held", "Retenido"),
                        ("scheduled", "Reservado"),
                        ("confirmed", "Confirmado"),
                        ("arrived", "En sala"),
                        ("seated", "En sillón"),
                        ("completed", "Atendido"),
                        ("cancelled", "Cancelado"),
                        ("no_show", "Ausente"),
                    ],
                    default="scheduled",
                    max_length=20,
                    verbose_name="estado",
                ),
            ),
            (
                "source",
                models.CharField(
                    choices=[("whatsapp", "WhatsApp"), ("desk", "Mostrador"), ("google", "Google"), ("api", "API")],
                    default="desk",
                    max_length=20,
                    verbose_name="origen",
                ),
            ),
            (
                "urgency",
                models.CharField(
                    blank=True,
                    choices=[("routine", "De rutina"), ("urgent", "Urgente"), ("emergency", "Emergencia")],
                    default="",
                    max_length=20,
                    verbose_name="urgencia",
                ),
            ),
            ("reason", models.CharField(blank=True, default="", max_length=300, verbose_name="motivo")),
            ("note", models.TextField(blank=True, default="", verbose_name="nota")),
            ("held_until", models.DateTimeField(blank=True, null=True, verbose_name="retenido hasta")),
            ("held_for", models.CharField(blank=True, default="", max_length=60, verbose_name="retenido para")),
            ("overbooked", models.BooleanField(default=False, verbose_name="sobreturno")),
            (
                "overbook_reason",
                models.CharField(blank=True, default="", max_length=300, verbose_name="motivo del sobreturno"),
            ),
            ("version", models.IntegerField(default=1, verbose_name="versión")),
            ("idempotency_key", models.CharField(blank=True, editable=False, max_length=200, null=True)),
            (
                "created_by",
                models.ForeignKey(
                    blank=True,
                    db_index=False,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="lo reservó",
                ),
            ),
            ("created_at", models.DateTimeField(verbose_name="creado")),
            ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmado a las")),
            ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="llegó a las")),
            ("seated_at", models.DateTimeField(blank=True, null=True, verbose_name="pasó a las")),
            ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="atendido a las")),
            ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelado a las")),
            (
                "cancel_reason",
                models.CharField(blank=True, default="", max_length=300, verbose_name="motivo de la cancelación"),
            ),
            ("no_show_at", models.DateTimeField(blank=True, null=True, verbose_name="ausente a las")),
            ("google_calendar_event_id", models.CharField(blank=True, default="", editable=False, max_length=200)),
            ("google_calendar_sync_status", models.CharField(blank=True, default="", editable=False, max_length=20)),
        ],
        options={
            "verbose_name": "turno",
            "verbose_name_plural": "turnos",
            "db_table": "appointments",
            "ordering": ["start_at", "id"],
            "abstract": False,
            "base_manager_name": "objects",
            "constraints": [
                models.UniqueConstraint(fields=("tenant", "idempotency_key"), name="appointments_idempotency_key"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("end_at__gt", models.F("start_at")),
                        (
                            "end_at__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("start_at"), "+", models.Value(datetime.timedelta(seconds=43200))
                            ),
                        ),
                    ),
                    name="appointments_span",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        (
                            "status__in",
                            [
                                "held",
                                "scheduled",
                                "confirmed",
                                "arrived",
                                "seated",
                                "completed",
                                "cancelled",
                                "no_show",
                            ],
                        )
                    ),
                    name="appointments_status",
                ),
                models.CheckConstraint(
                    condition=models.Q(("status", "held"), ("patient__isnull", False), _connector="OR"),
                    name="appointments_patient_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("status", "held"), _negated=True),
                        models.Q(("held_until__isnull", False), models.Q(("held_for", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="appointments_hold_ends",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("overbooked", False), models.Q(("overbook_reason", ""), _negated=True), _connector="OR"
                    ),
                    name="appointments_overbook_reason",
                ),
            ],
        },
    ),
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("clinics", "0001_initial"),
        ("patients", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [RunBlock("0001_initial", state=STATE)]
