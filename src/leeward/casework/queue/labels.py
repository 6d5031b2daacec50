"""Labels of filters, saved views and lists, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.casework import labels
from leeward.casework.queue.rules.filters import Filters
from leeward.casework.queue.rules.views import VIEWS
from leeward.casework.rules.states import STATES

AGES: dict[str, str | Promise] = {
    "day": gettext_lazy("Less than a day"),
    "week": gettext_lazy("Less than a week"),
    "month": gettext_lazy("Less than a month"),
    "older_week": gettext_lazy("More than a week"),
    "older_month": gettext_lazy("More than a month"),
    "older_year": gettext_lazy("More than a year"),
}
HOLDERS: dict[str, str | Promise] = {
    "nobody": gettext_lazy("Nobody"),
    "me": gettext_lazy("You"),
    "somebody": gettext_lazy("Somebody"),
}
FLAGS: dict[str, str | Promise] = {
    "urgent": gettext_lazy("Urgent"),
    "known": gettext_lazy("Known"),
    "held": gettext_lazy("Held"),
    "appealed": gettext_lazy("Review requested"),
    "returned": gettext_lazy("Back again"),
    "news": gettext_lazy("New replies"),
}
SOURCES: dict[str, str | Promise] = {**labels.SOURCES}

# What a shared assessment leads to in one of the cases, and what can prevent it.
FORESEEN: dict[str, str | Promise] = {
    "find_illegal": gettext_lazy("Decided as illegal. Nobody is told before somebody has checked its messages."),
    "find_other": gettext_lazy("Closed with this reason."),
    "ask_second": gettext_lazy("Goes to a second assessment: somebody else assesses it alone and blind."),
}
LINKED_BY: dict[str, str | Promise] = {
    "host": gettext_lazy("The same site"),
    "file": gettext_lazy("The same file"),
    "owner_email": gettext_lazy("The same owner’s address"),
    "registrar_account": gettext_lazy("The same account at the registrar"),
    "registrant": gettext_lazy("The same registrant"),
}
REFUSALS: dict[str, str | Promise] = {
    "not_waiting": gettext_lazy("It is not waiting for a first assessment."),
    "not_decided": gettext_lazy("It is not waiting for action."),
    "urgent_alone": gettext_lazy("It is urgent: it has to be handled separately."),
    "case_is_taken": gettext_lazy("Somebody else holds it."),
    "facts_missing": gettext_lazy("To call it illegal, the medium and the severity are needed."),
    "nothing_new_now": gettext_lazy("You have reached a limit for today; urgent cases can still be read."),
    "not_allowed": gettext_lazy("You can no longer assess."),
    "wrong_transition": gettext_lazy("Somebody has moved it on in the meantime."),
    "failed": gettext_lazy("Something went wrong here."),
}


def filter_labels(filters: Filters) -> list[tuple[str, str]]:
    """Return the set filters as pairs of a label and its value."""
    pairs = [(_("View"), str(VIEWS[filters.view].title))] if filters.view and not filters.q else []
    pairs += [(_("Search"), filters.q)] if filters.q else []
    pairs += [(_("State"), str(STATES[filters.state].label))] if filters.state else []
    tables = (
        (_("Place"), labels.PLACES, filters.place),
        (_("Received"), AGES, filters.age),
        (_("Source"), SOURCES, filters.source),
        (_("Assigned to"), HOLDERS, filters.holder),
    )
    pairs += [(name, str(table.get(value, value))) for name, table, value in tables if value]
    pairs += [(_("Country"), filters.country)] if filters.country else []
    pairs += [(_("Host"), filters.host)] if filters.host else []
    if filters.known:
        pairs.append((_("Match"), _("Known") if filters.known == "yes" else _("Not known")))
    return pairs + [(_("Mark"), str(FLAGS[flag])) for flag in filters.flags]
