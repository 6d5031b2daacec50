"""What a language calls itself, for templates."""

from django import template

from leeward.people.queries import own_name

register = template.Library()
register.filter("own_name", own_name)
