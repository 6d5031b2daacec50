"""Limits of a day, and why nothing more is shown, in the reader's language."""

from django.utils.translation import gettext_lazy as _

STOPS = {
    "off": _("You said “not today”: nothing new is shown to you today."),
    "evening": _("It is late: nothing new is shown after this hour."),
    "hours": _("You have reached today’s limit for time with material."),
    "previews": _("You have reached today’s limit for previews."),
    "rest": _("It is time for a break."),
}
NO_ROOM = _("This view would take you over today’s limit.")
STOPS_UNTIL = _("It is time for a break: go on at %(time)s.")
NEARING = {
    "hours": _("You have nearly reached today’s limit for time with material."),
    "previews": _("You have nearly reached today’s limit for previews."),
    "rest": _("A break is due soon."),
    "evening": _("In less than half an hour, nothing new will be shown."),
}
LIMIT_NAMES = {
    "desk_minutes": _("Minutes with material in a day"),
    "previews": _("Previews in a day, by weight"),
    "stretch_minutes": _("Minutes until a break"),
    "break_minutes": _("Minutes of a break"),
    "last_hour": _("Hour from which nothing new is shown"),
    "clear_weight": _("A full clear view counts as this many blurred ones"),
    "heavy_weight": _("Material of category B counts this many times"),
    "heaviest_weight": _("Material of category A, or with an infant, counts this many times"),
}
CLASHES = {
    "heaviest_weight": _("Category A is the most severe: it can’t count less than category B."),
    "previews": _("One clear view at category A would be more than a whole day’s previews: nobody could ever see one."),
}
