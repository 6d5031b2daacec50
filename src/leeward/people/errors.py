"""What can go wrong with accounts and portals."""

from django.utils.translation import gettext_lazy as _

from leeward.ground.errors import LeewardError


class NameIsTaken(LeewardError):
    """A slug or e-mail address that is in use, or a portal name that is one of our own paths."""

    code = "name_is_taken"
    sentence = _("{name} is already in use.")
    hint = _("Choose another.")


class UnknownRole(LeewardError):
    """A role that there isn't."""

    code = "unknown_role"
    sentence = _("{role} is not a role.")
    hint = _("Roles are administrator, supervisor, analyst, police_liaison and auditor.")


class NeedsAnotherPerson(LeewardError):
    """Two persons are needed and this is the same one."""

    code = "needs_another_person"
    sentence = _("This takes a second person: whoever asked, and whoever it is about, can't approve it.")
    hint = _("Ask a colleague with the role of administrator or supervisor.")
    status = 403


class NothingToSettle(LeewardError):
    """The request was settled before."""

    code = "nothing_to_settle"
    sentence = _("This request was settled before.")
    hint = _("Look at the list of accounts for how things stand.")
    status = 409
