"""Errors about keys, and about words that can't be opened."""

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _


class KeyDoesNotOpen(LeewardError):
    """The key is of something else, or the passphrase is wrong."""

    code = "backup_key"
    sentence = _("This key can’t be used: {why}.")
    hint = _("Give the key file that leeward backup key made, with --key.")


class KeyTooSlow(KeyDoesNotOpen):
    """Opening it would take this machine many times as long as it took the one that sealed it, as far as it can tell now: nobody knows yet
    whether the passphrase is right."""


class WordsKeyUnusable(LeewardError):
    """The key of the words is missing, is another one, or can't be opened."""

    code = "words_key"
    sentence = _("words.key {what}.")
    hint = _(
        "Restore it from your backup to LEEWARD_DATA, with words.pub. Only if it is lost for good: see leeward words drill, then "
        "leeward words recover; where there is no recovery key, leeward words rotate --lost, and no words from before open any more."
    )
    status = 503


class WordsKeyUnreadable(WordsKeyUnusable):
    """A file of the key of the words is here, but can't be read: it is a folder, another user's, or on a failing disk."""

    sentence = _("{path} can't be read: {why}.")
    hint = _(
        "Let only the user that Leeward runs as read this file (chown, chmod 600), or restore it from your backup."
    )


class WordsStoreUnusable(WordsKeyUnusable):
    """The file with the keys of single texts is here, but can't be opened or written: it is another user's, a folder, damaged."""

    code = "words_store"
    sentence = _("{path} can’t be opened and written: {why}. It belongs to {owner}.")
    hint = WordsKeyUnreadable.hint


class WordsStoreDiskFull(WordsKeyUnusable):
    """The file with the keys of single texts can't be opened or written, since its disk has no room."""

    code = "words_store"
    sentence = _("The disk of {path} is full: nothing can be stored.")
    hint = _("Whoever runs the server makes room there, or moves the data to a larger disk.")
    passes = True


class WordsStoreLost(WordsKeyUnusable):
    """The keys of single texts are gone, and texts are here."""

    code = "words_store"
    sentence = _("{path} is missing or empty, and without it no words open that were sealed before.")
    hint = _(
        "Put it back, or restore the newest backup into a new folder and copy words.sqlite3 from there. Only if it is lost for good: "
        "leeward words keys --are-right."
    )


class WordsTableLost(WordsStoreLost):
    """The same on PostgreSQL, where they are in a table."""

    sentence = _(
        "The table sealing_datakey of the database {path} is empty, and without what was in it no words open that were sealed before."
    )
    hint = _(
        "Restore the newest backup into a new folder and a new database, and go on with these, or put that table back from there. Only if "
        "it is lost for good: leeward words keys --are-right."
    )


class UnusedKeysStay(LeewardError):
    """The sweep destroys none of the keys that no text seems to need: it isn't certain that none does."""

    code = "words_unused_stay"
    sentence = _("The keys of words that no text needs are not destroyed: {why}.")
    hint = _("Put the right database back. If this is the right one: leeward words keys --are-right.")
    status = 503


class DatabaseBehind(UnusedKeysStay):
    """The database is not the one that the keys belong to, or the keys have seen a later state of it: then rows may be missing, too."""

    sentence = _(
        "leeward.sqlite3 is another one than the keys of words beside it belong to, or an older one: what came in since may be missing. No key "
        "is destroyed."
    )
    hint = _(
        "If leeward.sqlite3 was copied without leeward.sqlite3-wal, stop the service and copy both again, or restore a backup. If this is the "
        "right one: leeward words keys --are-right."
    )


class StoreBehind(UnusedKeysStay):
    """The keys are of an earlier state than this database: some of what came in since may be missing."""

    sentence = _(
        "{path} is older than leeward.sqlite3 beside it: keys of words that came in since may be missing, and without them these words don’t "
        "open. No key is destroyed."
    )
    hint = _(
        "Stop the service and put the newest words.sqlite3 back, with words.sqlite3-wal if there is one; or restore the newest backup into a "
        "new folder and copy words.sqlite3 from there. Only if there is no newer one: leeward words keys --are-right."
    )


class WordsLocked(LeewardError):
    """Something needs words, and this process holds no key to them."""

    code = "words_locked"
    sentence = _("The words of reports are sealed, and this process holds no key to them.")
    hint = _("Give the passphrase of words.key in LEEWARD_WORDS_PASSPHRASE_FILE.")
    status = 503


class PassphraseNotGiven(WordsKeyUnusable):
    """The key of the words is here, and closed."""

    hint = _(
        "Give the passphrase of words.key in LEEWARD_WORDS_PASSPHRASE_FILE. Only if nobody knows it any more: leeward words recover with the "
        "recovery key; where there is none, leeward words rotate --lost, and no words from before open any more."
    )


class PassphraseNotTried(PassphraseNotGiven):
    """It is given, and this machine has no time to try it, as while everything starts at once."""

    passes = True
