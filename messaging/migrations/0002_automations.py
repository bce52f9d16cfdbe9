import django.db.models.deletion
from django.db import migrations, models

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("clinics", "0001_initial"), ("messaging", "0001_initial")]

    operations = [
        RunBlock("0002_automations", state=[
            migrations.CreateModel(
                name="Automation",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("kind", models.CharField(
                        choices=[("receptionist", "Recepcionista")], max_length=40, verbose_name="qué")),
                    ("enabled", models.BooleanField(default=True, verbose_name="encendida")),
                    ("changed_at", models.DateTimeField()),
                    ("tenant", models.ForeignKey(
                        db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to="clinics.tenant")),
                ],
                options={
                    "db_table": "automations", "verbose_name": "automatización",
                    "verbose_name_plural": "automatizaciones", "abstract": False, "base_manager_name": "objects",
                    "constraints": [models.UniqueConstraint(fields=("tenant", "kind"), name="automations_kind_key")],
                },
            ),
        ]),
    ]
