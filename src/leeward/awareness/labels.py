"""Labels of the catalogue; translated where they are shown."""

from django.utils.translation import gettext_lazy as _

from leeward.awareness.rules.vocabulary import CRITERIA

AUDIENCES = {
    "child": _("Children"),
    "parent": _("Parents"),
    "teacher": _("Teachers"),
    "social_worker": _("Social workers"),
    "police": _("Police"),
    "industry": _("Companies"),
}
TOPICS = {
    "bullying": _("Bullying"),
    "strangers": _("Strangers"),
    "pictures": _("Pictures"),
    "blackmail": _("Blackmail"),
    "content": _("Things not meant for children"),
    "commerce": _("Buying and advertising"),
    "time": _("Time online"),
    "reporting": _("Reporting"),
}
FORMS = {
    "page": _("Web page"),
    "document": _("Document"),
    "video": _("Video"),
    "game": _("Game"),
    "course": _("Course"),
    "collection": _("Collection"),
}
CRITERIA_WORDS = dict(
    zip(
        CRITERIA,
        (
            _("What it says is right"),
            _("It suits the audience and the ages that its entry names"),
            _("It blames no child for what happened"),
            _("It says where to find help"),
            _("It sells nothing and asks for no data about children"),
            _("Its licence allows what we do with it"),
        ),
        strict=True,
    )
)
LINKS = {
    "unchecked": _("Address not checked"),
    "answers": _("Address answers"),
    "unsure": _("Address did not answer"),
    "gone": _("Address is gone"),
}
VERDICTS = {"": _("Not reviewed"), "good": _("Recommended"), "refused": _("Refused")}
SHOWS = {
    "": _("All"),
    "unreviewed": _("Not reviewed"),
    "good": _("Recommended"),
    "refused": _("Refused"),
    "gone": _("Address is gone"),
}
READINGS = {
    "unread": _("Not read yet"),
    "read": _("Read"),
    "no_answer": _("No answer came"),
    "too_much": _("It is larger than what is taken from others, or takes too long"),
    "not_material": _("What came is no learning material"),
}
SIZES = {"a6": _("Card, A6"), "a5": _("Leaflet, A5"), "a3": _("Poster, A3")}
