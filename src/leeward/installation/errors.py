"""Errors when the installation's settings are changed."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class ValueDoesNotFit(LeewardError):
    """An invalid value for a setting."""

    code = "value_does_not_fit"
    sentence = "{what}: {why}"
    hint = _("Correct it and send it again; nothing was changed.")

    def __init__(self, *, name: str, what: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(what=what, why=why)


class SetByTheMachine(LeewardError):
    """The machine's environment fixes this setting; the desk can't change it."""

    code = "set_by_the_machine"
    sentence = _("The machine’s environment sets {variable}. It can’t be changed here.")
    hint = _("Whoever runs the machine has to remove it from the environment and restart Leeward.")
    status = 409


class ReasonMissing(LeewardError):
    """A change that affects every hotline needs a reason."""

    code = "reason_missing"
    sentence = _("There is no reason for the change.")
    hint = _("Write in a few words why. Colleagues read it beside the change.")


class TriedTooOften(LeewardError):
    """Many tests in a short time."""

    code = "tried_too_often"
    sentence = _("Too many tests ran in the last few minutes.")
    hint = _("Wait a minute, then try again.")
    status = 429
