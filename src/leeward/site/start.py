"""Getting Django ready, for commands and servers."""

import os


def start() -> None:
    """Load the settings and the slices; safe to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.site.settings")
    import django

    django.setup()


def prepare_database() -> None:
    """Bring the tables up to date, and make the data directory where there is none."""
    from django.conf import settings
    from django.core.management import call_command

    settings.LEEWARD.data_dir.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
