import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from clinics.tenancy import RunBlock, TenantForeignKey


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clinics", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RunBlock(
            "0001_initial",
            state=[
                migrations.CreateModel(
                    name="Patient",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("first_name", models.CharField(max_length=80, verbose_name="nombre")),
                        ("last_name", models.CharField(max_length=80, verbose_name="apellido")),
                        ("folded", models.CharField(editable=False, max_length=170)),
                        (
                            "document_type",
                            models.CharField(default="DNI", max_length=20, verbose_name="tipo de documento"),
                        ),
                        ("dni", models.CharField(blank=True, max_length=20, null=True, verbose_name="documento")),
                        ("birth_on", models.DateField(blank=True, null=True, verbose_name="fecha de nacimiento")),
                        ("phone", models.CharField(blank=True, max_length=20, verbose_name="teléfono")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="correo")),
                        ("insurance", models.CharField(blank=True, max_length=80, verbose_name="obra social")),
                        (
                            "member_number",
                            models.CharField(blank=True, max_length=40, verbose_name="número de afiliado"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("guest", "Invitado"), ("active", "Activo"), ("archived", "Archivado")],
                                default="active",
                                max_length=10,
                                verbose_name="estado",
                            ),
                        ),
                        (
                            "medical_history",
                            models.JSONField(blank=True, default=dict, editable=False, verbose_name="antecedentes"),
                        ),
                        ("record_head", models.CharField(blank=True, editable=False, max_length=64)),
                        ("record_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("key", models.CharField(blank=True, editable=False, max_length=200, null=True)),
                        ("created_at", models.DateTimeField(editable=False)),
                        (
                            "guardian",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                                verbose_name="responsable",
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
                        "verbose_name": "paciente",
                        "verbose_name_plural": "pacientes",
                        "db_table": "patients",
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="ClinicalRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("written_at", models.DateTimeField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("evolution", "Evolución"), ("correction", "Corrección")],
                                default="evolution",
                                max_length=20,
                            ),
                        ),
                        ("text", models.TextField()),
                        ("previous_hash", models.CharField(blank=True, max_length=64)),
                        ("hash", models.CharField(max_length=64)),
                        ("key", models.CharField(blank=True, max_length=200, null=True)),
                        (
                            "author",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="clinics.professional",
                            ),
                        ),
                        (
                            "corrects",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.clinicalrecord",
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
                        (
                            "written_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "verbose_name": "entrada de la historia clínica",
                        "verbose_name_plural": "historia clínica",
                        "db_table": "clinical_records",
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="PatientWord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("word", models.CharField(db_collation="C", max_length=80)),
                        (
                            "patient",
                            TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                        "db_table": "patient_words",
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="RecordDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("saved_at", models.DateTimeField()),
                        (
                            "corrects",
                            TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.clinicalrecord",
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
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "record_drafts",
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="Insurer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="nombre")),
                        ("folded", models.CharField(editable=False, max_length=80)),
                        ("aliases", models.JSONField(blank=True, default=list, verbose_name="otros nombres")),
                        (
                            "policy",
                            models.CharField(
                                choices=[
                                    ("accepted", "Se atiende"),
                                    ("restricted", "Con restricciones"),
                                    ("derived", "Se deriva"),
                                    ("rejected", "No se atiende"),
                                ],
                                default="accepted",
                                max_length=12,
                                verbose_name="atención",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="aclaración")),
                        ("delay_days", models.PositiveSmallIntegerField(default=0, verbose_name="demora en días")),
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
                        "verbose_name": "obra social",
                        "verbose_name_plural": "obras sociales",
                        "db_table": "insurers",
                        "ordering": ["folded"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(fields=("tenant", "folded"), name="insurers_folded_key")
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="patient",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("dni__isnull", False), models.Q(("status", "archived"), _negated=True)),
                        fields=("tenant", "document_type", "dni"),
                        name="patients_dni_live",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patient",
                    constraint=models.UniqueConstraint(fields=("tenant", "key"), name="patients_key_key"),
                ),
                migrations.AddConstraint(
                    model_name="clinicalrecord",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "patient", "position"), name="clinical_records_position_key"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="clinicalrecord",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "patient", "key"), name="clinical_records_key_key"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patientword",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "word", "patient"), name="patient_words_word_key"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="recorddraft",
                    constraint=models.UniqueConstraint(
                        fields=("tenant", "patient", "user"), name="record_drafts_user_key"
                    ),
                ),
            ],
        )
    ]
