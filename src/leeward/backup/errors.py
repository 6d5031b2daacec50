"""Errors about backups."""

from typing import Self

from leeward.audit.errors import KeyUnusable
from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing.errors import KeyDoesNotOpen
from leeward.sealing.key_copy import NAME as COPY


class NoBackup(LeewardError):
    """The folder has no backup, or none of this name."""

    code = "no_backup"
    sentence = _("There is no such backup in {folder}.")
    hint = _("See leeward backup list.")


class BackupNotMade(LeewardError):
    """A backup was begun and could not be finished; none of it counts."""

    code = "backup_not_made"
    sentence = _("No backup was made: {why}.")
    hint = _("Earlier backups are as they were. Mend it, then try again.")


class DatabaseDamaged(BackupNotMade):
    """The database can't be copied as one that could be put back."""

    code = "database_damaged"


class KeysNotRight(BackupNotMade):
    """The secret or a key is not the one that the database knows: what was restored from such a backup would not start."""

    code = "backup_keys"
    hint = KeyUnusable.hint


class BackupDamaged(LeewardError):
    """A backup is not as it was written."""

    code = "backup_damaged"
    sentence: object = _("The backup {name} is not whole: {why}.")
    hint: object = _(
        "Use an earlier one, or another copy of the folder. A damaged file in chunks/ is written anew by the next backup once you delete it."
    )


class BackupOfNewer(BackupDamaged):
    """A newer version made it, which says more of a backup than this one knows."""

    code = "backup_of_newer"
    sentence = _("The backup {name} was made by a newer Leeward ({version}), and this one can’t read it.")
    hint = _("Use that version, or one after it. Nothing says that the backup is damaged: keep it.")


class BackupWithoutKeys(BackupDamaged):
    """A backup lacks the secret or a key that its database was made with, or has another."""

    code = "backup_without_keys"
    hint = _(
        "Use an earlier one. If you need this one, restore it all the same, and copy that file from an earlier one that you restore into "
        "another folder; leeward serve starts then. Only if there is none: leeward keys accept NAME."
    )


class BackupOfOthers(BackupDamaged):
    """Another key signed it than those that somebody noted."""

    code = "backup_of_others"
    hint = _(
        "It is signed by {key}. If that is your installation’s key, as you noted it elsewhere (the line in audit.pub, on /proof), made anew since "
        "(leeward keys accept audit.key): give both, each by its own --signed-by. If it isn’t, somebody else put this backup there: take another."
    )

    @classmethod
    def of(cls, name: str, *, key: str) -> Self:
        """Return the error for the backup of this name, which this key signed."""
        assert isinstance(cls.hint, LazyText)
        hint = LazyText(cls.hint.message, key=key)
        return cls(hint, name=name, why=_("it is signed by another key than the one you trust"))


class NotLoaded(LeewardError):
    """A server failed while a backup was loaded into it for trial, whatever the backup is like."""

    code = "backup_not_loaded"
    sentence: object = _("The backup {name} was not proved to its end, since the PostgreSQL server failed: {why}.")
    hint: object = _(
        "That says nothing about the backup. Look at the server (its room, its connections), then prove it again."
    )


class ProgramNeeded(NotLoaded):
    """A program of PostgreSQL that reads a backup is not on this machine, or too old for it."""

    code = "backup_program"
    sentence: object = _("The backup {name} can’t be read on this machine: {why}.")
    hint: object = _(
        "That says nothing about the backup: delete nothing. Install PostgreSQL’s programs here, of the version of the server that it was made of "
        "or newer, then try again."
    )


class WordsCopyUnusable(BackupDamaged):
    """No backup there can be restored with the copy of the keys of words that lies beside them, or with none."""

    code = "backup_words"
    reason = _("{path} is not what it was")
    hint = _(
        "Copy it again from where this folder came from, or from another copy of the folder: no backup has one of its own. Only if it is lost "
        "for good: leeward backup restore --without-words gives back all but what reporters wrote."
    )

    @classmethod
    def of(cls, name: str, **values: object) -> Self:
        """Return the error for the backup of this name."""
        assert isinstance(cls.hint, LazyText)
        hint = LazyText(cls.hint.message, **values)
        return cls(hint, name=name, why=LazyText(cls.reason.message, path=COPY, **values))

    @property
    def why(self) -> LazyText:
        """Return what is wrong, as part of a sentence."""
        why = self.values["why"]
        assert isinstance(why, LazyText)
        return why


