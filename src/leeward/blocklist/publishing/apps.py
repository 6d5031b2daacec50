from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "leeward.blocklist.publishing"
    label = "publishing"
