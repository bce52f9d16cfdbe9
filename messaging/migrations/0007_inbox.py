import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinics.tenancy
from clinics.tenancy import RunBlock

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
TENANT = models.ForeignKey(
    db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
    to="clinics.tenant")
PERSON = models.ForeignKey(
    blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
    to=settings.AUTH_USER_MODEL)
CONVERSATION = clinics.tenancy.TenantForeignKey(
    db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
    to="messaging.conversation")


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0001_initial"), ("messaging", "0006_templates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RunBlock("0007_inbox", state=[
            migrations.AddField("conversation", "staffed_at", models.DateTimeField(blank=True, null=True)),
            migrations.AddField("conversation", "passed_at", models.DateTimeField(blank=True, null=True)),
            migrations.AddField("conversation", "words_at", models.DateTimeField(blank=True, null=True)),
            migrations.AddField("conversation", "words_upto", models.BigIntegerField(db_default=0, default=0)),
            migrations.CreateModel(
                name="ConversationWord",
                fields=[
                    ("id", ID.clone()), ("word", models.CharField(db_collation="C", max_length=40)),
                    ("conversation", CONVERSATION.clone()), ("tenant", TENANT.clone()),
                ],
                options={
                    "db_table": "conversation_words", "abstract": False, "base_manager_name": "objects",
                    "constraints": [models.UniqueConstraint(
                        fields=("tenant", "word", "conversation"), name="conversation_words_word_key")],
                },
            ),
            migrations.CreateModel(
                name="Note",
                fields=[
                    ("id", ID), ("kind", models.CharField(
                        choices=[
                            ("note", "Nota"), ("taken", "La tomó"), ("passed", "La pasó"),
                            ("given_back", "La devolvió"), ("returned", "Volvió sola"), ("linked", "La vinculó"),
                            ("unlinked", "La desvinculó")],
                        default="note", max_length=20)),
                    ("text", models.TextField(blank=True)),
                    ("key", models.CharField(blank=True, max_length=100, null=True)),
                    ("created_at", models.DateTimeField()),
                    ("about", PERSON), ("author", PERSON.clone()),
                    ("conversation", CONVERSATION),
                    ("tenant", TENANT),
                ],
                options={
                    "db_table": "conversation_notes", "verbose_name": "nota", "verbose_name_plural": "notas",
                    "abstract": False, "base_manager_name": "objects",
                    "constraints": [models.UniqueConstraint(
                        fields=("tenant", "conversation", "key"), name="conversation_notes_key_key")],
                },
            ),
            migrations.CreateModel(
                name="CannedReply",
                fields=[
                    ("id", ID.clone()), ("shortcut", models.CharField(max_length=30, verbose_name="atajo")),
                    ("text", models.CharField(max_length=1000, verbose_name="texto")),
                    ("changed_at", models.DateTimeField()), ("tenant", TENANT.clone()),
                ],
                options={
                    "db_table": "canned_replies", "verbose_name": "respuesta rápida",
                    "verbose_name_plural": "respuestas rápidas", "abstract": False, "base_manager_name": "objects",
                    "constraints": [models.UniqueConstraint(
                        fields=("tenant", "shortcut"), name="canned_replies_shortcut_key")],
                },
            ),
        ]),
    ]
