"""Known images in a case: looking them up, what an identical file decides, and what the desk adds."""

from collections.abc import Collection, Sequence
from dataclasses import asdict

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.services.case_briefs import deciding_assessment
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.assessment.queries.drafts import FACTS
from leeward.casework.assessment.rules.sampling import is_sampled
from leeward.casework.assessment.rules.second_assessment import ILLEGAL
from leeward.casework.errors import WrongTransition
from leeward.casework.models import AlteredFile, Assessment, Case, Draft
from leeward.casework.rules.states import Stage, states_in
from leeward.casework.rules.transitions import BEFORE_FIRST_ASSESSMENT, Refusal
from leeward.casework.steps import can_step, locked_case, note_act, now_utc, reprioritise, take_step
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hashbank import services as hashbank_services
from leeward.hashbank.queries import (
    Known,
    altered_known,
    called_illegal,
    keeps_windows,
    known_many,
    knows_pictures,
    seen_in,
    windows_here,
)
from leeward.hashbank.rules.kinds import Hash, read_hash
from leeward.hosting import services as hosting_services
from leeward.hosting.queries import FileRow, files_now, hashes_of_location, variants_kept
from leeward.hosting.services import FetchNow
from leeward.installation.queries import config_now
from leeward.jobs.services import schedule
from leeward.laws.queries import law_version, opinions_for
from leeward.laws.rules.facts import parse_facts
from leeward.matching.variants.plain import variant_of
from leeward.people.queries import portal
from leeward.people.rules.modes import POST_BOX
from leeward.people.services import authorize

AT_ONCE = 25  # cases looked up again in one job: each may have many pictures to be compared with alterations undone
MOST_ALTERED = 60  # pictures of one fetch that are compared after undoing alterations
ACT_ON_KNOWN, MATCH_AGAIN = "casework.act_on_known", "casework.match_again"
RECORD = "record"
SAMPLE = "quality sample"
_UNDECIDED = states_in(Stage.NEW, Stage.ASSESSING)


def hashes_of(file: FileRow) -> tuple[Hash, ...]:
    """Return the hashes of a fetched file."""
    given = [read_hash(kind, text) for kind in ("md5", "sha1", "sha256") if (text := getattr(file, kind))]
    visual = (("pdq", file.pdq), ("pdq_nn512", file.pdq_nn512))
    given += [read_hash(kind, text) for kind, text in file.licensed.items()]
    return (*given, *(read_hash(kind, text, quality=file.pdq_quality) for kind, text in visual if text))


def hashes_named_by(location_id: int, *, as_typed: bool = False) -> tuple[Hash, ...]:
    """Return the hashes that identify the reported item itself: a file's hash, a magnet or ed2k link. Nothing is
    fetched for them.
    """
    return tuple(read_hash(kind, text) for kind, text in hashes_of_location(location_id, as_typed=as_typed))


def wants_windows() -> bool:
    """Return whether windows are to be made of fetched pictures: the bank that assessed files go to keeps them."""
    return keeps_windows(hashbank_services.GENERAL)


def forget_windows(case: Case) -> None:
    """Delete the windows of a case's files if it was decided to be anything but illegal."""
    if case.outcome not in ("", ILLEGAL):
        hosting_services.forget_windows(case.location_id)


def match_files(case_id: int, *, altered: bool = False, just_now: FetchNow | None = None) -> list[Known]:
    """Look up every file of the latest fetch and the hash that identifies the item itself, and mark the case as known
    if anything matches. With `altered`, also note which unmatched pictures resemble an altered known one, which decides
    nothing. `just_now` is the latest fetch where it was made just now: what can be visited is an address, and no hash. Return the
    matches that can carry a decision.
    """
    location_id = (
        just_now.location_id if just_now else Case.objects.values_list("location_id", flat=True).get(pk=case_id)
    )
    files = [] if just_now is not None and not just_now.files else files_now(location_id)
    named = hashes_named_by(location_id) if just_now is None else ()
    found = known_many([named, *map(hashes_of, files)])
    if altered:
        _note_altered(
            case_id, [file.id for file, rows in zip(files, found[1:], strict=True) if not rows][:MOST_ALTERED]
        )
    matches = {row.record_id: row for rows in reversed(found) for row in reversed(rows) if not row.is_harmless}
    if not matches:
        return []
    with hotline_transaction():
        case = locked_case(case_id)
        is_new = False
        for row in matches.values():
            is_new |= hashbank_services.note_sighting(
                row.record_id,
                case_id=case_id,
                match="known" if row.is_same_file else "near",
                distance_bits=row.distance_bits,
                actor=SYSTEM,
            )
        was_known = case.known
        if not was_known:
            case.known = True
            reprioritise(case)
            case.save(update_fields=["known", "priority"])
        if case.claimed_by_id is not None:
            begin_with_record(case, case.claimed_by_id)
        if is_new:
            same = sum(row.is_same_file for row in matches.values())
            note_act("case.matched", case, actor=SYSTEM, facts={"known": same, "near": len(matches) - same})
        if not was_known and any(row.may_decide for row in matches.values()) and _is_sampled(case):
            note_act("case.sampled", case, actor=SYSTEM)
    return [row for row in matches.values() if row.may_decide]


