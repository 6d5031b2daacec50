from django.apps import AppConfig


class AwarenessConfig(AppConfig):
    name = "leeward.awareness"
    label = "awareness"
