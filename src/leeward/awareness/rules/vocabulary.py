"""For whom, about what, in which form: the closed lists of the catalogue. Pure."""

CHILD, PARENT, TEACHER, SOCIAL_WORKER = "child", "parent", "teacher", "social_worker"
POLICE, INDUSTRY = "police", "industry"
AUDIENCES = (CHILD, PARENT, TEACHER, SOCIAL_WORKER, POLICE, INDUSTRY)
TOPICS = ("bullying", "strangers", "pictures", "blackmail", "content", "commerce", "time", "reporting")
FORMS = ("page", "document", "video", "game", "course", "collection")
# What a reviewer answers for each entry, all of them.
CRITERIA = ("accurate", "suits", "no_blame", "names_help", "no_selling", "may_use")
YOUNGEST, OLDEST = 3, 18
AGES = ((5, 8), (9, 12), (13, 17))


def chosen(words: str, known: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a cell that are in a list, in its order, and those that aren't."""
    found = [word for word in words.replace(",", " ").replace(";", " ").lower().split() if word]
    return tuple(word for word in known if word in found), tuple(word for word in found if word not in known)


def band_named(text: str) -> tuple[int, int] | None:
    """Return the ages that a visitor chose, as `9-12`, or None for any."""
    return next((band for band in AGES if text == f"{band[0]}-{band[1]}"), None)
