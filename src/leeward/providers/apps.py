from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "leeward.providers"
    label = "providers"
