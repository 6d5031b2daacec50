"""All changes of the register in the database; each file changes as a whole, with its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound, require
from leeward.foundation.whole_text import whole
from leeward.installation.queries import is_run_by, may_decide_shared, runs_it, sees_shared
from leeward.jobs.services import publish_event
from leeward.laws.errors import (
    AlreadyDecided,
    ChangedOnTheDesk,
    NeedsAnotherReviewer,
    NothingChanged,
    UnknownJurisdiction,
)
from leeward.laws.files.lawfile import read_law_file
from leeward.laws.files.packaged import countries, packaged_jurisdictions
from leeward.laws.files.yaml_text import write_yaml
from leeward.laws.models import LawFile, LawRegister, LawRevision
from leeward.laws.queries import file_of_version
from leeward.laws.register import register_of, version_of
from leeward.laws.rules.edition import Change, EditionRow, read_edition, with_row
from leeward.laws.rules.grooming_review import (
    GroomingRow,
    is_grooming_review,
    read_grooming_review,
    with_grooming,
)
from leeward.laws.rules.sheet_taken import Taken, read_sheet
from leeward.people.services import authorize, demand_second

MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class Loaded:
    """The effect of a load on a file: added, changed or unchanged."""

    code: str
    outcome: str


def load_register(
    texts: Mapping[str, str] | None = None, *, actor: Actor, replace: bool = False, dry_run: bool = False
) -> list[Loaded]:
    """Load files (name to text; by default the shipped ones), all or none; the first load includes the other shipped
    files.

    A file that was changed on the desk since it was last loaded is overwritten only with `replace`.
    """
    texts = packaged_jurisdictions() if texts is None else texts
    given = {name.removesuffix(".yaml"): text for name, text in texts.items()}
    with transaction.atomic():
        state = _locked()
        present = {row.code: row for row in LawFile.objects.all()}
        register_of(_texts_in_force() | dict(texts))
        if not present:
            given = {name.removesuffix(".yaml"): text for name, text in packaged_jurisdictions().items()} | given
        edited = [
            code
            for code, text in given.items()
            if code in present and present[code].text not in (present[code].shipped, text)
        ]
        if edited and not replace:
            raise ChangedOnTheDesk(codes=", ".join(sorted(edited)))
        outcome = [Loaded(code, _outcome(present.get(code), text)) for code, text in sorted(given.items())]
        if dry_run:
            return outcome
        now = datetime.now(UTC)
        for code, text in given.items():
            _put(code, text, present.get(code), shipped=text, way="loaded", actor=actor, reason="", now=now)
        _renew(state, now)
        counts = {word: sum(row.outcome == word for row in outcome) for word in ("added", "changed", "unchanged")}
        record(
            "law.loaded",
            actor=actor,
            hotline_id=None,
            subject="law:register",
            facts={**counts, "version": state.version},
        )
    return outcome


def _outcome(row: LawFile | None, text: str) -> str:
    if row is None:
        return "added"
    return "unchanged" if row.text == text else "changed"


def import_edition(text: str, *, name: str, actor: Actor, dry_run: bool = False) -> list[Change]:
    """Import a new edition of ICMEC's review, or its review of grooming, from CSV, all rows or none; return the
    changes.
    """
    rows: list[EditionRow] | list[GroomingRow]
    if is_grooming_review(text):
        rows = read_grooming_review(text, name=name, countries=countries())
    else:
        rows = read_edition(text, name=name, countries=countries())
    with transaction.atomic():
        state = _locked()
        present = {row.code: row for row in LawFile.objects.all()}
        before = _texts_in_force()
        files = {file.removesuffix(".yaml"): read_law_file(body, name=file) for file, body in before.items()}
        now = datetime.now(UTC)
        changes = _merge(rows, files, now.date())
        if dry_run or not changes:
            return changes
        if not present:
            for file, body in before.items():
                code = file.removesuffix(".yaml")
                present[code] = _put(code, body, None, shipped=body, way="loaded", actor=actor, reason="", now=now)
        for code in dict.fromkeys(change.iso2 for change in changes):
            body = write_yaml(files[code])
            read_law_file(body, name=f"{code}.yaml")
            _put(code, body, present.get(code), shipped=None, way="imported", actor=actor, reason=name[:500], now=now)
        _renew(state, now)
        editions = sorted({change.edition for change in changes})
        facts = {"editions": editions, "countries": len({row.iso2 for row in rows}), "changes": len(changes)}
        record("law.edition_imported", actor=actor, hotline_id=None, subject="law:register", facts=facts)
    return changes


def import_sheet(
    code: str, text: str, *, name: str, actor: Actor, dry_run: bool = False, removes: bool = False
) -> Taken:
    """Import a country's readings from its spreadsheet, all lines or none; return the changes. Raises BadSheet,
    UnknownJurisdiction.

    This is for the command, which needs no second person; on the desk a sheet is proposed. `removes`: a sheet that
    doesn't say which version it was taken from removes the rows that it lacks.
    """
    with transaction.atomic():
        state = _locked()
        present = {row.code: row for row in LawFile.objects.all()}
        before, now = _texts_in_force(), datetime.now(UTC)
        if f"{code}.yaml" not in before:
            raise UnknownJurisdiction(code=code[:40])
        file = read_law_file(before[f"{code}.yaml"], name=f"{code}.yaml")
        taken = read_sheet(text, file, on=now.date(), older=partial(file_of_version, code), removes=removes)
        body = write_yaml(taken.content)
        register_of(before | {f"{code}.yaml": body})
        if dry_run or taken.is_same:
            return taken
        if not present:
            for path, one in before.items():
                there = path.removesuffix(".yaml")
                present[there] = _put(there, one, None, shipped=one, way="loaded", actor=actor, reason="", now=now)
        _put(code, body, present[code], shipped=None, way="imported", actor=actor, reason=name[:500], now=now)
        _renew(state, now)
        facts = {"added": taken.added, "changed": taken.changed, "removed": taken.removed}
        record("law.sheet_imported", actor=actor, hotline_id=None, subject=f"law:{code}", facts=facts)
    return taken


def _merge(rows: Sequence[EditionRow | GroomingRow], files: dict[str, dict[str, Any]], on: date) -> list[Change]:
    names = countries()
    changes: list[Change] = []
    for row in rows:
        file = files.get(row.iso2) or _bare_file(row.iso2, names[row.iso2])
        if isinstance(row, GroomingRow):
            files[row.iso2], found = with_grooming(file, row, on=on)
        else:
            files[row.iso2], found = with_row(file, row, on=on)
        changes += found
    return changes


def _bare_file(code: str, name: str) -> dict[str, Any]:
    """Return a minimal file for a country of which only a row of the review is known."""
    nothing = {"note": None, "extent": None, "known_on": None, "as_of": None, "caution": None}
    return {
        "code": code,
        "name": name,
        "kind": "state",
        "commonwealth": False,
        "review": "unreviewed",
        **nothing,
        "sources": [],
        "criteria": [],
        "bands": [],
        "surveys": [],
        "grooming": {"listed": None, "offence": None, "elements": None},
        "hotlines": [],
    }


def propose_edit(code: str, *, text: str, reason: str, actor: Actor) -> int:
    """Propose a new text for a file; it is checked now and takes effect when a second person accepts it."""
    authorize(actor, "law.edit", None)
    text = text.replace("\r\n", "\n")
    read_law_file(text, name=f"{code}.yaml")
    with hotline_transaction(INSTALLATION):
        _locked()
        register_of(_texts_in_force() | {f"{code}.yaml": text})
        row = LawFile.objects.filter(code=code).first()
        before = row.text if row else packaged_jurisdictions().get(f"{code}.yaml")
        if before is None:
            raise NotFound(what=_("jurisdiction"))
        if before == text:
            raise NothingChanged
        revision = _revision(
            code, before, text, way="edited", actor=actor, reason=whole(reason, MOST_REASON), now=datetime.now(UTC)
        )
        revision.proposed_in_id = actor.hotline_id
        revision.save()
        _note("law.edit_proposed", revision, actor)
        if (running := runs_it()) is not None and running.id != actor.hotline_id:
            publish_event("law.edit_proposed", subject_id=revision.pk, hotline_id=running.id)
    return revision.pk


def accept_edit(revision_id: int, *, actor: Actor) -> bool:
    """Approve a proposed text as one of two people of the hotline that runs the installation; return whether it is now
    in force.

    A proposer of that hotline is the first of the two; another hotline's proposal needs two others. It works only while
    the file is unchanged since the proposal was made.
    """
    require(may_decide_shared(actor, "law.review"))
    with hotline_transaction(INSTALLATION):
        state = _locked()
        revision = _open_revision(revision_id, actor)
        if actor.id is not None and actor.id in (revision.by_user_id, revision.endorsed_by_id):
            raise NeedsAnotherReviewer
        demand_second(actor, {revision.by_user_id, revision.endorsed_by_id}, act="law.review")
        if _texts_in_force()[f"{revision.code}.yaml"] != revision.before:
            raise AlreadyDecided
        stands_already = is_run_by(revision.proposed_in_id) or is_run_by(revision.endorsed_in_id)
        if actor.kind == "staff" and not stands_already:
            revision.endorsed_by_id, revision.endorsed_in_id = actor.id, actor.hotline_id
            revision.save()
            _note("law.edit_endorsed", revision, actor)
            return False
        _bring_into_force(revision, state, actor)
        _note("law.edit_accepted", revision, actor)
        _tell_proposer(revision)
    return True


def _bring_into_force(revision: LawRevision, state: LawRegister, actor: Actor) -> None:
    now = datetime.now(UTC)
    if not LawFile.objects.exists():
        LawFile.objects.bulk_create(
            LawFile(code=file.removesuffix(".yaml"), text=body, shipped=body, changed_at=now)
            for file, body in packaged_jurisdictions().items()
        )
    row = LawFile.objects.get(code=revision.code)
    register_of(_texts_in_force() | {f"{row.code}.yaml": revision.text})
    row.text, row.changed_at = revision.text, now
    row.save()
    _decide(revision, LawRevision.State.ACCEPTED, actor, now)
    _renew(state, now)


def refuse_edit(revision_id: int, *, actor: Actor, answer: str = "") -> None:
    """Refuse a proposed text with a reason; the proposer can withdraw it without one."""
    with hotline_transaction(INSTALLATION):
        _locked()
        revision = _open_revision(revision_id, actor)
        is_own = actor.id is not None and revision.by_user_id == actor.id
        if is_own:
            authorize(actor, "law.edit", None)
        else:
            require(may_decide_shared(actor, "law.review"))
        revision.answer = whole(" ".join(answer.split()), MOST_REASON)
        if not is_own and not revision.answer:
            raise BadInput(what=_("The reason"), why=_("it is empty"))
        _decide(revision, LawRevision.State.REFUSED, actor, datetime.now(UTC))
        _note("law.edit_refused", revision, actor)
        if not is_own:
            _tell_proposer(revision)


def _note(event: str, revision: LawRevision, actor: Actor) -> None:
    facts = {"revision": revision.number}
    record(event, actor=actor, hotline_id=None, subject=f"law:{revision.code}", facts=facts)


def _tell_proposer(revision: LawRevision) -> None:
    if revision.by_user_id is not None and revision.proposed_in_id is not None:
        publish_event("law.edit_decided", subject_id=revision.pk, hotline_id=revision.proposed_in_id)


def _locked() -> LawRegister:
    """Return the register's single row, locked until the transaction ends."""
    LawRegister.objects.get_or_create(id=1, defaults={"version": "", "changed_at": datetime.now(UTC)})
    return LawRegister.objects.select_for_update().get(id=1)


