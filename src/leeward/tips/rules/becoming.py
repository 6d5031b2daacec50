"""A tip as the report that it becomes. Pure."""

from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.typed import MOST_CHARACTERS, MOST_WHERE_CHARACTERS
from leeward.intake.rules.urgency import MOST_REASON
from leeward.intake.rules.where import item_drafts
from leeward.tips.rules.tip import System, Tip

SYSTEMS: dict[System, str] = {"cybertip": "CyberTip", "iccam": "ICCAM", "xarf": "X-ARF"}
_MOST_HASHES = 20


def place_of(tip: Tip) -> str:
    """Return where a tip's content is: its addresses, else the hash of its first file; "" where it names neither."""
    if tip.addresses:
        place = "\n".join(tip.addresses)
        return place if len(place) <= MOST_WHERE_CHARACTERS else place[:MOST_WHERE_CHARACTERS].rpartition("\n")[0]
    hashes = [value for one in tip.files for kind, value in one.hashes[:1] if kind != "pdq"]
    return hashes[0] if hashes else ""


def report_of(tip: Tip, *, marked_because: str) -> ReportDraft:
    """Return the report of a tip. `marked_because` is why it is urgent in words; an adult who reaches for a child makes
    it a report of contact, whatever else is in it."""
    where = place_of(tip)
    return ReportDraft(
        kind="contact" if "contact" in tip.raised else "page",
        items=item_drafts(where, {}),
        where=where,
        text=_words(tip),
        is_marked=bool(tip.raised),
        marked_because=marked_because[:MOST_REASON] if tip.raised else "",
    )


def _words(tip: Tip) -> str:
    """Return what somebody reads of a tip in the case."""
    lines = [f"{SYSTEMS[tip.system]} {tip.number}", tip.provider, tip.incident, tip.happened]
    for one in tip.files[:_MOST_HASHES]:
        lines.append(" ".join([one.name, *(f"{kind}:{value}" for kind, value in one.hashes)]).strip())
    return "\n".join(line for line in lines if line)[:MOST_CHARACTERS]
