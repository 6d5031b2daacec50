from django.apps import AppConfig


class SpoolConfig(AppConfig):
    name = "leeward.spool"
    label = "spool"
