"""Before the copy of the keys of words that lies in a place is replaced: whether the new one lacks keys that nobody destroyed on purpose.

The store remembers each copy that was made of it, by its SHA-256, and the one that it was restored from. Whatever is in such a copy was in
the store, and what is missing by now was destroyed on purpose. Any other copy may be the only one of its keys. In it lie the files, too,
that opened them then, and may be the only ones that do, where a desk key was given up as lost: these go into the new copy, still sealed.
"""

from pathlib import Path

from leeward.audit.keys import public_key
from leeward.audit.rules.signatures import is_signed
from leeward.backup.errors import BackupNotMade
from leeward.backup.places import Place
from leeward.backup.rules.manifest import read_stamp
from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing.errors import PassphraseNotGiven
from leeward.sealing.key_copy import NAME, CopyDamaged, note_of, sealed_files_in
from leeward.sealing.queries import has_older_tables, may_need_other_keys, problems_of_key, problems_of_store
from leeward.sealing.store import has_copied

UNKNOWN = "0" * 16  # the name of a file in a copy that says none


def need_replaceable(place: Place, scratch: Path) -> dict[str, bytes]:
    """Return the files in the copy there that may open texts which the words.key here doesn't, by their names, sealed. Raises BackupNotMade
    where keys would be lost, and OSError. A copy that nobody signed, or that isn't whole, can't be restored anyway. A store that was copied
    by older versions alone knows of no copy yet, and those have no number. Nor is a backup made without the key that opens them: it would
    take the place of one that has it."""
    if has_older_tables():
        raise BackupNotMade(why=_("the tables are old; run leeward serve once"))
    for wrong in (*problems_of_key(), *problems_of_store()):
        if not isinstance(wrong, PassphraseNotGiven):
            raise BackupNotMade(why=wrong.text.rstrip("."))
    there = scratch / f"{NAME}.there"
    try:
        place.fetch(NAME, there)
        digest, note = note_of(there)
        stamp = read_stamp(note)
        if stamp is None or not is_signed(stamp.signed_text(digest), stamp.signature, stamp.signed_by):
            return {}
        older = sealed_files_in(there, stamp.files or [UNKNOWN]) if may_need_other_keys() else {}
    except (FileNotFoundError, CopyDamaged):
        return {}
    finally:
        there.unlink(missing_ok=True)
    is_first = not has_copied() and not stamp.number and stamp.signed_by == public_key()
    if not has_copied(digest) and stamp.signed_by != public_key():
        raise BackupNotMade(
            why=_(
                "{name} there has keys of words that are not here, and is signed by another key ({key}): another installation makes its backups "
                "in this folder; name a folder of its own",
                name=NAME,
                key=stamp.signed_by,
            )
        )
    if not is_first and not has_copied(digest):
        raise BackupNotMade(
            why=_(
                "{name} there has keys of words that are not here, and would be replaced; only if nobody needs the backups beside it any "
                "more, move it away",
                name=NAME,
            )
        )
    return older
