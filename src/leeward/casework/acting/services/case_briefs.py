"""A case in words that people outside may read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import wraps
from typing import Concatenate

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from leeward.casework.acting.rules.plan import Follows, what_follows
from leeward.casework.acting.rules.police import WITHDRAWN
from leeward.casework.acting.services.reported import ReportWithItems, reporter_texts
from leeward.casework.assessment.labels import FACT_NAMES, answer_words
from leeward.casework.assessment.rules.second_assessment import facts_that_differ
from leeward.casework.assessment.rules.seen import ELSEWHERE, HERE
from leeward.casework.models import Assessment, Case, CaseItem, View
from leeward.exchange import queries as exchange_queries
from leeward.hosting import queries as hosting_queries
from leeward.hosting.queries import FileRow, Whereabouts
from leeward.intake import queries as intake_queries
from leeward.intake.queries import ReportRow
from leeward.intake.queries.locked import words_are_locked
from leeward.intake.rules.own_picture import ME, QUIET
from leeward.intake.rules.urgency import URGENCIES
from leeward.intake.rules.where import IN_WORDS
from leeward.laws.rules.facts import Facts, parse_facts
from leeward.laws.rules.schemes import derive
from leeward.notices import queries as notices_queries
from leeward.notices.queries import Known, is_hotline_abroad, is_known_abroad
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.claims import OPENED, Assessments
from leeward.people.queries import HotlineRow, portal
from leeward.sealing.errors import WordsLocked

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
NOTHING_TO_COMPARE: tuple[Assessments, tuple[str, ...]] = ("", ())
_SUMMARISED = ("medium", "real_person", "age_band", "sex", "self_generated", "commercial")


def _worded_for_the_police[**P](
    make: Callable[Concatenate[Case, P], CaseBrief],
) -> Callable[Concatenate[Case, P], CaseBrief]:
    """Let our lines among the reporters' words, and the summary, be in the language that the police are written to in, whoever acts; what is
    only shown here has that of whoever looks, or that its caller chose."""

    @wraps(make)
    def made(case: Case, /, *args: P.args, **given: P.kwargs) -> CaseBrief:
        if given.get("is_shown"):
            return make(case, *args, **given)
        with override(notices_queries.language_of_police(portal(case.portal_id))):
            return make(case, *args, **given)

    return made


@_worded_for_the_police
def make_brief(
    case: Case,
    *,
    facts: Facts | None = None,
    opinions: Sequence[Mapping[str, object]] | None = None,
    where: Whereabouts | None = None,
    files: list[FileRow] | None = None,
    was_known: bool = False,
    only: Collection[int] | None = None,
    read: Sequence[ReportWithItems] | None = None,
    was_seen: bool | None = None,
    is_shown: bool = False,
) -> CaseBrief:
    """Build the brief of a case from the given facts and opinions, else from those of the assessment that decided it;
    it has none where nobody assessed the case. `was_known`: the given facts are those of a known file's record. `only`:
    the reports whose words go to the police (None: all). `read`: what `reports_with_items` returned for them.
    `was_seen`: the value of `seen_by_somebody` if it is known. Raises WordsLocked where these words can't be opened here;
    `is_shown`: the brief is only shown here, with the sentence that says so in their place.
    """
    stands, differing = NOTHING_TO_COMPARE
    if facts is None and opinions is None and case.outcome == "illegal":
        newest = assessments_of_cycle(case)
        decided = newest[0]
        facts, opinions, was_known = parse_facts(decided.facts), decided.opinions, rests_on_record(decided)
        stands, differing = compared(newest)
    where = where or hosting_queries.whereabouts(case.location_id)
    files = hosting_queries.files_now(case.location_id) if files is None else files
    every = reports_with_items(case) if read is None else read
    reported, named_by = [row for row, _items in every], _named_by(where, every)
    kept = kept_to_ourselves(case, reported)
    every = [one for one in every if one[0].id not in kept]
    wanted = [one for one in every if only is None or one[0].id in only or one[0].withdrawn_at is not None]
    left = [one for one in wanted if one[0].withdrawn_at is None]
    if not is_shown and words_are_locked([row.id for row, _items in left]):
        raise WordsLocked
    count = sum(row.withdrawn_at is None for row, _items in every)
    since = notices_queries.newest_police_message_at(case.pk) if case.urgent else None
    lines, in_full = reporter_texts(case, where, left, count=count, since=since)
    earlier = None if facts is not None else _assessed_before(case)
    return CaseBrief(
        case_id=case.pk,
        reference=case.reference,
        hotline_id=case.hotline_id,
        portal_id=case.portal_id,
        location_id=case.location_id,
        address=where.display,
        kind=where.kind,
        received_at=case.received_at,
        country=where.country,
        urgent=case.urgent,
        urgencies=urgencies_of([row for row, _items in wanted]) if case.urgent else (),
        summary=tuple(summary_of(facts)) if facts else (),
        reporter_texts=tuple(line for _number, line in lines),
        texts_from=tuple(number for number, _line in lines),
        full_texts=in_full,
        named_by=named_by,
        opinions=tuple(
            (str(row["country"]), str(row["verdict"]), "; ".join(str(part) for part in _list(row["because"])))
            for row in opinions or []
        ),
        file_hashes=tuple(("sha256", file.sha256) for file in files if file.sha256),  # others could not be loaded
        classification=classification_of(facts) if facts else "",
        meets_baseline=facts is not None and derive(facts)["interpol"] == "baseline",
        media=_MEDIA.get(facts.medium, "") if facts else "",
        judged="" if facts is None else "record" if was_known else "person",
        assessments=stands,
        differing=differing,
        was_read=case.first_assessed_at is not None,
        is_more=since is not None,
        is_unseen=where.kind in OPENED and not (_was_seen(case) if was_seen is None else was_seen),
        assessed_before=earlier.at.date().isoformat() if earlier else "",
        is_quiet=is_quiet(case, reported),
    )


def _named_by(where: Whereabouts, every: Sequence[ReportWithItems]) -> tuple[int, ...]:
    """Return the reports, also those of which the police hear nothing, that name a place without an address as theirs."""
    place = _plain(where.display)
    if where.kind not in IN_WORDS or not place:
        return ()
    left = [(row, items) for row, items in every if row.withdrawn_at is None]
    return tuple(row.id for row, items in left if any(_plain(item.display) == place for item in items))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def seen_by_somebody() -> Exists:
    """Return an expression for use in a query of cases: whether anybody here was ever shown a picture or video of a
    case, or of one merged into it, or said that they saw it elsewhere.
    """
    views = View.objects.filter(case_id=OuterRef("pk"), was_shown=True)
    assessments = Assessment.objects.filter(case_id=OuterRef("pk"), seen__in=(HERE, *ELSEWHERE))
    family = Case.objects.filter(Q(pk=OuterRef("pk")) | Q(merged_into=OuterRef("pk")))
    return Exists(family.filter(Exists(views) | Exists(assessments)))


def _was_seen(case: Case) -> bool:
    return bool(Case.objects.filter(seen_by_somebody(), pk=case.pk).exists())


def _assessed_before(case: Case) -> Assessment | None:
    """Return the newest assessment by a person from before the work on the case began again."""
    earlier = Assessment.objects.filter(case_id=case.pk, cycle__lt=case.cycle, by__isnull=False)
    found: Assessment | None = earlier.exclude(round="sample").order_by("-id").first()
    return found


def compared(newest: Sequence[Assessment]) -> tuple[Assessments, tuple[str, ...]]:
    """Return whether two people assessed the case in this cycle and agreed, and the names of the facts they didn't
    agree on.
    """
    decided = newest[0]
    others = [row for row in newest[1:] if row.by_id is not None and row.by_id != decided.by_id]
    if not others:
        return "one", ()
    other = others[0]
    names = facts_that_differ(other.facts, decided.facts)
    same = other.outcome == decided.outcome and not names
    if same:
        return "same", ()
    differing = [] if other.outcome == decided.outcome else [_("the outcome")]
    return "differ", (*differing, *(str(FACT_NAMES.get(name, name)) for name in names))


def reports_of(case: Case) -> list[ReportRow]:
    """Return the reports of a case, including withdrawn ones, oldest first."""
    items = list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))
    return intake_queries.reports_of_items(items)


def reports_with_items(case: Case) -> list[ReportWithItems]:
    """Return the reports of a case, each with all its items; one query."""
    return intake_queries.reports_with_items(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))


def reports_left(case: Case) -> list[ReportRow]:
    """Return the reports of a case that were not withdrawn, oldest first."""
    return [row for row in reports_of(case) if row.withdrawn_at is None]


def urgencies_of(rows: Sequence[ReportRow]) -> tuple[str, ...]:
    """Return why a case is urgent, from its reports, the gravest reason first. If no report says so any more, they were
    withdrawn, or a person marked the case.
    """
    found = {row.urgency for row in rows if row.withdrawn_at is None}
    named = tuple(name for name in URGENCIES if name in found)
    if named:
        return named
    return (WITHDRAWN,) if any(row.urgency for row in rows) else ("marked",)


def is_reported_urgent(rows: Sequence[ReportRow]) -> bool:
    """Return whether a reporter called it urgent, even one who withdrew; otherwise somebody here or a partner marked
    it.
    """
    return urgencies_of(rows) != ("marked",)


def is_quiet(case: Case, rows: Sequence[ReportRow]) -> bool:
    """Return whether all reports that were not withdrawn are of people who want copies of their own picture found, or it
    removed, and the police not told. Of one reported by its address, a person here who calls the case urgent goes before;
    and taking back all that was reported permits nothing that was promised not to be done.
    """
    left = [row for row in rows if row.withdrawn_at is None] or [row for row in rows if _has_address([row])]
    return bool(left) and all(row.is_quiet for row in left) and not (is_marked(case, left) and _has_address(left))


def quiet_among(cases: Collection[Case]) -> set[int]:
    """Return the numbers of those of the cases of which this is so; one query, and two more for each that may be one."""
    asked = CaseItem.objects.filter(case_id__in=[case.pk for case in cases], item__report__wish=QUIET)
    found = set(asked.values_list("case_id", flat=True))
    return {case.pk for case in cases if case.pk in found and is_quiet(case, reports_of(case))}


def kept_to_ourselves(case: Case, rows: Sequence[ReportRow]) -> set[int]:
    """Return the reports of whose words the police hear nothing, though others report the same address."""
    if is_marked(case, rows):
        return set()
    return {row.id for row in rows if row.is_quiet and _has_address([row])}


def is_marked(case: Case, rows: Sequence[ReportRow]) -> bool:
    """Return whether a case is urgent because somebody here or a partner called it so, and no reporter did."""
    return case.urgent and not any(row.urgency for row in rows)


def _has_address(rows: Sequence[ReportRow]) -> bool:
    return any(row.kind == ME for row in rows)


def is_police_wished(rows: Sequence[ReportRow]) -> bool:
    """Return whether somebody who sent fingerprints of their own picture wants the police told, or the law does."""
    return any(row.is_own_picture and not row.is_quiet and row.withdrawn_at is None for row in rows)


def others_call_urgent(case: Case, rows: Sequence[ReportRow], account_id: int | None) -> bool:
    """Return whether somebody other than this person calls it urgent: a reporter, a partner, or whoever marked it here."""
    is_own_mark = account_id is not None and case.marked_by_id == account_id
    return not is_own_mark or any(row.urgency for row in rows)


def classification_of(facts: Facts) -> str:
    """Return the industry's class (A1 to B2) where the facts leave no doubt, "baseline" where they fit that, else ""."""
    found = derive(facts)
    if found["a1_b2"] in ("A1", "A2", "B1", "B2"):
        return found["a1_b2"]
    return "baseline" if found["interpol"] == "baseline" else ""


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def assessments_of_cycle(case: Case) -> list[Assessment]:
    """Return the assessments of this cycle except sampled ones, newest first; one query."""
    return list(Assessment.objects.filter(case_id=case.pk, cycle=case.cycle).exclude(round="sample").order_by("-id"))


