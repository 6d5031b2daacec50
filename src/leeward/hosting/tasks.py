"""Background jobs of hosting."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.hosting.services.fetching import REST, fetch_rest, heal_place, locate_anew
from leeward.hosting.services.healing import HEAL, MOST, THEN, TRIES
from leeward.hosting.services.hopping import note_hop
from leeward.hosting.services.locating import AGAIN
from leeward.hosting.services.naming import HOP, forget_registrants
from leeward.jobs.errors import RetryLater
from leeward.jobs.registry import every, job
from leeward.people.queries import hotlines


@job(REST, lease=timedelta(minutes=10), waits_for="anybody")
def fetch_what_waits(subject_id: int) -> None:
    """Fetch what a host's budget did not allow before, or what could not be decoded."""
    again_at = fetch_rest(subject_id)
    if again_at is not None:
        raise RetryLater(max(again_at - datetime.now(UTC), timedelta(0)))


@job(AGAIN)
def locate_again(subject_id: int) -> None:
    """Ask again what a registry wanted to be asked later, or what somebody says has changed."""
    again_at = locate_anew(subject_id)
    if again_at is not None:
        raise RetryLater(max(again_at - datetime.now(UTC), timedelta(0)))


@job(HEAL, lease=timedelta(minutes=10), tries=TRIES, first_delay=THEN, most_delay=MOST, waits_for="anybody")
def heal(subject_id: int) -> None:
    """Ask again what an outage of name servers or registries left open; then locate, fetch and place anew."""
    heal_place(subject_id)


@job(HOP)
def registrant_changed(subject_id: int) -> None:
    """See whether the new registrant of a name has other names here."""
    note_hop(subject_id)


@every(timedelta(hours=6), deletes=True)
def forget_data_of_registrants() -> None:
    """Empty the data of registrants that are older than they may be."""
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            while forget_registrants(hotline.id, datetime.now(UTC)):
                pass
