from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "leeward.intake"
    label = "intake"
