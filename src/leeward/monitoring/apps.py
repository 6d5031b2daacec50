from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "leeward.monitoring"
    label = "monitoring"
