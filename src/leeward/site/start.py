"""Getting Django ready, for commands and servers."""

import os
from datetime import UTC, datetime


def start() -> None:
    """Load the settings and the slices, make the data directory where there is none and keep it private, forget
    what may not outlive its day; safe to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.site.settings")
    import django
    from django.conf import settings

    from leeward.site.private import make_data_directory, narrow

    make_data_directory(settings.LEEWARD.data_dir)
    django.setup()
    narrow(settings.LEEWARD.data_dir)
    from leeward.gate.salts import forget_past

    forget_past(datetime.now(UTC).date())


def prepare_database() -> None:
    """Bring the tables up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def settle_keys() -> None:
    """Make the keys of a new installation; raise KeyUnusable where one of an older one is missing, damaged or another."""
    from django.conf import settings

    from leeward.audit.errors import KeyUnusable
    from leeward.audit.fingerprints import settle
    from leeward.site.config import take_back_made_secret

    try:
        settle(datetime.now(UTC))
    except KeyUnusable:
        take_back_made_secret(settings.LEEWARD)
        raise
