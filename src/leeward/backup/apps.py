from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "leeward.backup"
    label = "backup"
