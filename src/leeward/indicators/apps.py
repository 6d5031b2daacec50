from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "leeward.indicators"
    label = "indicators"
