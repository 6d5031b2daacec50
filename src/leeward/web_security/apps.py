from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "leeward.web_security"
    label = "gate"
