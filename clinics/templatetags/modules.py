"""What a page's frame says of optional modules."""
from django import template

from clinics import modules

register = template.Library()


@register.simple_tag(takes_context=True)
def absent_modules(context):
    return modules.absent(context.get("actor"))
