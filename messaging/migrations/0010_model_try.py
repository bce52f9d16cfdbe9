from django.db import migrations, models

from clinics.tenancy import RunBlock


def text(most):
    return models.CharField(blank=True, db_default="", default="", editable=False, max_length=most)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0009_sends")]

    operations = [
        RunBlock("0010_model_try", state=[
            migrations.AddField("languagemodel", "tried_at", models.DateTimeField(
                blank=True, editable=False, null=True)),
            migrations.AddField("languagemodel", "tried_model", text(80)),
            migrations.AddField("languagemodel", "tried_error", text(80)),
            migrations.AddField("languagemodel", "tried_milliseconds", models.PositiveIntegerField(
                db_default=0, default=0, editable=False)),
        ]),
    ]
