"""A case in the words that people outside may read."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from leeward.casework.models import Assessment, Case, CaseItem
from leeward.casework.rules.plan import Follows, what_follows
from leeward.casework.words_of_facts import FACT_NAMES, answer_words
from leeward.hosting import queries as places
from leeward.hosting.queries import FileRow, Whereabouts
from leeward.intake import queries as reports
from leeward.laws.rules.facts import Facts, parse_facts
from leeward.laws.rules.schemes import derive
from leeward.notices.rules.briefs import CaseBrief
from leeward.people.queries import HotlineRow

MOST_WORDS, MOST_REPORTS = 4000, 20
_MEDIA = {
    "photograph": "image",
    "photo_realistic": "image",
    "ai_generated": "image",
    "edited": "image",
    "drawing": "image",
    "video": "video",
    "text": "text",
    "audio": "audio",
}
_TOLD = ("medium", "real_person", "age_band", "sex", "self_generated", "commercial")


def make_brief(
    case: Case,
    *,
    facts: Facts | None = None,
    opinions: Sequence[Mapping[str, object]] | None = None,
    where: Whereabouts | None = None,
    files: list[FileRow] | None = None,
    was_known: bool = False,
) -> CaseBrief:
    """The brief of a case; facts and opinions are those given, else of the look that decided it; none where nobody looked.
    `was_known` is whether given facts are those of a known file's record."""
    if facts is None and opinions is None and case.outcome == "illegal":
        decided = deciding_look(case)
        facts, opinions, was_known = parse_facts(decided.facts), decided.opinions, rests_on_record(decided)
    where = where or places.whereabouts(case.location_id)
    files = places.files_now(case.location_id) if files is None else files
    return CaseBrief(
        case_id=case.pk,
        reference=case.reference,
        hotline_id=case.hotline_id,
        portal_id=case.portal_id,
        location_id=case.location_id,
        address=where.display,
        received_at=case.received_at,
        country=where.country,
        urgent=case.urgent,
        summary=(*(summary_of(facts) if facts else ()), *_told_by_reporters(case, where)),
        opinions=tuple(
            (str(row["country"]), str(row["verdict"]), "; ".join(str(part) for part in _list(row["because"])))
            for row in opinions or []
        ),
        file_hashes=tuple(("sha256", file.sha256) for file in files),
        classification=classification_of(facts) if facts else "",
        media=_MEDIA.get(facts.medium, "") if facts else "",
        was_known=was_known,
    )


def classification_of(facts: Facts) -> str:
    """The industry's class (A1 to B2) where the facts leave no doubt, else "baseline" where it is that, else ""."""
    found = derive(facts)
    if found["a1_b2"] in ("A1", "A2", "B1", "B2"):
        return found["a1_b2"]
    return "baseline" if found["interpol"] == "baseline" else ""


def _told_by_reporters(case: Case, where: Whereabouts) -> list[str]:
    """The reporters' own words, for the police of this portal only: where there is nothing else to go by, where it is urgent,
    and where nobody assesses."""
    if case.place == "abroad" or not carries_words(case, where.kind):
        return []
    items = list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))
    left = [row for row in reports.reports_of_items(items) if row.withdrawn_at is None]
    said = [(row.received_at, row.words) for row in left if row.words]
    if case.state == "forwarded":
        more = reports.messages_of_reports([row.id for row in left])
        said = sorted([*said, *((row.at, row.text) for row in more if row.direction == "from_reporter" and row.text)])
    lines = [
        _("Report of %(day)s: “%(words)s”")
        % {"day": at.date().isoformat(), "words": " ".join(words.split())[:MOST_WORDS]}
        for at, words in said[-MOST_REPORTS:]
    ]
    if case.state == "forwarded" and len(left) > 1:
        lines.insert(0, _("Reports of this address: %(count)s") % {"count": len(left)})
    return lines


def carries_words(case: Case, kind: str) -> bool:
    """Whether the police are to read the reporters' own words."""
    return case.state == "forwarded" or case.urgent or kind == "words"


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def deciding_look(case: Case) -> Assessment:
    """The newest look of this turn that isn't a sampled one: the one that its decision rests on."""
    return Assessment.objects.filter(case_id=case.pk, turn=case.turn).exclude(round="sample").order_by("-id")[0]


def rests_on_record(look: Assessment) -> bool:
    """Whether the record of a known file says what a look says, and nobody saw it."""
    return bool(look.seen == "record")


def summary_of(facts: Facts) -> list[str]:
    """The facts that police and hosts are told, a line each; what is not known is left out."""
    stated = facts.to_dict()
    lines = []
    for name in _TOLD:
        if stated[name] not in ("unknown", "undetermined"):
            answer = answer_words(name, stated[name])
            lines.append(_("%(fact)s: %(answer)s") % {"fact": FACT_NAMES[name], "answer": answer})
    level = derive(facts).get("uk")
    if level in ("A", "B", "C"):
        lines.append(_("%(fact)s: %(answer)s") % {"fact": FACT_NAMES["level"], "answer": level})
    return lines


def follows_for(case: Case, where: Whereabouts, hotline: HotlineRow) -> Follows:
    """What follows from an illegal finding, by where the thing is now."""
    return what_follows(
        case.place,
        where.kind,
        can_tell_host=bool(where.abuse_emails),
        tells_foreign_hosts=hotline.notify_foreign_hosts,
    )
