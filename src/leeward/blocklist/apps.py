from django.apps import AppConfig


class BlocklistConfig(AppConfig):
    name = "leeward.blocklist"
    label = "blocklist"
