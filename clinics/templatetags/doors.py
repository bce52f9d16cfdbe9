"""What the doors' pages ask."""
from django import template

from clinics.auth import mail

register = template.Library()


@register.simple_tag
def mail_offered():
    return mail.offered()
