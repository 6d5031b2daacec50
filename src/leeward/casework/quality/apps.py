from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "leeward.casework.quality"
    label = "quality"