def _texts_in_force() -> dict[str, str]:
    """Return the text of every file in force by its name; the shipped ones if nothing was loaded."""
    loaded = {f"{code}.yaml": text for code, text in LawFile.objects.values_list("code", "text")}
    return loaded or packaged_jurisdictions()


def _renew(state: LawRegister, now: datetime) -> None:
    state.version = version_of({f"{code}.yaml": text for code, text in LawFile.objects.values_list("code", "text")})
    state.changed_at = now
    state.save()


def _put(
    code: str,
    text: str,
    row: LawFile | None,
    *,
    shipped: str | None,
    way: str,
    actor: Actor,
    reason: str,
    now: datetime,
) -> LawFile:
    """Write one file with its revision; with `shipped` None the text last loaded is kept."""
    before = row.text if row else ""
    row = row or LawFile(code=code, shipped=shipped or "")
    row.shipped = row.shipped if shipped is None else shipped
    if before != text:
        row.text, row.changed_at = text, now
        _revision(code, before, text, way=way, actor=actor, reason=reason, now=now, decided_at=now)
    row.save()
    return row


def _revision(
    code: str,
    before: str,
    text: str,
    *,
    way: str,
    actor: Actor,
    reason: str,
    now: datetime,
    decided_at: datetime | None = None,
) -> LawRevision:
    """Write a proposed text, or with `decided_at` one that is in force at once."""
    last = LawRevision.objects.filter(code=code).order_by("-number").values_list("number", flat=True).first()
    return LawRevision.objects.create(
        code=code,
        number=(last or 0) + 1,
        before=before,
        text=text,
        way=way,
        reason=reason,
        state=LawRevision.State.ACCEPTED if decided_at else LawRevision.State.PROPOSED,
        decided_at=decided_at,
        by_label=actor.label,
        by_user_id=actor.id if actor.kind == "staff" else None,
        at=now,
    )


def _open_revision(revision_id: int, actor: Actor) -> LawRevision:
    revision = LawRevision.objects.select_for_update().filter(pk=revision_id).first()
    if revision is None or (actor.kind == "staff" and not sees_shared(actor.hotline_id, revision.proposed_in_id)):
        raise NotFound(what=_("change of a law"))
    if revision.state != LawRevision.State.PROPOSED:
        raise AlreadyDecided
    return revision


def _decide(revision: LawRevision, state: str, actor: Actor, now: datetime) -> None:
    revision.state, revision.decided_by_id, revision.decided_at = state, actor.id, now
    revision.save()