class WordsCopyDamaged(WordsCopyUnusable):
    """Somebody changed or cut it, or it isn't signed."""


class WordsCopyMissing(WordsCopyUnusable):
    """There is none."""

    reason = _("{path} is missing")


class WordsCopyOld(WordsCopyUnusable):
    """It was made for an earlier backup than the newest that lies there."""

    reason = _("{path} is older than the newest backup beside it")
    hint = _(
        "Copy it again from where this folder came from, in place of this one: cp -n and the like leave the older one there. If that is lost, "
        "or this one was made last of all, as where two folders were put together, move away the backups that it doesn’t go with, and keep "
        "them: {later}. The newest that is left is restored whole then. leeward backup restore --without-words gives back what the newest of "
        "all has, but for what reporters wrote."
    )


class WordsCopyOfOthers(WordsCopyUnusable):
    """Another key than that of the backup signed it: made anew since, or a stranger's."""

    reason = _("{path} is signed by another key ({key})")
    hint = _(
        "If that is your installation’s key, as you noted it elsewhere, made anew since (leeward keys accept audit.key): give both keys, each "
        "by its own --signed-by. If it isn’t, somebody exchanged the file: copy it again from another copy of the folder, or move it away."
    )


class WordsCopySealedToOthers(KeyDoesNotOpen):
    """The key opens the backup, and not the copy of the keys of words beside it, which may be as good as ever: it isn't given up for that."""

    code = "backup_words_sealed"
    sentence = _("This key opens the backup {name}, but not {path}, which is sealed to another key.")
    hint = _(
        "The newest backup opens by that key. Put its private key and that of this backup into one key file, and name that by --key. Only if it "
        "is lost for good: move words.keys away, keep it, and use --without-words."
    )


class WordsCopyGood(LeewardError):
    """Somebody would give up words that can be had."""

    code = "backup_words_there"
    sentence = _("Nothing was restored: the words can be restored as well.")
    hint = _("Leave --without-words out.")


class NotEmpty(LeewardError):
    """Restoring goes only where nothing is."""

    code = "not_empty"
    sentence = _("Nothing was restored: {place} is not empty.")
    hint = _("Restore into a new directory (--data), and with PostgreSQL into a new database.")


class FolderNotEmpty(NotEmpty):
    """It is a folder that something is in, maybe hidden."""

    sentence = _("Nothing was restored: {place} is not empty. In it: {what}.")
    hint = _(
        "Restore into a new directory (--data). What begins with .restoring- was left by a restoring that was cut off: unless one is still "
        "under way, delete it."
    )


class NotRestored(LeewardError):
    """Restoring could not be finished."""

    code = "not_restored"
    sentence = _("Nothing was restored: {why}.")
    hint = _("Empty the directory again, mend it, then try again.")


class BackupUnderWay(LeewardError):
    """Another process makes or thins out backups here."""

    code = "backup_under_way"
    sentence = _("Another backup is being made at {place}.")
    hint = _("Wait until it is finished.")


class StillHeld(LeewardError):
    """Something would have gone out of an installation that was restored, or took a hotline in, and that nobody confirmed yet."""

    code = "restored_held"
    sentence = _("Nothing goes out of this installation until somebody confirms that it is the one in use.")
    hint = _("See Administration, Restored or moved here, or leeward backup confirm.")
    status = 503


class NothingToConfirm(LeewardError):
    """Nothing is held."""

    code = "nothing_held"
    sentence = _("Nothing is held: nothing was restored or moved here, or somebody has confirmed it.")
    hint = ""
    status = 409


class StillBeingDone(LeewardError):
    """What was due when something was restored is still being done: confirmed now, what it leads to would go out a second time."""

    code = "still_being_done"
    sentence = _("What was due before the restoring is still being done: {count} more.")
    hint = _(
        "Let leeward serve run, with the key of words, and confirm again: what comes of it is then left to a person, since it may have gone "
        "before."
    )
    status = 409


class HotlineNotMoved(LeewardError):
    """One hotline's data was not exported or imported; all is as it was."""

    code = "hotline_not_moved"
    sentence = _("The hotline was not moved: {why}.")
    hint = _("Nothing was changed. See docs/how-to/second-country.md.")
    status = 409
