"""What can go wrong when the installation is set."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class ValueDoesNotFit(LeewardError):
    """A value that a choice can't have."""

    code = "value_does_not_fit"
    sentence = "{what}: {why}"
    hint = _("Correct it and send it again; nothing was changed.")

    def __init__(self, *, name: str, what: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(what=what, why=why)


class SetByTheMachine(LeewardError):
    """The environment of the machine says what this is; the desk can't change it."""

    code = "set_by_the_machine"
    sentence = _("The machine’s environment sets {variable}. It can’t be changed here.")
    hint = _("Whoever runs the machine has to remove it from the environment and restart Leeward.")
    status = 409


class ReasonMissing(LeewardError):
    """A change that holds for everybody, without a reason."""

    code = "reason_missing"
    sentence = _("There is no reason for the change.")
    hint = _("Write in a few words why. Colleagues read it beside the change.")


class TriedTooOften(LeewardError):
    """Many tests in a short time."""

    code = "tried_too_often"
    sentence = _("Too many tests ran in the last few minutes.")
    hint = _("Wait a minute, then try again.")
    status = 429
