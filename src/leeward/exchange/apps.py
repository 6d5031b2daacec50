from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "leeward.exchange"
    label = "exchange"
