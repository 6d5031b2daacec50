"""Background jobs of publishing."""

from datetime import UTC, datetime, timedelta

from django_scopes import scope

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import queries, services
from leeward.blocklist.publishing.services import LOOK_AND_PUBLISH, PUBLISH
from leeward.blocklist.services import recheck_list
from leeward.foundation.actor import SYSTEM
from leeward.jobs.registry import every, job, subscribe
from leeward.jobs.services import schedule
from leeward.people.queries import hotlines

TWICE_A_DAY = timedelta(hours=12)


@subscribe("list.shrank", lease=timedelta(minutes=10))
def publish_removal(subject_id: int) -> None:
    """Publish a removal at once, so that copies need not wait for the next round."""
    if queries.newest(subject_id):
        services.publish(subject_id, actor=SYSTEM, why="removal")


@job(PUBLISH, lease=timedelta(minutes=10))
def publish(subject_id: int) -> None:
    """Publish a list after a change other than to its entries; what a gate stops is shown on the desk and is no error."""
    services.publish(subject_id, actor=SYSTEM, why="subscriber")


@job(LOOK_AND_PUBLISH, lease=timedelta(hours=2))
def look_and_publish(subject_id: int) -> None:
    """Check the entries of a list again, then publish it."""
    recheck_list(subject_id)
    services.publish(subject_id, actor=SYSTEM, why="duty")


@every(TWICE_A_DAY)
def publish_all() -> None:
    """Publish every list that a person has published before, changed or not: a fresh serial shows that nothing is
    stuck.
    """
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            for row in blocklist_queries.block_lists():
                if row.is_open and queries.newest(row.id):
                    schedule(LOOK_AND_PUBLISH, subject_id=row.id, hotline_id=hotline.id)


@every(timedelta(hours=1))
def watch() -> None:
    """Request the quarterly tests, and check whether every list and every subscriber's copy is fresh."""
    now = datetime.now(UTC)
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            services.ask_tests(hotline.id, now=now)
            services.watch_subscribers(hotline.id, now=now)
            services.watch_lists(hotline.id, now=now)


@every(timedelta(days=1), deletes=True)
def sweep() -> None:
    """Delete the files that no publication needs any more."""
    services.sweep([row.id for row in hotlines()])
