"""Sets up Django for commands and servers."""

import os
from contextlib import nullcontext
from datetime import UTC, datetime

from leeward.foundation.errors import LeewardError
from leeward.foundation.loading import loading

WAITS_FOR_UPGRADE_SECONDS = 3600  # another start may be changing large tables of SQLite meanwhile
MIGRATING = 5_461_772_211  # the lock that lets one process at a time change the tables of a PostgreSQL database


def start(*, is_certain: bool = False) -> None:
    """Load the settings and the slices, make the data directory if there is none and keep it private, delete data that
    must not outlive its day; safe to call twice. Raises DataUnusable if nothing can be written, and, before anything opens the database,
    DamagedDatabase for an SQLite file that was emptied, DatabaseAway, and DatabaseOfOthers unless it `is_certain`."""
    start_watching()
    from django.conf import settings

    from leeward.site.disk import DataUnusable, why_unwritable
    from leeward.site.private import narrow

    if why := why_unwritable(settings.LEEWARD.data_dir):
        raise DataUnusable(path=settings.LEEWARD.data_dir, why=why)
    narrow(settings.LEEWARD.data_dir)
    need_right_database(is_certain=is_certain)
    from leeward.web_security.salts import forget_past

    forget_past(datetime.now(UTC).date())


def need_right_database(*, is_certain: bool = False) -> None:
    """Raises DamagedDatabase, DatabaseAway and DatabaseOfOthers."""
    from leeward.site.refusing import database_file, need_database_of_keys, need_not_emptied

    if (file := database_file()) is not None:
        need_not_emptied(file)
    need_database_of_keys(is_certain=is_certain)


def start_on_tables() -> None:
    """Do the same for a command that works on the tables as they are. Raises MadeByNewerCode and MadeByOtherCode, too."""
    start()
    from leeward.site.upgrading import need_no_newer

    need_no_newer()


def start_watching() -> None:
    """Load the settings and the slices, and leave an existing data directory as it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.site.settings")
    import django
    from django.apps import apps
    from django.conf import settings

    from leeward.site.private import make_data_directory

    with nullcontext() if apps.ready else loading():
        make_data_directory(settings.LEEWARD.data_dir)
        django.setup()


class TablesNotReady(LeewardError):
    """The public face starts before the tables are those of its version; it may not change them."""

    code = "tables_not_ready"
    sentence = "The tables of the database are not those of this version."
    hint = "Start the desk or the worker of this version first: they bring the tables up to date."
    status = 503
    passes = True


def need_database() -> None:
    """For a process that may change no table: raises TablesNotReady, MadeByNewerCode and MadeByOtherCode."""
    from django.conf import settings

    from leeward.site.upgrading import plan

    place = settings.LEEWARD.public_file
    if place is not None and not place.exists():
        raise TablesNotReady
    if plan(datetime.now(UTC)).steps:
        raise TablesNotReady


def prepare_database(now: datetime | None = None, *, is_certain: bool = False) -> None:
    """Migrate the tables in a single transaction: if the process is killed meanwhile, the database stays as it was. If
    they are as they should be, this takes two queries.

    Raises MadeByNewerCode, MadeByOtherCode, NoRoomForCopy and UpgradeFailed: a database that changes is copied first, under a name with the
    moment `now`; NotRestored where a restoring was cut off, and DatabaseAway (DatabaseOfOthers unless it `is_certain`): all would be
    taken for a new installation.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    from leeward.sealing.queries import is_of_before_stores
    from leeward.sealing.services import note_older_database
    from leeward.site.first_tables import make_first_tables
    from leeward.site.own_file import may_be_made
    from leeward.site.refusing import need_database_of_keys
    from leeward.site.secret_file import need_restored
    from leeward.site.upgrading import make_copy, or_as_before, plan
    from leeward.tables import one_class_a_step, waiting

    need_restored(settings.LEEWARD.data_dir)
    need_database_of_keys(is_certain=is_certain)
    with may_be_made():
        connection.ensure_connection()
    upgrade = plan(now or datetime.now(UTC))
    if not upgrade.steps:
        _give_the_public_face()
        return
    make_copy(upgrade)
    is_older = is_of_before_stores()
    # SQLite rebuilds a table for some changes, and foreign keys can only be disabled before a transaction begins.
    with (
        or_as_before(upgrade),
        waiting(WAITS_FOR_UPGRADE_SECONDS),
        connection.constraint_checks_disabled(),
        transaction.atomic(),
    ):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(%s)", [MIGRATING]
                )  # SQLite has one writer at a time anyway
                cursor.execute(
                    "SET CONSTRAINTS ALL IMMEDIATE"
                )  # a table with pending constraint checks can't be changed
        make_first_tables()
        with one_class_a_step():
            call_command("migrate", verbosity=0, interactive=False)
        if is_older:
            note_older_database()
    _give_the_public_face()


def fold_in() -> None:
    """Bring what is still in SQLite's -wal into the file itself: a person may copy the file alone."""
    from leeward.site import own_file
    from leeward.site.refusing import database_file

    if (file := database_file()) is not None:
        own_file.fold_in(file)


def _give_the_public_face() -> None:
    """Give the public face what it has of its own: a role's rights, or a file."""
    from leeward.site.apart.mirror import prepare
    from leeward.site.rights import give_rights

    give_rights()
    prepare()


def need_keys() -> None:
    """For the public face, which makes no key: raises KeyUnusable if its own isn't that of the database."""
    from leeward.audit.fingerprints import PUBLIC, problems

    for found in problems((PUBLIC,)):
        raise found


def settle_keys(*, with_words: bool = True) -> None:
    """Make the keys of a new installation, and `public.key` wherever it isn't as it should be; raises KeyUnusable if one of an
    existing installation is missing, damaged or different, and WordsKeyUnusable, unless the command is for just that."""
    from django.conf import settings

    from leeward.audit.errors import KeyUnusable
    from leeward.audit.fingerprints import settle
    from leeward.sealing.services import settle as settle_words
    from leeward.site.public_key import NAME, write
    from leeward.site.secret_file import discard_made_secret

    try:
        settle(datetime.now(UTC))
        if with_words:
            settle_words(datetime.now(UTC))
        write(settings.LEEWARD.data_dir / NAME, settings.LEEWARD.public_key)
    except KeyUnusable:
        discard_made_secret(settings.LEEWARD)
        raise
