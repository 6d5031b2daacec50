from django.apps import AppConfig


class OncallConfig(AppConfig):
    name = "leeward.oncall"
    label = "oncall"
