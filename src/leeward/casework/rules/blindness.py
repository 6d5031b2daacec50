"""Who may see and take a case that waits for its second assessment: the one place that says it. Pure.

While it waits, what the first person found is hidden from everybody else, and neither of the two takes it again. Where the
two differ, nothing is hidden any more, and a third person or both together decide.
"""

SECOND = "second_assessment"


def is_blind(state: str, *, in_adjudication: bool) -> bool:
    """Whether what was found first is hidden from whoever did not find it."""
    return state == SECOND and not in_adjudication


def is_disputed(state: str, *, in_adjudication: bool) -> bool:
    """Whether two assessments differ and nobody has decided between them yet."""
    return state == SECOND and in_adjudication


def hides_first(state: str, *, in_adjudication: bool, first_assessor_id: int | None, person_id: int | None) -> bool:
    """Whether what the first assessor found and wrote is hidden from this person."""
    return is_blind(state, in_adjudication=in_adjudication) and (person_id is None or person_id != first_assessor_id)


def is_barred(state: str, *, assessor_ids: tuple[int | None, int | None], person_id: int | None) -> bool:
    """Whether this person, one of the two who assessed it, can't take it again."""
    return state == SECOND and person_id is not None and person_id in assessor_ids
