"""The scope of the hotline of Jamaica, and reports in it."""

from collections.abc import Callable, Iterator

import pytest
from django_scopes import scope

from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import Received, receive_report
from leeward.web_security.keys import new_form_key
from tests.personas import Cast


@pytest.fixture
def within(cast: Cast) -> Iterator[Cast]:
    """The cast, with the scope of its hotline open as a view or the worker opens it."""
    with scope(hotline=cast.hotline_id):
        yield cast


def told_of(where: str = "http://a.example/x", **more: object) -> ReportDraft:
    """A report as it is kept."""
    return ReportDraft(
        **({"kind": "page", "items": item_drafts(where, {}), "where": where, "text": "I found a bad page."} | more)
    )


@pytest.fixture
def receive(within: Cast) -> Callable[..., Received]:
    """Take in a report of the public form."""

    def take(where: str = "http://a.example/x", key: str = "", **more: object) -> Received:
        return receive_report(
            told_of(where, **more),
            hotline_id=within.hotline_id,
            portal_id=within.portal_id,
            language="en",
            form_key=key or new_form_key(),
        )

    return take
