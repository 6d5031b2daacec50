from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "leeward.gate"
    label = "gate"
