import django.db.models.deletion
from django.db import migrations, models

from clinics.tenancy import RunBlock, TenantForeignKey

POLICIES = [
    ("accepted", "Se atiende"), ("restricted", "Con restricciones"), ("derived", "Se deriva"),
    ("rejected", "No se atiende"),
]


class Migration(migrations.Migration):
    dependencies = [("clinics", "0001_initial"), ("patients", "0001_initial")]

    operations = [
        RunBlock("0002_coverages", state=[
            migrations.CreateModel(
                name="Coverage",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("treatment_code", models.CharField(blank=True, max_length=40, verbose_name="tratamiento")),
                    ("policy", models.CharField(
                        choices=POLICIES, default="accepted", max_length=12, verbose_name="atención")),
                    ("copay", models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="copago")),
                    ("needs_authorisation", models.BooleanField(default=False, verbose_name="pide autorización")),
                    ("delay_days", models.PositiveSmallIntegerField(default=0, verbose_name="demora en días")),
                    ("note", models.TextField(blank=True, verbose_name="aclaración")),
                    ("insurer", TenantForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverages", to="patients.insurer", verbose_name="obra social")),
                    ("tenant", models.ForeignKey(
                        db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="clinics.tenant")),
                ],
                options={
                    "db_table": "coverages", "ordering": ["treatment_code"], "verbose_name": "cobertura",
                    "verbose_name_plural": "coberturas", "abstract": False, "base_manager_name": "objects",
                    "constraints": [models.UniqueConstraint(
                        fields=("tenant", "insurer", "treatment_code"), name="coverages_treatment_key")],
                },
            ),
        ]),
    ]
