"""Errors of this slice."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class FigureUnusable(LeewardError):
    """A figure can't be kept as it was typed."""

    code = "figure_unusable"
    sentence = _("This can’t be a figure: {why}.")
    hint = _("Nothing was changed.")
    status = 422


class NotPublishable(LeewardError):
    """A year's figures can't be published as they stand."""

    code = "not_publishable"
    sentence = _("These figures were not published: {why}.")
    hint = _("Nothing was changed.")
    status = 422
