"""Errors of this slice."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class CourseExists(LeewardError):
    """There is a course with this short name."""

    code = "course_exists"
    sentence = _("There is a course with this short name already.")
    hint = _("Choose another short name.")
    status = 409


class SessionExists(LeewardError):
    """The course has a session on this day at this place."""

    code = "course_session_exists"
    sentence = _("The course has a session on this day at this place already.")
    hint = _("It is in the list.")
    status = 409


class PersonThere(LeewardError):
    """This person took part in this course until this day already."""

    code = "participation_exists"
    sentence = _("It is on record already that this person took part until this day.")
    hint = _("Nothing was changed.")
    status = 409


class CourseInUse(LeewardError):
    """People took part in it."""

    code = "course_in_use"
    sentence = _("Somebody took part in it, so it stays on record.")
    hint = _("Nothing was changed.")
    status = 409


class TooManyCourses(LeewardError):
    """A hotline would have more courses than it may."""

    code = "courses_full"
    sentence = _("A hotline has at most {most} courses.")
    hint = _("Nothing was changed.")
    status = 422


class ExportTooLarge(LeewardError):
    """More rows than a page gives."""

    code = "training_export_too_large"
    sentence = _("A course with more than {most} rows is not exported by the page.")
    hint = _("Use the command leeward training list.")
    status = 422
