"""Errors of the register of laws."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class BadLawFile(LeewardError):
    """A data file of the register is invalid."""

    code = "bad_law_file"
    sentence = _("{file}, line {line}{field}: {why}.")
    hint = _("Correct this line; nothing was loaded.")

    def __init__(self, *, file: str, line: int, field: str, why: object) -> None:
        super().__init__(file=file, line=line, field=f", {field}" if field else "", why=why)
        self.line = line
        self.field = field


class UnknownJurisdiction(LeewardError):
    """The jurisdiction is not in the register."""

    code = "unknown_jurisdiction"
    sentence = _("There is no jurisdiction {code} in the register.")
    hint = _("Use a two-letter country code (ISO 3166-1) such as JM, a part such as AU-NSW, or INTERPOL_BASELINE.")
    status = 404


class BeforeAnyLaw(LeewardError):
    """The date is before every law in the register."""

    code = "before_any_law"
    sentence = _("{on} is before any law in the register; the first is of {first}.")
    hint = _("Give a later date.")


class ChangedOnTheDesk(LeewardError):
    """Files to be loaded were edited on the desk since they were last loaded."""

    code = "changed_on_the_desk"
    sentence = _("These files were changed on the desk since they were last loaded: {codes}.")
    hint = _(
        "Export them and merge both texts, or load with --replace to discard the desk’s changes; nothing was loaded."
    )
    status = 409


class NothingChanged(LeewardError):
    """The proposed text is the one in force."""

    code = "nothing_changed"
    sentence = _("This text is the one in force.")
    hint = _("Change something, or leave the page.")


class ReadingChanged(LeewardError):
    """The reading changed after its form was opened, or others were inserted before it."""

    code = "reading_changed"
    sentence = _("This reading has changed since you opened it.")
    hint = _("Nothing was saved. Open it again from the list of readings; what you wrote is still below.")
    status = 409


class PreviewIsOld(LeewardError):
    """What a sheet changes is no longer what its preview showed."""

    code = "preview_is_old"
    sentence = _("The preview below is new: the readings, or your choice, have changed since the last one.")
    hint = _("Nothing was proposed. Look at it, then propose.")
    status = 409


class NeedsAnotherReviewer(LeewardError):
    """The proposer of a change to the law's data can't accept it."""

    code = "needs_another_reviewer"
    sentence = _("A second person has to accept a change of the law’s data.")
    hint = _("Ask a colleague to look at it.")
    status = 403


class AlreadyDecided(LeewardError):
    """The proposed change was already decided, or the file was changed meanwhile."""

    code = "already_decided"
    sentence = _("This change has already been decided, or the file has changed since it was proposed.")
    hint = _("Review the current file and propose again.")
    status = 409


class FormatNotInstalled(LeewardError):
    """The library that writes a format is not installed."""

    code = "format_not_installed"
    sentence = _("Nothing that writes {kind} is installed.")
    hint = _("Install Leeward with this extra, or take another format: akn, html and md need nothing.")


class NothingToDraft(LeewardError):
    """Nothing in the country's law is missing or unknown."""

    code = "nothing_to_draft"
    sentence = _("There is nothing to draft for {country}: each criterion is met, and grooming is an offence.")
    hint = _("Ask for all clauses to see the model's text.")
    status = 404
