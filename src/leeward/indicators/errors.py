"""Errors of this slice."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class FigureUnusable(LeewardError):
    """A figure can't be kept as it was typed."""

    code = "figure_unusable"
    sentence = _("This can’t be a figure: {why}.")
    hint = _("Nothing was changed.")
    status = 422


class WordsUnusable(LeewardError):
    """A text for a year’s report can't be kept as it was written."""

    code = "words_unusable"
    sentence = _("This text was not kept: {why}.")
    hint = _("Nothing was changed.")
    status = 422


class SeriesUnusable(LeewardError):
    """A yearly series of others can't be taken in."""

    code = "series_unusable"
    sentence = _("This table was not taken in: {why}.")
    hint = _("Nothing was changed.")
    status = 422


class NotPublishable(LeewardError):
    """A year's figures can't be published as they stand."""

    code = "not_publishable"
    sentence = _("These figures were not published: {why}.")
    hint = _("Nothing was changed.")
    status = 422


class NoSuchFigure(LeewardError):
    """No indicator has this name."""

    code = "no_such_figure"
    sentence = _("No figure is called “{name}”.")
    hint = _("The list of figures has every name.")
    status = 404


class NothingPublished(LeewardError):
    """A portal's figures of a year were never published."""

    code = "nothing_published"
    sentence = _("No figures of {year} were published for {portal}.")
    hint = _("Ask for another year.")
    status = 404


class NothingCounted(LeewardError):
    """Nothing came in during a year, and nothing was typed in about it."""

    code = "nothing_counted"
    sentence = _("Nothing is known of {year} for {portal}: nothing came in, and nothing was typed in.")
    hint = _("Figures are counted each night; ask for another year.")
    status = 404