def _note_altered(case_id: int, file_ids: Sequence[int]) -> None:
    """Store which of these files match a record once an alteration is undone, with the nearest record for each."""
    kept = variants_kept(file_ids) if file_ids and knows_pictures() else {}
    windows = windows_here() if kept else None
    met = {
        file_id: altered_known([variant_of(row) for row in rows], windows=windows)[:1] for file_id, rows in kept.items()
    }
    near = [(file_id, one) for file_id, found in met.items() for one in found]
    before = AlteredFile.objects.filter(case_id=case_id)
    if not near and not before.exists():
        return
    with hotline_transaction():
        case = locked_case(case_id)
        if set(before.values_list("file_number", "record_number")) == {
            (file_id, one.known.record_id) for file_id, one in near
        }:
            return
        before.delete()
        AlteredFile.objects.bulk_create(
            AlteredFile(
                hotline_id=case.hotline_id,
                case=case,
                file_number=file_id,
                record_number=one.known.record_id,
                alteration=one.alteration,
                distance_bits=one.distance_bits,
                at=now_utc(),
            )
            for file_id, one in near
        )
        if near:
            note_act("case.matched_altered", case, actor=SYSTEM, facts={"files": len(near)})


def altered_among(case: Case, files: Sequence[FileRow]) -> dict[int, str]:
    """Return, by file, the alteration after whose undoing it resembles a known picture, if the record still counts. For
    a person to look at.
    """
    rows = AlteredFile.objects.filter(case=case, file_number__in=[file.id for file in files])
    by_file = {row.file_number: (row.record_number, row.alteration) for row in rows}
    counting = called_illegal({record for record, _alteration in by_file.values()}) if by_file else set()
    return {file_id: alteration for file_id, (record, alteration) in by_file.items() if record in counting}


def begin_with_record(case: Case, account_id: int) -> None:
    """Start the first assessment of known content with the facts of its record, so that nobody has to view it; what the
    holder has already marked stays. In the caller's transaction.
    """
    mine = Draft.objects.filter(case_id=case.pk, by_id=account_id, kind=FACTS)
    if case.state != "assessing" or not case.known or mine.exists():
        return
    facts = facts_from_record(case)
    if facts:
        values = {"facts": facts, "seen": RECORD, "at": now_utc()}
        Draft.objects.create(hotline_id=case.hotline_id, case_id=case.pk, by_id=account_id, **values)


def match_again(after: int) -> None:
    """Look up the next waiting cases with a number above `after` again, by their stored hashes, because the bank has
    changed: as they are, and with alterations undone. Cases that a record now decides are decided, and a job continues
    with the rest. Idempotent.
    """
    waiting = Case.objects.filter(pk__gt=after, state__in=BEFORE_FIRST_ASSESSMENT).order_by("pk")
    rows = list(waiting.values_list("pk", "hotline_id")[:AT_ONCE])
    for case_id, hotline_id in rows:
        if match_files(case_id, altered=True) and decide_by_record(case_id):
            schedule(ACT_ON_KNOWN, subject_id=case_id, hotline_id=hotline_id)
    if len(rows) == AT_ONCE:
        last, hotline_id = rows[-1]
        schedule(MATCH_AGAIN, subject_id=last, hotline_id=hotline_id)


def decide_by_record(case_id: int) -> bool:
    """Decide a case waiting in the queue by the record of the same file, without anyone viewing it. Return False if it
    needs a person: nothing carries a decision, our law is not clear, the case is in the sample, or somebody holds it.
    """
    case = Case.objects.get(pk=case_id)
    if not case.known:
        return False
    own = portal(case.portal_id)
    if own.mode == POST_BOX or _is_sampled(case):
        return False
    home = own.country
    countries = list(dict.fromkeys(code for code in (home, case.country) if code))
    for row in match_files(case_id):
        facts = parse_facts(row.facts)
        opinions = opinions_for(facts, countries, now_utc().date())
        if any(one.country.upper() == home.upper() and one.verdict == "likely" for one in opinions):
            return _decide(case_id, row, [asdict(one) for one in opinions])
    return False


