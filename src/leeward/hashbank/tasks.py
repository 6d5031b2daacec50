"""What the hash bank does by itself. Everything is safe to run twice."""

from datetime import timedelta

from django_scopes import scope

from leeward.duties.registry import duty, every
from leeward.hashbank import live
from leeward.hashbank.scene import TAKE_IN
from leeward.people.queries import hotlines


@duty(TAKE_IN, lease=timedelta(minutes=10))
def take_in(subject_id: int) -> None:
    """Let the index file follow the rows of the hotline `subject_id`."""
    live.index_here()


@every(timedelta(minutes=5))
def merge_indexes() -> None:
    """Join what was added and removed into the index files themselves, where it has become much."""
    for row in hotlines():
        if live.is_there(row.id):
            with scope(hotline=row.id):
                live.merge_if_needed()
