from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "leeward.payments"
    label = "payments"
