"""The lists themselves, and the dated lists of names that limit them."""

from datetime import date

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist.models import NAME_KINDS, BlockList, NameList
from leeward.blocklist.queries.lists import ListRow, list_row
from leeward.blocklist.rules.gates import read_popular
from leeward.blocklist.rules.overblocking import BadPlatformLine, read_platforms
from leeward.blocklist.services.steps import now_utc
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.patterns import Pattern
from leeward.foundation.whole_text import whole
from leeward.people.queries import hotline
from leeward.people.services import authorize

NAME = Pattern(r"[a-z][a-z0-9-]{1,39}")
MOST_POPULAR = 100_000
MOST_WORDS = 300
_DATED = Pattern(r"(?:19|20)[0-9]{2}")
OWN_LISTS = (("national", "national"), ("worst-of", "worst_of"))


def open_list(name: str, *, title: str, kind: str, source: str = "", hotline_id: int, actor: Actor) -> ListRow:
    """Create a list; an existing one of this name is returned unchanged."""
    authorize(actor, "list.edit", hotline_id)
    if not NAME.fullmatch(name):
        raise BadInput(
            what=_("The name of the list"),
            why=_("it must begin with a lower-case letter and have 2 to 40 lower-case letters, digits and hyphens"),
        )
    with hotline_transaction(hotline_id):
        found = BlockList.objects.filter(name=name).first()
        if found is None:
            found = BlockList.objects.create(
                hotline_id=hotline_id,
                name=name,
                title=title,
                kind=kind,
                source=source,
                country=hotline(hotline_id).country,
                made_at=now_utc(),
            )
            record("list.opened", actor=actor, hotline_id=hotline_id, subject=f"list:{found.pk}", facts={"kind": kind})
    return list_row(found)


def record_agreement(name: str, text: str, *, actor: Actor) -> None:
    """Record what the operators of a list agreed to block, with its date; an empty text withdraws it. Raises BadInput,
    NotFound.

    Entries already based on it stay until their review.
    """
    text = whole(" ".join(text.split()), MOST_WORDS)
    if text and not _DATED.search(text):
        why = _("name who agreed and on which day, in at most %(most)s characters") % {"most": MOST_WORDS}
        raise BadInput(what=_("The agreement"), why=why)
    with hotline_transaction():
        found = BlockList.objects.select_for_update().filter(name=name).exclude(kind="partner").first()
        if found is None:
            raise NotFound(what=_("list"))
        authorize(actor, "list.edit", found.hotline_id)
        if found.agreement == text:
            return
        found.agreement = text
        found.save()
        facts = {"agreement": text}
        record(
            "list.agreement_changed", actor=actor, hotline_id=found.hotline_id, subject=f"list:{found.pk}", facts=facts
        )


def open_own_lists(hotline_id: int, *, actor: Actor) -> list[ListRow]:
    """Create the two lists that every hotline has, if they are missing; within its scope."""
    country = hotline(hotline_id).country
    titles = {"national": f"National list of {country}", "worst_of": "Worst-of list"}
    there = {row.name: list_row(row) for row in BlockList.objects.all()}
    return [
        there.get(name) or open_list(name, title=titles[kind], kind=kind, hotline_id=hotline_id, actor=actor)
        for name, kind in OWN_LISTS
    ]


def import_names(kind: str, content: bytes, *, source: str, as_of: date, hotline_id: int, actor: Actor) -> int:
    """Import a newer list of names that limit what may be listed; return its size. Raises BadInput.

    Of the most visited sites the first 100,000 are used.
    """
    authorize(actor, "list.edit", hotline_id)
    if kind not in NAME_KINDS:
        raise BadInput(what=_("The kind of names"), why=", ".join(NAME_KINDS))
    try:
        text = content.decode("utf-8-sig")
        if kind == "popular":
            text = "\n".join(text.splitlines()[:MOST_POPULAR])
        names = len(read_platforms(text.splitlines()).rows if kind == "platforms" else read_popular(text.splitlines()))
    except (UnicodeDecodeError, BadPlatformLine) as error:
        raise BadInput(what=_("The list of names"), why=str(error)) from error
    if not names:
        raise BadInput(what=_("The list of names"), why=_("it contains no name"))
    with hotline_transaction(hotline_id):
        made = NameList.objects.create(
            hotline_id=hotline_id,
            kind=kind,
            as_of=as_of,
            source=source[:200],
            content=text,
            names=names,
            by_id=actor.id,
            at=now_utc(),
        )
        facts = {"kind": kind, "names": names, "as_of": as_of.isoformat()}
        record("names.imported", actor=actor, hotline_id=hotline_id, subject=f"names:{made.pk}", facts=facts)
    return names
