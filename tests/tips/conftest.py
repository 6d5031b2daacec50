"""The scope of the hotline of Jamaica, and tips brought to it."""

from collections.abc import Callable, Iterator

import pytest
from django_scopes import scope

from leeward.foundation.actor import Actor
from leeward.tips import services
from leeward.tips.rules.reading import read_file
from leeward.tips.rules.tip import Found
from leeward.tips.services import Taken
from tests.personas import Cast
from tests.tips.samples import as_bytes

type Bring = Callable[..., Taken]


@pytest.fixture
def here(cast: Cast) -> Iterator[Cast]:
    """The cast, in the scope of its hotline."""
    with scope(hotline=cast.hotline_id):
        yield cast


def found_in(*documents: object) -> list[Found]:
    """The tips of some documents."""
    return [one for document in documents for one in read_file("a.json", as_bytes(document)) if isinstance(one, Found)]


@pytest.fixture
def bring(here: Cast) -> Bring:
    """Take documents in, as an analyst or by the command."""

    def take(*documents: object, actor: Actor | None = None, way: str = "command") -> Taken:
        return services.take_in(
            found_in(*documents),
            hotline_id=here.hotline_id,
            portal_id=here.portal_id,
            label="referral",
            way=way,
            actor=actor or Actor(kind="command", hotline_id=here.hotline_id),
        )

    return take
