"""Who may see and take a case that waits for its second assessment, decided in this one place. Pure.

While it waits, the first person's findings are hidden from everybody else, and neither of the two assessors takes it
again. If the two differ, nothing is hidden any more, and a third person or both together decide.
"""

SECOND = "second_assessment"


def is_blind(state: str, *, in_adjudication: bool) -> bool:
    """Return whether the first findings are hidden from everybody but their author."""
    return state == SECOND and not in_adjudication


def is_disputed(state: str, *, in_adjudication: bool) -> bool:
    """Return whether two assessments differ and nobody has decided between them yet."""
    return state == SECOND and in_adjudication


def hides_first(state: str, *, in_adjudication: bool, first_assessor_id: int | None, person_id: int | None) -> bool:
    """Return whether the first assessor's findings and words are hidden from this person."""
    return is_blind(state, in_adjudication=in_adjudication) and (person_id is None or person_id != first_assessor_id)


def is_barred(state: str, *, assessor_ids: tuple[int | None, int | None], person_id: int | None) -> bool:
    """Return whether this person, as one of its two assessors, can't take it again."""
    return state == SECOND and person_id is not None and person_id in assessor_ids
