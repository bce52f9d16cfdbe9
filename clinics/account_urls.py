"""One's own account, and the doors of mailed links."""
from django.urls import path

from clinics import account
from clinics.auth import pages

urlpatterns = [
    path("password/forgot", pages.forgot),
    path("password/new", pages.new_password),
    path("email/confirm", pages.confirm_email),
    path("account/", account.account),
    path("account/name", account.name),
    path("account/email/confirm", account.confirm_email),
    path("account/password/", account.password),
    path("account/second-factor/", account.factor),
    path("account/second-factor/begin", account.factor_begin),
    path("account/second-factor/cancel", account.factor_cancel),
    path("account/second-factor/confirm", account.factor_confirm),
    path("account/second-factor/codes", account.factor_codes),
    path("account/second-factor/show", account.factor_show),
    path("account/second-factor/off", account.factor_off),
    path("account/sessions/end-others", account.end_others),
    path("account/sessions/<int:session_id>/end", account.end_session),
]
