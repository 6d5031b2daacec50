from django.apps import AppConfig


class WitnessingConfig(AppConfig):
    name = "leeward.witnessing"
    label = "witnessing"
