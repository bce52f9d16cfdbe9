from django.db import migrations, models

from clinics.tenancy import RunBlock


def word(length, **more):
    return models.CharField(blank=True, db_default="", default="", max_length=length, **more)


def moment():
    return models.DateTimeField(blank=True, null=True)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_automations")]

    operations = [
        RunBlock("0003_providers", state=[
            migrations.AlterField(
                "channel", "provider", models.CharField(
                    choices=[("ycloud", "YCloud"), ("meta", "Meta")], default="ycloud", max_length=20,
                    verbose_name="proveedor")),
            migrations.AddField("channel", "phone_number_id", word(60)),
            migrations.AddField("channel", "waba_id", word(60)),
            migrations.AddField("channel", "health", word(
                10, choices=[("ok", "Funciona"), ("warning", "Con avisos"), ("out", "No funciona")])),
            migrations.AddField("channel", "health_code", word(60)),
            migrations.AddField("channel", "health_text", word(300)),
            migrations.AddField("channel", "health_at", moment()),
            migrations.AddField("channel", "quality", word(20)),
            migrations.AddField("channel", "looked_at", moment()),
            migrations.AddField("channel", "proven_at", moment()),
            migrations.AddField("channel", "webhook_id", word(80)),
            migrations.AddField("channel", "former_secret_until", moment()),
            migrations.AddConstraint("channel", models.UniqueConstraint(
                condition=models.Q(("phone_number_id", ""), _negated=True), fields=("tenant", "phone_number_id"),
                name="channels_phone_number_id_key")),
            migrations.AddField("chatmessage", "reply_to", word(200)),
            migrations.AddField("chatmessage", "referral", models.JSONField(blank=True, db_default={}, default=dict)),
            migrations.AddField("chatmessage", "reactions", models.JSONField(blank=True, db_default={}, default=dict)),
            migrations.AddField("chatmessage", "edited_at", moment()),
            migrations.AddField("chatmessage", "former_text", models.TextField(blank=True, db_default="", default="")),
        ]),
    ]
