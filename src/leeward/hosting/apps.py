from django.apps import AppConfig


class HostingConfig(AppConfig):
    name = "leeward.hosting"
    label = "hosting"
