"""What a mailed link carries: whom it is for and a token that ends by itself, and with the thing that it was for."""
from datetime import timedelta

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int, int_to_base36

from clinics.models import User
from dentalogic.lib import clock


class Links(PasswordResetTokenGenerator):
    """Django's token, by our clock: nothing of it is kept, and it is signed with `DJANGO_SECRET_KEY`."""

    def __init__(self, purpose, lasts):
        super().__init__()
        self.key_salt, self.lasts = f"dentalogic.links.{purpose}", lasts

    def make(self, user) -> str:
        return f"{int_to_base36(user.pk)}-{self.make_token(user)}"

    def read(self, text: str, people=None) -> User | None:
        """The person whom the link was made for, while it is good; among `people`, if given (as rows locked)."""
        who, _dash, token = text[:200].partition("-")
        try:
            user = (people or User.objects).filter(pk=base36_to_int(who), is_active=True).first()
        except ValueError:
            return None
        return user if user and self.check_token(user, token) and self._fresh(token) else None

    def _fresh(self, token):
        made = base36_to_int(token.split("-")[0])
        return self._num_seconds(self._now()) - made <= self.lasts.total_seconds()

    def _now(self):
        return clock.now().replace(tzinfo=None)


class ConfirmLinks(Links):
    def _make_hash_value(self, user, timestamp):
        return f"{user.pk}{timestamp}{user.email}{user.email_confirmed_at}"


reset = Links("reset", timedelta(hours=1))  # good once: the hash of the password is in it
confirm = ConfirmLinks("confirm", timedelta(days=3))
