from django.db import migrations, models

from clinics.tenancy import RunBlock


class Migration(migrations.Migration):
    dependencies = [("agenda", "0003_calendars")]

    operations = [
        RunBlock("0004_by_hand", state=[
            migrations.AlterField(
                model_name="closure", name="kind",
                field=models.CharField(
                    choices=[
                        ("closed", "Cerrado"), ("holiday", "Feriado"), ("leave", "Licencia"), ("block", "Bloqueo"),
                        ("open", "Abierto")],
                    default="closed", max_length=20, verbose_name="tipo")),
            migrations.AddField(
                model_name="closure", name="repeats",
                field=models.CharField(
                    blank=True, choices=[("", "Una sola vez"), ("weekly", "Cada semana"), ("yearly", "Cada año")],
                    db_default="", default="", max_length=10, verbose_name="se repite")),
            migrations.AddField(
                model_name="closure", name="until_on",
                field=models.DateField(blank=True, null=True, verbose_name="hasta el día")),
            migrations.AddField(
                model_name="closure", name="usual_hours",
                field=models.BooleanField(db_default=False, default=False, verbose_name="en el horario habitual")),
            migrations.AddConstraint(
                model_name="closure",
                constraint=models.CheckConstraint(
                    condition=models.Q(("until_on", None), models.Q(("repeats", ""), _negated=True),
                                       _connector="OR"),
                    name="closures_repeats")),
            migrations.AddConstraint(
                model_name="closure",
                constraint=models.CheckConstraint(
                    condition=models.Q(models.Q(("kind", "open"), _negated=True), ("chair", None),
                                       _connector="OR"),
                    name="closures_opens_no_chair")),
            migrations.AddConstraint(
                model_name="closure",
                constraint=models.CheckConstraint(
                    condition=models.Q(("usual_hours", False), ("kind", "open"), _connector="OR"),
                    name="closures_usual_hours")),
        ]),
    ]
