"""The base class of every error that a person may see."""

from leeward.foundation.actor import Decision
from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _


class LeewardError(Exception):
    """A reason why an act is refused; shown alike on a page, as problem+json and by the command.

    Subclasses name the reason and set `code` (stable, snake_case), `sentence` (one sentence, may hold {placeholders})
    and `hint` (what to do next). `status` is the HTTP status that fits. `passes`: what is wrong may end without anybody: a server that
    it keeps from starting is started again.
    """

    code: str = "error"
    sentence: object = _("Something did not work.")  # text that is translated when shown
    hint: object = ""
    status: int = 400
    passes: bool = False

    def __init__(self, hint: object = None, **values: object) -> None:
        self.values = values
        if hint is not None:
            self.hint = hint
        super().__init__(self.text)

    @property
    def lazy_text(self) -> object:
        """Return the message as something that can be stored and translated later, if the sentence comes from pure code."""
        return LazyText(self.sentence.message, **self.values) if isinstance(self.sentence, LazyText) else self.text

    @property
    def text(self) -> str:
        """Return the sentence with its values filled in."""
        return str(self.sentence).format(**self.values) if self.values else str(self.sentence)


class BadInput(LeewardError):
    """The input can't be read as what it should be."""

    code = "bad_input"
    sentence = _("{what} can't be read: {why}.")
    hint = _("Correct it and try again; nothing was changed.")


class TextTooLong(LeewardError):
    """A text is longer than we keep. All of it is refused: a part could mean something else."""

    code = "text_too_long"
    sentence = _("This is {number} characters long, and {most} is the most we can take. Shorten it.")
    hint = _("Correct it and try again; nothing was changed.")
    status = 422

    def __init__(self, entered: str, most: int) -> None:
        super().__init__(number=len(entered), most=most)
        self.entered, self.most = entered, most


class NotAllowed(LeewardError):
    """The actor may not do this."""

    code = "not_allowed"
    sentence = _("This is not allowed: {reason}.")
    hint = _("Ask a supervisor or an administrator of your hotline.")
    status = 403


def require(decision: Decision) -> None:
    """Raise NotAllowed with the reason if the answer of a `may_*` predicate is a refusal."""
    if not decision:
        raise NotAllowed(reason=decision.reason)


class NotFound(LeewardError):
    """Nothing has this name or number, or it belongs to another hotline."""

    code = "not_found"
    sentence = _("There is no {what} with this name or number here.")
    hint = _("Check the address or search for it.")
    status = 404
