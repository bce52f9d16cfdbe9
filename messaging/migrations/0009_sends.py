from django.db import migrations, models

from clinics.tenancy import RunBlock

MAYBE = {"blank": True, "null": True}


class Migration(migrations.Migration):
    dependencies = [("messaging", "0008_receptionist")]

    operations = [
        RunBlock("0009_sends", state=[
            migrations.AddField("chatmessage", "send_number", models.PositiveSmallIntegerField(
                db_default=1, default=1, editable=False)),
            migrations.AddField("chatmessage", "former_ref", models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=200)),
            migrations.AddField("languagemodel", "price_minute", models.DecimalField(
                decimal_places=4, max_digits=10, **MAYBE)),
            migrations.AddField("languagemodel", "budget_minutes", models.PositiveIntegerField(**MAYBE)),
            migrations.AddField("modelusage", "audio_seconds", models.BigIntegerField(db_default=0, default=0)),
            migrations.AddField("modelusage", "unpriced_seconds", models.BigIntegerField(db_default=0, default=0)),
        ]),
    ]
