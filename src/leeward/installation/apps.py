from django.apps import AppConfig


class InstallationConfig(AppConfig):
    name = "leeward.installation"
    label = "installation"