def deciding_assessment(case: Case) -> Assessment:
    """Return the newest assessment of this cycle that isn't a sampled one: the one the decision rests on."""
    return assessments_of_cycle(case)[0]


def rests_on_record(assessment: Assessment) -> bool:
    """Return whether an assessment repeats the record of a known file, without anybody having seen it."""
    return bool(assessment.seen == "record")


def summary_of(facts: Facts) -> list[str]:
    """Return the facts that police and hosts are told, one per line; unknown ones are left out."""
    stated = facts.to_dict()
    lines = []
    for name in _SUMMARISED:
        if stated[name] not in ("unknown", "undetermined"):
            answer = answer_words(name, stated[name])
            lines.append(_("%(fact)s: %(answer)s") % {"fact": FACT_NAMES[name], "answer": answer})
    level = derive(facts).get("uk")
    if level in ("A", "B", "C"):
        answer = _("%(level)s (of A to C, A is the most severe)") % {"level": level}
        lines.append(_("%(fact)s: %(answer)s") % {"fact": FACT_NAMES["level"], "answer": answer})
    return lines


def follows_for(
    case: Case, where: Whereabouts, hotline: HotlineRow, *, known: Known | None = None, quiet: bool | None = None
) -> Follows:
    """Return what follows from an illegal finding, depending on where the content is now; `known` is what was already
    read from the directory; `quiet` whether the police are not told, if that was read already.
    """
    is_known = (
        is_known_abroad(where.country) if known is None and case.place == "abroad" else bool(known and known.abroad)
    )
    return what_follows(
        case.place,
        where.kind,
        can_tell_host=bool(where.abuse_emails),
        writes_to_foreign_hosts=hotline.notify_foreign_hosts,
        can_tell_abroad=case.place != "abroad" or is_known,
        is_quiet=case.pk in quiet_among([case]) if quiet is None else quiet,
        is_with_hotline_there=hears_by_exchange(case, where.country),
    )


def hears_by_exchange(case: Case, country: str | None) -> bool:
    """Return whether those in charge where it is hosted are a hotline that signed a receipt for our report of this case,
    and has not handed it back: one letter more would tell it twice."""
    if case.place != "abroad" or not country:
        return False
    return exchange_queries.is_with_hotline_of(case.pk, country) and is_hotline_abroad(country)
