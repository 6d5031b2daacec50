"""Getting Django ready, for commands and servers."""

import os


def start() -> None:
    """Load the settings and the slices, make the data directory where there is none; safe to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.site.settings")
    import django
    from django.conf import settings

    settings.LEEWARD.data_dir.mkdir(parents=True, exist_ok=True)
    django.setup()


def prepare_database() -> None:
    """Bring the tables up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
