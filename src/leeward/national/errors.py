"""Errors of this slice."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class FrameworkUnusable(LeewardError):
    """A file that is no framework; `why` says what is wrong in which line."""

    code = "framework_unusable"
    sentence = _("This is no framework that can be used: line {line}: {why}.")
    hint = _("Correct this line and upload it again; nothing was changed.")
    status = 422

    def __init__(self, *, line: int, why: object) -> None:
        super().__init__(line=line, why=why)


class FrameworkExists(LeewardError):
    """There is a framework with this name and version."""

    code = "framework_exists"
    sentence = _("There is a framework {name} with the version {version} already.")
    hint = _("Give the file another version; assessments keep the one that they were made with.")
    status = 409


class TooManyFrameworks(LeewardError):
    """A hotline would have more frameworks than it may."""

    code = "frameworks_full"
    sentence = _("A hotline has at most {most} frameworks.")
    hint = _("Nothing was changed.")
    status = 422


class SelfAssessmentExists(LeewardError):
    """This country has a self-assessment of this year by this framework."""

    code = "self_assessment_exists"
    sentence = _("There is a self-assessment of this country and year by this framework already.")
    hint = _("It is in the list.")
    status = 409


class YearUnusable(LeewardError):
    """The year is not one that can be assessed."""

    code = "self_assessment_year"
    sentence = _("The year must be from 2000 to this one.")
    hint = _("Choose another year.")
    status = 422


class SelfAssessmentClosed(LeewardError):
    """A closed self-assessment stays as it is."""

    code = "self_assessment_closed"
    sentence = _("This self-assessment is closed, so it stays as it is.")
    hint = _("What has changed since belongs in the next year’s.")
    status = 409


class QuestionsOpen(LeewardError):
    """Some questions have no answer."""

    code = "questions_open"
    sentence = _("Questions without an answer: {number}. Nothing was closed.")
    hint = _("Answer each of them, if need be with “not known”.")
    status = 409


class AnswersThere(LeewardError):
    """Somebody has answered a question."""

    code = "self_assessment_has_answers"
    sentence = _("Somebody has answered questions here, so it stays.")
    hint = _("Nothing was changed.")
    status = 409


class AnswerUnusable(LeewardError):
    """An answer that can't be right; `faults` says of which field and why."""

    code = "answer_unusable"
    sentence = _("The answer can’t be saved as it is.")
    hint = _("Correct it; nothing was changed.")
    status = 422

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


class FileNotMade(LeewardError):
    """The library for a format is missing."""

    code = "self_assessment_file"
    sentence = _("Files of this kind can’t be made here.")
    hint = _("Take the CSV, or ask whoever runs the server.")
    status = 404
