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
        "leeward words recover."
    )
    status = 503


class WordsKeyUnreadable(WordsKeyUnusable):
    """A file of the key of the words is here, but can't be read: it is a folder, another user's, or on a failing disk."""

    sentence = _("{path} can't be read: {why}.")
    hint = _(
        "Let only the user that Leeward runs as read this file (chown, chmod 600), or restore it from your backup."
    )


class WordsLocked(LeewardError):
    """Something needs words, and this process holds no key to them."""

    code = "words_locked"
    sentence = _("The words of reports are sealed, and this process holds no key to them.")
    hint = _("Give the passphrase of words.key in LEEWARD_WORDS_PASSPHRASE_FILE.")
    status = 503


class PassphraseNotGiven(WordsKeyUnusable):
    """The key of the words is here, and closed."""

    hint = WordsLocked.hint
