"""The Django app of this slice."""

from django.apps import AppConfig


class LawsConfig(AppConfig):
    """The law slice."""

    name = "leeward.laws"
    label = "laws"
    default_auto_field = "django.db.models.BigAutoField"
