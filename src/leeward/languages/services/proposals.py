"""Shared texts: proposed by any hotline's staff, accepted by two people of the hotline that runs the installation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import INSTALLATION, hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound, require
from leeward.foundation.whole_text import whole
from leeward.installation.queries import is_run_by, may_decide_shared, runs_it, sees_shared
from leeward.jobs.services import publish_event
from leeward.languages.errors import NothingToAccept, ProposalIsDecided, TextIsUnknown
from leeward.languages.models import TextProposal
from leeward.languages.proposals import Content, content_of
from leeward.languages.services.texts import allowed, note, put_into_force, reader, say_read_through
from leeward.languages.texts import fitting, sources
from leeward.people.errors import NotSecondPerson
from leeward.people.rules.second_person import Why
from leeward.people.services import demand_read, demand_second

MOST_WORDS = 500
ACCEPT = "language.accept"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a proposal that somebody accepted: whether it is in force now, and the number of the proposal that has the rest."""

    is_in_force: bool
    rest: int | None


def propose_texts(language: str, translations: Mapping[str, Sequence[str]], *, actor: Actor, why: str = "") -> int:
    """Propose texts (key -> forms, or no forms for what our catalogue says), all or none; return the proposal's number.

    Raises NotAllowed, LanguageIsUnknown, TextIsUnknown, TranslationIsEmpty, TranslationDoesNotFit.
    """
    known = allowed(language, "language.translate", actor)
    if translations.keys() - known.keys():
        raise TextIsUnknown
    texts = {key: list(fitting(known[key], forms)) if forms else [] for key, forms in translations.items()}
    return _propose(language, "texts", actor, why=why, texts=texts)


def propose_reading(language: str, *, by: str, actor: Actor) -> int:
    """Propose to record that a native speaker, `by`, has reviewed a language; return the proposal's number."""
    allowed(language, "language.review", actor)
    return _propose(language, "reading", actor, reader=reader(by))


def accept_proposal(proposal_id: int, *, actor: Actor, seen: str) -> Accepted:
    """Accept what the page of a proposal shows, as one of two people of the hotline that runs the installation.

    If the proposer belongs to that hotline, they are the first of the two; another hotline's proposal takes two others. `seen` is the mark of
    what was shown (`content`). Texts that were not shown, and those that were changed since the proposal was made, stay a proposal of their
    own. Raises NotFound, ProposalIsDecided, NotAllowed, NotSecondPerson, EnteredSince, NothingToAccept.
    """
    with hotline_transaction(INSTALLATION):
        found = _waiting(proposal_id, actor)
        require(may_decide_shared(actor, ACCEPT))
        if actor.id is not None and actor.id in (found.by_id, found.endorsed_by_id):
            raise NotSecondPerson(Why.SAME_PERSON)
        demand_second(actor, {found.by_id, found.endorsed_by_id}, act=ACCEPT)
        content = content_of(found)
        demand_read(content.mark, seen=seen)
        rest = _leave_rest(found, content, actor) if found.kind == "texts" else None
        stands_already = is_run_by(found.proposed_in_id) or is_run_by(found.endorsed_in_id)
        if actor.kind == "staff" and not stands_already:
            found.endorsed_by_id, found.endorsed_in_id = actor.id, actor.hotline_id
            found.save()
            note("shared_text.endorsed", found.language, len(found.texts), actor, proposal=found.pk)
            return Accepted(is_in_force=False, rest=rest)
        if found.kind == "reading":
            say_read_through(found.language, by=found.reader)
        else:
            put_into_force(found.language, _stored(found), by=found.by_name)
        _decide(found, "accepted", actor)
    return Accepted(is_in_force=True, rest=rest)


def refuse_proposal(proposal_id: int, *, actor: Actor, answer: str = "") -> None:
    """Refuse a proposal with a reason; its author may withdraw it without one."""
    with hotline_transaction(INSTALLATION):
        found = _waiting(proposal_id, actor)
        is_own = actor.id is not None and found.by_id == actor.id
        found.answer = whole(" ".join(answer.split()), MOST_WORDS)
        if not is_own:
            require(may_decide_shared(actor, ACCEPT))
            if not found.answer:
                raise BadInput(what=_("The reason"), why=_("it is empty"))
        _decide(found, "refused", actor)


def _propose(
    language: str,
    kind: str,
    actor: Actor,
    *,
    why: str = "",
    texts: Mapping[str, list[str]] | None = None,
    reader: str = "",
) -> int:
    if actor.kind != "staff" or actor.id is None or actor.hotline_id is None:
        raise NotAllowed(reason=_("only a member of staff can do this"))
    with hotline_transaction(INSTALLATION):
        made = TextProposal.objects.create(
            language=language,
            kind=kind,
            texts=dict(texts or {}),
            reader=reader,
            why=whole(" ".join(why.split()), MOST_WORDS),
            proposed_in_id=actor.hotline_id,
            by_id=actor.id,
            by_name=actor.name[:120],
            at=datetime.now(UTC),
        )
        note("shared_text.proposed", language, len(made.texts), actor, proposal=made.pk, kind=kind)
        if (running := runs_it()) is not None and running.id != actor.hotline_id:
            publish_event("shared_text.proposed", subject_id=made.pk, hotline_id=running.id)
    return made.pk


def _leave_rest(found: TextProposal, content: Content, actor: Actor) -> int | None:
    """Leave a proposal the texts that its page shows. The others become a proposal of its maker's own, as old as this one; return its number,
    or None if there are none. Raises NothingToAccept."""
    if not content.shown:
        raise NothingToAccept
    shown = {one.source.key for one in content.shown}
    others = {key: forms for key, forms in found.texts.items() if key not in shown}
    found.texts = {key: forms for key, forms in found.texts.items() if key in shown}
    if not content.later and not content.changed:  # at most what no page has any more
        return None
    rest = TextProposal.objects.create(
        language=found.language,
        kind=found.kind,
        texts=others,
        why=found.why,
        proposed_in_id=found.proposed_in_id,
        by_id=found.by_id,
        by_name=found.by_name,
        at=found.at,
    )
    note("shared_text.parted", found.language, len(others), actor, proposal=found.pk, rest=rest.pk)
    return rest.pk


def _stored(found: TextProposal) -> dict[str, tuple[str, ...]]:
    known = sources(found.language)
    return {key: fitting(known.get(key), forms) if forms else () for key, forms in found.texts.items()}


def _waiting(proposal_id: int, actor: Actor) -> TextProposal:
    """Return a pending proposal, locked; one that the actor's hotline must not see counts as missing."""
    found = TextProposal.objects.select_for_update().filter(pk=proposal_id).first()
    if found is None or (actor.kind == "staff" and not sees_shared(actor.hotline_id, found.proposed_in_id)):
        raise NotFound(what=_("proposal"))
    if found.state != "waiting":
        raise ProposalIsDecided
    return found


def _decide(found: TextProposal, state: str, actor: Actor) -> None:
    found.state, found.decided_by_id, found.decided_at = state, actor.id, datetime.now(UTC)
    found.save()
    note(f"shared_text.{state}", found.language, len(found.texts), actor, proposal=found.pk)
    if found.by_id != actor.id:
        publish_event("shared_text.decided", subject_id=found.pk, hotline_id=found.proposed_in_id)
