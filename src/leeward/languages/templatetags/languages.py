"""Template filter for what a language calls itself."""

from django import template

from leeward.people.queries import own_name

register = template.Library()
register.filter("own_name", own_name)