def _decide(case_id: int, row: Known, opinions: list[dict[str, object]]) -> bool:
    with hotline_transaction():
        case = locked_case(case_id)
        if case.claimed_by_id is not None or not can_step(case, "match_known"):
            return False
        take_step(case, "match_known", actor=SYSTEM)
        Assessment.objects.create(
            hotline_id=case.hotline_id,
            case=case,
            by=None,
            cycle=case.cycle,
            round="first",
            outcome=ILLEGAL,
            facts=parse_facts(row.facts).to_dict(),
            seen=RECORD,
            law_version=law_version(),
            opinions=opinions,
            at=now_utc(),
        )
        case.outcome, case.decided_at, case.first_assessed_at = ILLEGAL, now_utc(), case.first_assessed_at or now_utc()
        case.save()
        tell_reporters(case)
        logged = {"record": row.record_id, "kinds": list(row.kinds), "law": law_version()}
        note_act("case.decided_by_record", case, actor=SYSTEM, facts=logged)
    return True


def settled_among(case: Case, files: Sequence[FileRow]) -> dict[int, Known]:
    """Return, by file, the record that settles it: people decided about the same file before, so nobody needs to view
    it. Empty for a case in the sample, which somebody views to check the records.
    """
    if not case.known or _is_sampled(case):
        return {}
    found = known_many([hashes_of(file) for file in files], radius=-1)
    settled = {
        file.id: next((row for row in rows if row.may_decide), None) for file, rows in zip(files, found, strict=True)
    }
    return {file_id: row for file_id, row in settled.items() if row is not None}


def facts_from_record(case: Case) -> dict[str, object]:
    """Return what the record of the same file says about a known case, as a starting point for a first assessment;
    empty for a case in the sample.
    """
    named = settled_by_name(case)
    settled = [named] if named else list(settled_among(case, files_now(case.location_id)).values())
    return dict(parse_facts(settled[0].facts).to_dict()) if settled else {}


def settled_by_name(case: Case) -> Known | None:
    """Return the record that settles an item identified by its hash; None for the same reasons as in `settled_among`."""
    named = hashes_named_by(case.location_id) if case.known and not _is_sampled(case) else ()
    return next((row for row in known_many([named], radius=-1)[0] if row.may_decide), None) if named else None


def _is_sampled(case: Case) -> bool:
    config = config_now()
    return is_sampled(case.reference, secret=config.secret_bytes, percent=config.known_sample_percent)


def doubt_records(case: Case) -> None:
    """Doubt a record that calls a file illegal which a person found not illegal: the record waits for a supervisor."""
    for record_id in seen_in(case.pk, match="known"):
        hashbank_services.say_of_source(record_id, "dispute", source=SAMPLE, case_id=case.pk, actor=SYSTEM)


def add_hashes(case_id: int, file_ids: Collection[int], *, by_name: bool = False, actor: Actor) -> list[int]:
    """Add files of a case decided as illegal to the known images, with the facts of the decision; with `by_name`, also
    the hash that identifies the item itself. Windows that were made of them when they were fetched move to the bank,
    if it keeps any. Return the records.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "hash.add", case.hotline_id)
        if case.outcome != ILLEGAL or case.state in _UNDECIDED:
            raise WrongTransition(Refusal.WAS_NOT_ILLEGAL)
        assessment = deciding_assessment(case)
        chosen = [file for file in files_now(case.location_id) if file.id in file_ids]
        parts = hosting_services.take_windows([file.id for file in chosen])
        adding: list[tuple[tuple[Hash, ...], str, list[bytes], bool]] = [
            (hashes_of(file), "video" if file.kind == "video" else "image", parts.get(file.id, []), True)
            for file in chosen
        ]
        if by_name:
            adding.append((hashes_named_by(case.location_id, as_typed=True), "other", [], False))
        records = []
        common = {"facts": assessment.facts, "case_id": case.pk, "actor": actor}
        for hashes, media, windows, is_hashed_here in adding:
            if hashes:
                number = hashbank_services.add_record(
                    hashes, media=media, windows=windows, is_hashed_here=is_hashed_here, **common
                )
                hashbank_services.note_sighting(number, case_id=case.pk, actor=actor)
                records.append(number)
        if records and not case.known:
            case.known = True
            case.save(update_fields=["known"])
        note_act("case.hashes_added", case, actor=actor, facts={"records": records})
    return records
