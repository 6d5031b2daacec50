from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "leeward.casework"
    label = "casework"
