"""The hash bank's background jobs. All are safe to run twice."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.hashbank.hma import vouching
from leeward.hashbank.lists.services import following
from leeward.hashbank.records import live
from leeward.hashbank.records.services import counting, guarding, sources
from leeward.hashbank.scene import TAKE_IN
from leeward.hashbank.sources.services import watching
from leeward.hashbank.uploads.services import uploading
from leeward.jobs.registry import every, job, subscribe
from leeward.jobs.services import publish_event
from leeward.people.queries import hotlines


@job(TAKE_IN, lease=timedelta(minutes=10))
def take_in(subject_id: int) -> None:
    """Update the index of the hotline `subject_id`, count its hashes and publish an event for those who asked earlier."""
    live.index_here()
    counting.count_hashes()
    with hotline_transaction(subject_id):
        publish_event("bank.changed", subject_id=subject_id, hotline_id=subject_id)


@every(timedelta(minutes=5))
def merge_indexes() -> None:
    """Merge pending additions and removals into the index files where there are many, and count what was added."""
    for row in hotlines():
        if live.is_there(row.id):
            with scope(hotline=row.id):
                live.merge_if_needed()
                counting.count_hashes()


@job(uploading.READ, lease=timedelta(hours=2))
def read_upload(subject_id: int) -> None:
    """Read a list that was sent from the desk, for its preview."""
    uploading.carry_on_reading(subject_id)


@job(uploading.BRING_IN, lease=timedelta(hours=6))
def bring_in_upload(subject_id: int) -> None:
    """Import a list that was sent from the desk."""
    uploading.carry_on_importing(subject_id)


@job(sources.FOLLOW_SOURCES, lease=timedelta(minutes=30))
def follow_sources(subject_id: int) -> None:
    """Update records after changes to the identity of sources, from the vote after `subject_id` on."""
    sources.follow_sources(subject_id)


@subscribe("token.vouched", lease=timedelta(minutes=30))
def take_as_own_word(subject_id: int) -> None:
    """Count what a key said before as the word of its holder, whom two people have now confirmed."""
    vouching.take_as_own_word(subject_id)


@every(timedelta(days=1), deletes=True)
def forget_counts() -> None:
    """Delete match counts that are too old for any history."""
    for row in hotlines():
        with scope(hotline=row.id):
            guarding.forget_counts(datetime.now(UTC))


@every(timedelta(days=1), deletes=True)
def sweep_uploads() -> None:
    """Delete lists that were sent but not imported within a week, with their files."""
    for row in hotlines():
        with scope(hotline=row.id):
            uploading.sweep_uploads(datetime.now(UTC))


@every(timedelta(hours=1))
def watch_readers() -> None:
    """Check whether every key that may fetch a list of hashes does so and holds a fresh version."""
    for row in hotlines():
        with scope(hotline=row.id):
            following.watch_readers(now=datetime.now(UTC))


@every(timedelta(minutes=1))
def pull_sources() -> None:
    """Schedule a pull for every source that is due."""
    for row in hotlines():
        with scope(hotline=row.id):
            watching.ask_for_pulls(datetime.now(UTC))


@job(watching.PULL, lease=timedelta(minutes=20), tries=3, waits_for="chosen", is_long=True, speaks=True)
def pull_source(subject_id: int) -> None:
    """Pull what is new from the source `subject_id`."""
    watching.carry_on(subject_id)
