from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "leeward.duties"
    label = "duties"
