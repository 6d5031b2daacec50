"""What the hash bank does by itself. Everything is safe to run twice."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.hashbank.lists.services import following
from leeward.hashbank.records import live
from leeward.hashbank.records.services import guarding, sources
from leeward.hashbank.scene import TAKE_IN
from leeward.hashbank.sources.services import watching
from leeward.hashbank.uploads.services import uploading
from leeward.jobs.registry import every, job
from leeward.jobs.services import publish_event
from leeward.people.queries import hotlines


@job(TAKE_IN, lease=timedelta(minutes=10))
def take_in(subject_id: int) -> None:
    """Let the index file follow the rows of the hotline `subject_id`, and tell who asked it before that there may be more now."""
    live.index_here()
    with hotline_transaction(subject_id):
        publish_event("bank.changed", subject_id=subject_id, hotline_id=subject_id)


@every(timedelta(minutes=5))
def merge_indexes() -> None:
    """Join what was added and removed into the index files themselves, where it has become much."""
    for row in hotlines():
        if live.is_there(row.id):
            with scope(hotline=row.id):
                live.merge_if_needed()


@job(uploading.READ, lease=timedelta(hours=2))
def read_upload(subject_id: int) -> None:
    """Read a list that was sent from the desk, for its preview."""
    uploading.carry_on_reading(subject_id)


@job(uploading.BRING_IN, lease=timedelta(hours=6))
def bring_in_upload(subject_id: int) -> None:
    """Bring a list in that was sent from the desk."""
    uploading.carry_on_importing(subject_id)


@job(sources.FOLLOW_SOURCES, lease=timedelta(minutes=30))
def follow_sources(subject_id: int) -> None:
    """Let records follow from who their sources are, from the vote after `subject_id` on."""
    sources.follow_sources(subject_id)


@every(timedelta(days=1))
def forget_counts() -> None:
    """Forget how often hashes matched longer ago than any history reaches."""
    for row in hotlines():
        with scope(hotline=row.id):
            guarding.forget_counts(datetime.now(UTC))


@every(timedelta(days=1))
def sweep_uploads() -> None:
    """Forget lists that were sent and not brought in within a week, with their files."""
    for row in hotlines():
        with scope(hotline=row.id):
            uploading.sweep_uploads(datetime.now(UTC))


@every(timedelta(hours=1))
def watch_readers() -> None:
    """Look whether every key that may fetch a list of hashes does, and holds a fresh one."""
    for row in hotlines():
        with scope(hotline=row.id):
            following.watch_readers(now=datetime.now(UTC))


@every(timedelta(minutes=1))
def pull_sources() -> None:
    """Want every source pulled that is due."""
    for row in hotlines():
        with scope(hotline=row.id):
            watching.ask_for_pulls(datetime.now(UTC))


@job(watching.PULL, lease=timedelta(minutes=20), tries=3, waits_for="chosen", is_long=True)
def pull_source(subject_id: int) -> None:
    """Pull what is new from the source `subject_id`."""
    watching.carry_on(subject_id)
