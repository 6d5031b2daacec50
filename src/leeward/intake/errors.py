"""Errors about reports and what comes after them."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class FormKeyMissing(LeewardError):
    """The form lacks the key that makes a repeated submit count once."""

    code = "form_key_missing"
    sentence = _("This form is not complete: the part that keeps it from being counted twice is missing.")
    hint = _("Open the page again and send it once more.")


class AlreadyWithdrawn(LeewardError):
    """The report was withdrawn; nothing can be added to it any more."""

    code = "report_withdrawn"
    sentence = _("This report was withdrawn.")
    hint = _("Whoever sent it can report again at any time.")
    status = 409


class TooMuch(LeewardError):
    """More than one report can hold."""

    code = "too_much_for_one_report"
    sentence = _("One report takes {addresses} addresses, {characters} characters of text and {messages} additions.")
    hint = _("Send the rest as a new report.")


class ReportNotComplete(LeewardError):
    """A report that a program sent lacks something, or holds something that can't be taken."""

    code = "report_not_complete"
    sentence = _("This report can’t be taken as it is: {problems}")
    hint = _("Correct it and send it again with the same idempotency key.")
    status = 422


class PortalIsClosed(LeewardError):
    """The portal takes no reports."""

    code = "portal_is_closed"
    sentence = _("This portal takes no reports now.")
    hint = _("Show the reporter whom to call in danger, and keep what they wrote on their screen.")
    status = 409


class SlowDown(LeewardError):
    """More reports at once than one key may send; urgent ones have an allowance of their own."""

    code = "too_fast"
    sentence = _("That was too many requests in a short time.")
    hint = _("Wait five seconds and send the same report again with the same idempotency key.")
    status = 429


class NothingTyped(LeewardError):
    """An addition, a question or an answer has no text."""

    code = "nothing_said"
    sentence = _("There is nothing in it yet.")
    hint = _("Write something first.")


class QuestionIsSettled(LeewardError):
    """The question was answered before, or belongs to another report."""

    code = "question_is_settled"
    sentence = _("This question has already been answered, or we withdrew it.")
    hint = _("If there is more to say, add it to the report.")
    status = 409


class ReportIsClosed(LeewardError):
    """The work on this report is done, so it takes no more questions or answers."""

    code = "report_is_closed"
    sentence = _("This report is closed, so nothing more is asked about it.")
    hint = _("If there is more to say, it can be added to the report.")
    status = 409


class CodeTaken(LeewardError):
    """The code is already used by another question."""

    code = "question_code_taken"
    sentence = _("There is a question with this code already.")
    hint = _("Choose another code, or change the question that has it.")
    status = 409


class NothingToReview(LeewardError):
    """There is no decision yet, or a review of it is already under way."""

    code = "nothing_to_review"
    sentence = _("There is no decision yet to review, or somebody is reviewing it already.")
    hint = _("Come back when the report is closed.")
    status = 409


class AppealAnswered(LeewardError):
    """The request for review is answered, or as long as one can be, so nothing can be added."""

    code = "appeal_answered"
    sentence = _("You can’t add to this request: it has been answered, or it is full.")
    hint = _("Send what you have to add as a new request.")
    status = 409


class UnknownReason(LeewardError):
    """The state or reason is not in the table of what reporters are told."""

    code = "unknown_reason"
    sentence = _("A reporter can’t be told “{state}” with the reason “{reason}”.")
    hint = _("The states and reasons that a reporter can be told are listed in intake/rules/standing.py.")


class ListUnreadable(LeewardError):
    """The list of reports is not a CSV with known columns."""

    code = "list_unreadable"
    sentence = _("The list can’t be read: {why}.")
    hint = _("Save it as CSV in UTF-8 with the columns named in the first line; “where” or “words” is needed.")


class NoMoreStatements(LeewardError):
    """There is a statement already, or the request is answered."""

    code = "no_more_statements"
    sentence = _("This request already has a statement, or it has been answered.")
    hint = _("If you do not agree with the answer, ask once more with a new request.")
    status = 409
