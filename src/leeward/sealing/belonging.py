"""Whether the store of keys is here, and the one of this database, as far as both remember.

On SQLite they are two files, and either may be put back or lost alone. Both hold one name, and a number that grows at each start and each
hour, in the database first and no further than one ahead: a store with a larger one has seen a later database than this, and one that
is more than one behind, which no kill leaves, is an older copy. A store that holds no name is new, or was restored from the copy beside
the backups, and takes this database's. On PostgreSQL keys are in the database itself.
"""

import secrets

from django.db import transaction

from leeward.sealing import store
from leeward.sealing.fields import columns
from leeward.sealing.models import WordsStore
from leeward.sealing.rules.sealed_text import PREFIX


def is_of_this_database() -> bool:
    """Return whether nothing says that the store is another database's, has seen a later one, or is an older copy."""
    kept = store.mark()  # first: the database's number is never behind it
    own = WordsStore.objects.first()
    return kept is None or (_is_known(kept, own) and not _is_older(kept, own))


def is_older() -> bool:
    """Return whether the store is this database's, of an earlier moment: keys of what came in since may be missing."""
    kept = store.mark()
    return kept is not None and _is_older(kept, WordsStore.objects.first())


def note() -> None:
    """Let both remember that they belong together, unless one of them says otherwise. A store without a key has none to lose: it takes
    the name of a database that was begun anew beside it."""
    if is_of_this_database() or store.is_empty():
        tie()
    if not store.is_empty():
        WordsStore.objects.filter(empty_is_right=True).update(empty_is_right=False)


def tie() -> None:
    """Let both remember that they belong together, whatever they remember. Where one was killed between the two, or could not write to the
    store, the database is one ahead already, and stays so until the store has followed."""
    if not store.is_apart():
        return
    kept = store.mark()
    with transaction.atomic():
        own = known()
        if kept is not None and kept.name == own.name:
            WordsStore.objects.filter(pk=own.pk, number__lte=kept.number).update(number=kept.number + 1)
            own.refresh_from_db()
    store.set_mark(store.Mark(own.name, own.number))


def note_older() -> None:
    """Let a database of before they remembered, which gets the tables for it now, be known as one that was in use: where the store names
    another, or a later state of this one, a person is to look."""
    if store.mark() is not None:
        known()


def known() -> WordsStore:
    """Return the row of this database, which is made at first use."""
    row, _made = WordsStore.objects.get_or_create(pk=1, defaults={"name": secrets.token_hex(16)})
    return row


def is_lost() -> bool:
    """Return whether the store is missing or empty although there was one with keys, and nobody has seen that yet."""
    if store.is_missing():
        return WordsStore.objects.exists() or _holds_sealed()
    return store.is_empty() and not WordsStore.objects.filter(empty_is_right=True).exists() and _holds_sealed()


def _is_known(kept: store.Mark, own: WordsStore | None) -> bool:
    return own is not None and own.name == kept.name and own.number >= kept.number


def _is_older(kept: store.Mark, own: WordsStore | None) -> bool:
    return own is not None and own.name == kept.name and own.number > kept.number + 1


def _holds_sealed() -> bool:
    return any(
        field.model._base_manager.filter(**{f"{field.attname}__startswith": PREFIX}).exists() for field in columns()
    )
