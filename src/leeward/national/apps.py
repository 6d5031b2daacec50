from django.apps import AppConfig


class NationalConfig(AppConfig):
    name = "leeward.national"
    label = "national"
