"""Alarms about published lists, mailed to the people who can fix them: once per alarm, not at every check."""

from django.urls import reverse

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import queries as publishing_queries
from leeward.blocklist.queries import entries
from leeward.foundation.errors import NotFound
from leeward.hashbank import queries as hashbank_queries
from leeward.notices.services import tell_staff
from leeward.people.rules.permissions import ADMINISTRATOR, SUPERVISOR

ROLES = (ADMINISTRATOR, SUPERVISOR)


def subscriber_alarmed(subscriber_id: int) -> int:
    """Mail that a subscriber's list is outdated or broken; return how many people are written to, 0 if the alarm is
    already over.
    """
    row = publishing_queries.subscriber(subscriber_id)
    if row is None or not row.alarm or row.alarm_at is None:
        return 0
    key = f"subscriber {row.id} {row.alarm} {row.alarm_at.isoformat()}"
    path = reverse("publishing_desk:show-subscriber", args=[row.id])
    return tell_staff(row.hotline_id, what=row.alarm, key=key, path=path, roles=ROLES)


def hash_reader_alarmed(reader_id: int) -> int:
    """Mail that a subscriber does not fetch a hash list as it should; return how many people are written to."""
    row = hashbank_queries.reader(reader_id)
    if row is None or not row.alarm or row.alarm_at is None:
        return 0
    key = f"hash reader {row.id} {row.alarm} {row.alarm_at.isoformat()}"
    what, path = f"hashes_{row.alarm}", reverse("hashbank:list-readers")
    return tell_staff(row.hotline_id, what=what, key=key, path=path, roles=ROLES)


def live_source_alarmed(live_id: int) -> int:
    """Mail that a source of known images can't be read, or that it waits for a person; return how many people are written
    to.
    """
    row = hashbank_queries.source_by_id(live_id)
    if row is None or row.alarm_at is None:
        return 0
    key = f"live source {row.id} {row.alarm_at.isoformat()}"
    path = reverse("hashbank:list-live-sources")
    return tell_staff(
        row.hotline_id, what="source_held" if row.held else "source_failing", key=key, path=path, roles=ROLES
    )


def appeal_stranded(appeal_id: int) -> int:
    """Tell the administrators that every supervisor had a part in the block that an appeal is about, so that they
    answer.
    """
    try:
        row = entries.appeal_by_id(appeal_id)
    except NotFound:
        return 0
    path = reverse("blocklist:answer-appeal", args=[appeal_id])
    key = f"block appeal {appeal_id} stranded"
    return tell_staff(row.hotline_id, what="appeal_stranded", key=key, path=path, roles=(ADMINISTRATOR,))


def appeal_unanswerable(appeal_id: int) -> int:
    """Tell people that nobody here can answer an appeal: administrators invite somebody, and supervisors learn that the
    block will be suspended.
    """
    try:
        row = entries.appeal_by_id(appeal_id)
    except NotFound:
        return 0
    if row.nobody_since is None:
        return 0
    path = reverse("blocklist:answer-appeal", args=[appeal_id])
    key = f"block appeal {appeal_id} nobody {row.nobody_since.isoformat()}"
    return tell_staff(row.hotline_id, what="appeal_unanswerable", key=key, path=path, roles=ROLES)


def publication_stopped(publication_id: int) -> int:
    """Mail that a gate stopped a publication. Later rounds stopped by the same gates are not reported again."""
    row = publishing_queries.publication(publication_id)
    if row is None:
        return 0
    whole = publishing_queries.last_whole(row.list_id, before=row.id)
    gates = ",".join(sorted(failure.gate for failure in row.failures))
    return _tell_of_list(row.list_id, "publication_stopped", f"{whole} {gates}")


def publication_overdue(list_id: int) -> int:
    """Mail that a list should have been published and was not, whatever the reason."""
    newest = publishing_queries.newest(list_id)
    return _tell_of_list(list_id, "publication_overdue", str(newest.id)) if newest else 0


def _tell_of_list(list_id: int, what: str, mark: str) -> int:
    found = blocklist_queries.list_by_id(list_id)
    path = reverse("publishing_desk:show-publications", args=[found.name])
    return tell_staff(found.hotline_id, what=what, key=f"list {list_id} {what} {mark}"[:200], path=path, roles=ROLES)
