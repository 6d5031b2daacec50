"""Looking at a picture: small, grey, blurred, with a reason, and counted."""

from dataclasses import dataclass

from leeward.audit.services import turn
from leeward.casework.errors import WrongReason
from leeward.casework.models import View
from leeward.casework.services.exposure import demand_open, note_work, weight_in
from leeward.casework.services.steps import demand, demand_holder, is_sampler, locked_case, note_act, now_utc, person
from leeward.ground.actor import Actor
from leeward.ground.errors import NotFound
from leeward.hosting import queries as places
from leeward.hosting import services as hosting

REASONS = ("age", "act", "same", "police", "appeal")


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview as it goes to the page, and whether the content differs from what was hashed; `used` is the day's
    sum."""

    png: bytes
    changed: bool
    blurred: bool
    used: int


def preview_file(case_id: int, file_id: int, *, reason: str, blurred: bool, actor: Actor) -> Shown:
    """Fetch a file again and return a small grey picture of it; the view is written down before anything is shown.

    Reaches out to the network: never inside a transaction. Raises PreviewImpossible of hosting where there is no picture.
    """
    if reason not in REASONS:
        raise WrongReason
    with turn():
        case = locked_case(case_id)
        demand(actor, "case.preview", case.hotline_id)
        if not is_sampler(case, actor):
            demand_holder(case, actor)
        known = places.file_of(file_id)
        if known is None or known[1] != case.location_id:
            raise NotFound(what="file")
        demand_open(actor)
        weight = weight_in(case, blurred=blurred)
        view = View.objects.create(
            hotline_id=case.hotline_id,
            case=case,
            file_id=file_id,
            by_id=person(actor),
            reason=reason,
            blurred=blurred,
            weight=weight,
            at=now_utc(),
        )
        used = note_work(actor, weight=weight)
        case.save(update_fields=["claimed_until"])
        facts = {"file": file_id, "reason": reason, "blurred": blurred}
        note_act("preview.shown", case, actor=actor, facts=facts)
    made = hosting.preview(file_id, blurred=blurred)
    if made.changed:
        View.objects.filter(pk=view.pk).update(changed=True)
    return Shown(made.png, made.changed, blurred, used)
