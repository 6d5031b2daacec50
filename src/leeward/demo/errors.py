"""What can go wrong while the demonstration is played."""

from leeward.foundation.errors import LeewardError


class NotOnPage(LeewardError):
    """A form, field, choice, button or link that should be on a page is not there."""

    code = "demo_page"
    sentence = "There is no {what} on the page {address}."
    hint = "The page has changed, or it is another page than expected."


class DidNotHappen(LeewardError):
    """Something that the demonstration waited for did not happen."""

    code = "demo_did_not_happen"
    sentence = "After {seconds} s there was still no sign of this: {what}."
    hint = "Look at what the page, the mail server or the web host shows."


class StepUnknown(LeewardError):
    """The demonstration played a step that is not in its list."""

    code = "demo_step"
    sentence = "The demonstration has no step named {step}."
    hint = "Take a name from the list in steps.py."
