from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "leeward.sealing"
    label = "sealing"
