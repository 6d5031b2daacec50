"""Errors raised by the hash bank."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class IndexUnreadable(LeewardError):
    """The folder of a hotline's bank is another user's, or no folder: its index can't even be looked for."""

    code = "index_unreadable"
    sentence = _("{path} can't be read: {why}.")
    hint = _(
        "Give it to the user that Leeward runs as (chown, chmod 700), on a disk that is not mounted read-only; or name another with "
        "--data or LEEWARD_DATA."
    )
    status = 503


class NoHash(LeewardError):
    """A record needs a hash by which it can be found again."""

    code = "no_hash"
    sentence = _("There is no usable hash, so it could never be found again.")
    hint = _("Pictures with too little detail have no usable picture hash; give a SHA-256.")


class HashesDisagree(LeewardError):
    """One kind of hash is equal and another differs, so these are two different files."""

    code = "hashes_disagree"
    sentence = _("The hashes are those of two different files: {kind} differs from record {record}.")
    hint = _("Compute all hashes of the file again; somebody may have made two files with one MD5.")
    status = 409


class AlreadySettled(LeewardError):
    """Somebody has already settled this."""

    code = "already_settled"
    sentence = _("Somebody has already settled this.")
    hint = _("Reload the list.")
    status = 409


class DecisionWaits(LeewardError):
    """Another decision about the record waits for a second person."""

    code = "decision_waits"
    sentence = _("A decision about this record is already waiting for a second person.")
    hint = _("Reload its page: it has to be confirmed, declined or withdrawn first.")
    status = 409


class SignatureRefused(LeewardError):
    """The file is not the one that was signed, or somebody else signed it."""

    code = "signature_refused"
    sentence = _("The signature of {path} is refused: {why}.")
    hint = _("Fetch the file again from whoever made it, and ask them for their key.")


class NothingPublished(LeewardError):
    """The list exists, but no version of it has been published."""

    code = "nothing_published"
    sentence = _("Nothing of the list {name} has been published yet.")
    hint = _("Come back later; the hotline publishes it.")
    status = 404


class NoSuchForm(LeewardError):
    """The list is not published in this format."""

    code = "no_such_form"
    sentence = _("This list is not published in this format.")
    hint = _("The formats are: {forms}.")
    status = 404

    def __init__(self, forms: str) -> None:
        super().__init__(hint=str(self.hint).format(forms=forms or "-"))


class VersionInFuture(LeewardError):
    """A client claims to hold a version that was never published."""

    code = "version_in_future"
    sentence = _("Version {version} has not been published; the newest one is {newest}.")
    hint = _("Fetch the list as a whole, without since.")
    status = 409


class VersionUnreadable(LeewardError):
    """`since` is not a version number."""

    code = "version_unreadable"
    sentence = _("since must be a version: a whole number from 1.")
    hint = _("Send the version of the list that you hold, or leave it out.")


class NoRoomForList(LeewardError):
    """The list would fill the disk."""

    code = "no_room_for_list"
    sentence = _("There is no room for this file: at most {most} MB can be taken now.")
    hint = _("Import it on the machine itself: leeward bank import FILE --source NAME")
    status = 507


class UploadMovedOn(LeewardError):
    """The request no longer fits the state of the upload."""

    code = "upload_moved_on"
    sentence = _("This list is no longer waiting for that.")
    hint = _("Reload its page.")
    status = 409


class ImportTakesTwo(LeewardError):
    """One person alone would change what records mean by this import, or import in the name of a new source."""

    code = "import_takes_two"
    sentence = _("One person alone can’t import this list: it does more than add what a registered source says.")
    hint = _("Have it read again, look at what it would change and propose it; a second person confirms it.")
    status = 409


class PreviewOutdated(LeewardError):
    """The preview was made by an earlier version and lacks something a person must see before importing the list."""

    code = "preview_outdated"
    sentence = _(
        "The preview of this list was made by an earlier version of Leeward and does not say everything that the list would change."
    )
    hint = _("Have the list read again, and import it after looking at the new preview.")
    status = 409


class BegunOtherwise(LeewardError):
    """An import of the same list was interrupted, and resuming it with these options would read the rest differently."""

    code = "begun_otherwise"
    sentence = _(
        "An import of this list was interrupted and can't continue with other options (before, now): {differences}."
    )
    hint = _("Give the same options as before; then it continues where it was.")
    status = 409


class NothingToSettle(LeewardError):
    """The record is not waiting for anybody's decision."""

    code = "nothing_to_settle"
    sentence = _("There is nothing to settle about this record.")
    hint = _("Reload the list; somebody may have settled it, or the sources now agree.")
    status = 409


class CategoriesUnmapped(LeewardError):
    """A list uses categories that nobody has mapped yet."""

    code = "categories_unmapped"
    sentence = _("Nothing was imported: nobody has said what these categories of the list mean: {categories}.")
    hint = _(
        "Say for each what it means, for example --category 3=leave-out, or name the table that the list goes by, for example "
        "--profile vics; see the how-to on lists of hashes."
    )


class VicsTableMissing(CategoriesUnmapped):
    """A VICS file names a country whose categories no table maps; another country's table would misread it."""

    code = "vics_table_missing"
    sentence = _(
        "Nothing was imported: the file is a VICS file of {country}, and what these categories mean there is not on record: {categories}."
    )
    hint = _(
        "Every country’s numbers mean something else. Ask whoever made the list, and say for each what it means, for example "
        "--category 3=leave-out or --categories TABLE.csv; see the how-to on lists of hashes."
    )
