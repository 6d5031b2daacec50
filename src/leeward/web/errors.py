"""What an error page says for each kind of refusal: a title, a sentence, what to do next."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The text of one error page."""

    title: str | Promise
    sentence: str | Promise
    hint: str | Promise
    code: str = ""
    hint_on_desk: str | Promise = ""


BAD_REQUEST = ErrorText(
    _("We could not read this"),
    _("Your browser sent something that we can’t read."),
    _("Go back, check what you wrote, and send it again."),
    "bad_request",
)
REFUSED = ErrorText(
    _("This page is not open to you"),
    _("It needs a role that you don’t have here, or you are not signed in."),
    _("Staff can sign in at the desk. Everybody else can start from the first page."),
    "refused",
)
FORGED = ErrorText(
    _("We can’t tell where this form comes from"),
    _("The form was open for too long, was sent from another page, or your browser did not keep the desk’s cookie."),
    _("Go back, load the page again, and send the form again."),
    "forged",
)
NOT_FOUND = ErrorText(
    _("There is no such page"),
    _("The address may be mistyped, or the page has moved."),
    _("Start from the first page. If you wanted to report something, you can do so there."),
    "not_found",
    _("Check the address or search for it."),
)
WRONG_METHOD = ErrorText(
    _("This page can’t be opened like this"),
    _("It can only be read, or only be reached by sending a form."),
    _("Go back, or start from the first page."),
    "wrong_method",
)
TOO_LARGE = ErrorText(
    _("This is too much at once"),
    _("What was sent is larger than {most} and was not read."),
    _("Go back and send less. One address is enough; pictures and files are never accepted here."),
    "too_large",
)
TOO_MANY = ErrorText(
    _("Please wait a minute"),
    _("Too many tries came from your network in a short time."),
    _("Wait a minute, then try again. Nothing that you sent before is lost."),
    "too_many",
)
BROKEN = ErrorText(
    _("Something broke here"),
    _("It is our fault, not yours. Nothing that was sent before is lost."),
    _("Try again in a few minutes. If a child is in danger now, call the police."),
    "broken",
)
