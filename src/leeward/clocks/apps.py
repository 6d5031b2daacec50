from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "leeward.clocks"
    label = "clocks"
