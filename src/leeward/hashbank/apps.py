from django.apps import AppConfig


class HashbankConfig(AppConfig):
    name = "leeward.hashbank"
    label = "hashbank"
