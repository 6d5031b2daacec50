"""Getting Django ready, for commands and servers."""

import os
from datetime import UTC, datetime


def start() -> None:
    """Load the settings and the slices, make the data directory where there is none and keep it private, forget
    what may not outlive its day; safe to call twice. Raises DataUnusable where nothing can be written."""
    start_to_look()
    from django.conf import settings

    from leeward.site.disk import DataUnusable, why_unwritable
    from leeward.site.private import narrow

    if why := why_unwritable(settings.LEEWARD.data_dir):
        raise DataUnusable(path=settings.LEEWARD.data_dir, why=why)
    narrow(settings.LEEWARD.data_dir)
    from leeward.web_security.salts import forget_past

    forget_past(datetime.now(UTC).date())


def start_to_look() -> None:
    """Load the settings and the slices, and leave a data directory that is there as it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.site.settings")
    import django
    from django.conf import settings

    from leeward.site.private import make_data_directory

    make_data_directory(settings.LEEWARD.data_dir)
    django.setup()


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
