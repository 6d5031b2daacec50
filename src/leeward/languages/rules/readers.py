"""Which texts the public reads, by the file that contains them: what a language needs before a portal can open in it."""

from collections.abc import Iterable

PUBLIC = (
    "awareness/cards.py",
    "awareness/labels.py",
    "awareness/sentences.py",
    "awareness/templates/awareness/public",
    "intake/errors.py",
    "intake/labels.py",
    "intake/rules/",
    "intake/views/",
    "intake/templates/",
    "hosting/rules/sentences.py",
    "web/",
    "web_security/",
    "foundation/",
    "laws/pages/atlas.py",
    "laws/pages/country.py",
    "laws/pages/feed.py",
    "laws/pages/handout.py",
    "laws/labels.py",
    "laws/queries.py",
    "laws/drafting/views.py",
    "laws/templates/",
    "notices/templates/notices/notice.html",
    "notices/templates/notices/overview.html",
    "notices/templates/notices/includes/address_answers.html",
    "notices/templates/notices/includes/answer_state.html",
    "notices/templates/notices/includes/before_removing.html",
    "notices/views/public.py",
    "blocklist/publishing/templates/publishing/stop.html",
    "blocklist/publishing/templates/publishing/operators.html",
    "blocklist/publishing/templates/publishing/includes/",
    "casework/rules/procedure",
    "casework/quality/templates/quality/procedure",
    "casework/quality/templates/quality/public",
)
NOT_PUBLIC = ("desk", "includes/views.html")


def is_public_place(path: str) -> bool:
    """Return whether a source file contains texts that the public reads."""
    inside = path.removeprefix("src/leeward/")
    return inside.startswith(PUBLIC) and not any(word in inside.rpartition("/")[2] for word in NOT_PUBLIC)


def is_public(places: Iterable[str]) -> bool:
    """Return whether the public reads a text contained in these files."""
    return any(is_public_place(place) for place in places)
