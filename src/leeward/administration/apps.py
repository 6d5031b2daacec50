from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "leeward.administration"
    label = "administration"
