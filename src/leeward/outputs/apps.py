from django.apps import AppConfig


class OutputsConfig(AppConfig):
    name = "leeward.outputs"
    label = "outputs"
