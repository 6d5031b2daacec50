from django.apps import AppConfig


class CapacityConfig(AppConfig):
    name = "leeward.capacity"
    label = "capacity"
