"""What the clinic's people keep beside a conversation: never sent by itself, and never the patient's to read."""
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.tenancy import TenantForeignKey, TenantModel
from messaging.models.conversation import Conversation


class Note(TenantModel):
    """Something that the thread says to colleagues: what one wrote for them, or who attends from now on."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Nota")
        TAKEN = "taken", _("La tomó")
        PASSED = "passed", _("La pasó")
        GIVEN_BACK = "given_back", _("La devolvió")
        RETURNED = "returned", _("Volvió sola")
        LINKED = "linked", _("La vinculó")
        UNLINKED = "unlinked", _("La desvinculó")

    conversation = TenantForeignKey(Conversation)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.NOTE)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    text = models.TextField(blank=True)
    key = models.CharField(max_length=100, null=True, blank=True)  # noqa: DJ001  (unique where there is one)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "conversation_notes"
        verbose_name = _("nota")
        verbose_name_plural = _("notas")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "conversation", "key"], name="conversation_notes_key_key")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"


class CannedReply(TenantModel):
    """A text that the desk writes often. What stands between braces is filled in when it is put in a message."""

    shortcut = models.CharField(_("atajo"), max_length=30)
    text = models.CharField(_("texto"), max_length=1000)
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "canned_replies"
        verbose_name = _("respuesta rápida")
        verbose_name_plural = _("respuestas rápidas")
        constraints = [models.UniqueConstraint(fields=["tenant", "shortcut"], name="canned_replies_shortcut_key")]

    def __str__(self):
        return self.shortcut


class ConversationWord(TenantModel):
    """One folded word by which a conversation is found: of its messages, its name, the ends of its phone."""

    conversation = TenantForeignKey(Conversation)
    word = models.CharField(max_length=40, db_collation="C")

    class Meta(TenantModel.Meta):
        db_table = "conversation_words"
        constraints = [models.UniqueConstraint(
            fields=["tenant", "word", "conversation"], name="conversation_words_word_key")]

    def __str__(self):
        return self.word
