from django.apps import AppConfig


class TipsConfig(AppConfig):
    name = "leeward.tips"
    label = "tips"
