"""Labels of quality's pages."""

from django.utils.translation import gettext_lazy as _

RATE_NAMES = {
    "illegal_percent": _("Out of 100 cases that one person found illegal"),
    "closed_percent": _("Out of 100 cases that one person closed"),
    "untrained_percent": _("Out of 100 cases of somebody who has not passed the training"),
}

# The signs of a training pattern: what to look at for each fact, and what each sign is called.
SIGNS = {
    "medium": _("The frame"),
    "age_band": _("The row of dots"),
    "sex": _("The stripes on the left"),
    "act": _("The shape in the middle"),
    "real_person": _("The small square at the top right"),
    "self_generated": _("The diamond at the bottom left"),
}
SIGN_VALUES = {
    "solid": _("one line"),
    "double": _("two lines"),
    "dashed": _("a broken line"),
    "dotted": _("a line of points"),
    "lying": _("horizontal"),
    "upright": _("upright"),
    "crossed": _("crossed"),
    "triangle": _("a triangle"),
    "square": _("a square"),
    "circle": _("a circle"),
    "plus": _("a plus"),
    "filled": _("filled"),
    "hollow": _("hollow"),
    "": _("missing"),
}

# What a request for review is about.
ABOUT = {"case": _("A case"), "block": _("A block on a list")}

# Results of a request for review, in words for the public.
ENDS = {
    "upheld": _("We changed the decision"),
    "rejected": _("The decision stands"),
    "withdrawn": _("Withdrawn"),
    "open": _("Still open"),
}
