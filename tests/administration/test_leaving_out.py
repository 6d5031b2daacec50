"""Leaving a part out of the desk's navigation: what is in use is counted first, and nothing is saved before somebody says so."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django_scopes import scope
from lxml import html

from leeward.administration.in_use import what_is_in_use
from leeward.blocklist.models import BlockList, Entry
from leeward.blocklist.services import open_own_lists
from leeward.foundation.actor import SYSTEM
from leeward.people.models import Hotline
from leeward.people.rules.desk_parts import PARTS
from leeward.people.services.tokens import issue_token
from tests.having_read import seen_on
from tests.people.signing import signed_in
from tests.personas import Cast

pytestmark = pytest.mark.django_db
SENT = {"name": "Hotline of Jamaica", "email": "desk@jm.example"}


def keys(hotline_id: int, count: int) -> None:
    """Keys that open something, of a hotline."""
    later = datetime.now(UTC).date() + timedelta(days=30)
    for number in range(count):
        issue_token(name=f"Key {number}", scopes=["check"], actor=SYSTEM, expires_on=later, hotline_id=hotline_id)


def seen(client: Client) -> dict[str, str]:
    return {"seen": seen_on(client.get("/desk/hotline").content.decode())}


def unused(cast: Cast) -> list[str]:
    return list(Hotline.objects.get(pk=cast.hotline_id).unused_parts)


def test_what_is_not_used_is_left_out_at_once(cast: Cast) -> None:
    keys(cast.other_hotline_id, 2)
    adam = signed_in(cast, "adam")
    assert adam.post("/desk/hotline", seen(adam) | SENT | {"unused_parts": ["keys", "blocking"]}).status_code == 302
    assert unused(cast) == ["blocking", "keys"]


def test_what_is_in_use_is_named_with_its_count_and_left_out_by_a_second_answer_only(cast: Cast) -> None:
    keys(cast.hotline_id, 3)
    keys(cast.other_hotline_id, 2)
    adam = signed_in(cast, "adam")
    sent = SENT | {"name": "Hotline here", "unused_parts": ["keys", "law"]}
    asked = adam.post("/desk/hotline", seen(adam) | sent)
    page = html.fromstring(asked.content)
    assert asked.status_code == 409
    assert [" ".join(line.text_content().split()) for line in page.xpath("//*[@role='alert']//li")] == [
        "API keys: 3 valid keys"
    ]
    assert page.xpath("//input[@name='unused_parts'][@checked]/@value") == ["law", "keys"], "nothing typed is lost"
    assert page.xpath("//input[@name='name']/@value") == ["Hotline here"]
    assert unused(cast) == []
    assert adam.post("/desk/hotline", seen(adam) | sent | {"sure": "yes"}).status_code == 302
    assert unused(cast) == ["law", "keys"]
    assert adam.post("/desk/hotline", seen(adam) | sent | {"unused_parts": ["keys"]}).status_code == 302, (
        "what was out is not asked again"
    )


def test_each_part_counts_what_a_hotline_has_of_it(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        assert what_is_in_use(PARTS, cast.hotline_id) == []
        (row, *_others) = open_own_lists(cast.hotline_id, actor=SYSTEM)
        listed = BlockList.objects.get(pk=row.id)
        now = datetime.now(UTC)
        for state in ("approved", "proposed"):
            Entry.objects.create(
                hotline_id=cast.hotline_id, list=listed, scope="host", comparable=f"{state}.example", host=f"{state}.example",
                digest=state, state=state, state_at=now, proposed_at=now, review_on=now.date(),
            )  # fmt: skip
        keys(cast.hotline_id, 1)
        assert what_is_in_use(PARTS, cast.hotline_id) == [
            ("Blocking lists", ["1 address is listed"]),
            ("API keys", ["1 valid key"]),
        ]
