"""An ICCAM that answers with anything is a problem with a code, never an error of ours."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from leeward.foundation.http import Client
from leeward.outputs.protocols.iccam import Iccam
from leeward.outputs.protocols.line import Credentials, Reply
from leeward.outputs.rules.iccam_steps import actions_left
from leeward.outputs.services import to_iccam


def iccam(answer: dict[str, Any]) -> Iccam:
    body = json.dumps(answer).encode()
    reply = SimpleNamespace(outcome="answered", status=200, content_type="application/json", body=body, was_sent=True)
    way = SimpleNamespace(send=lambda *_args, **_more: reply)
    return Iccam(cast("Client", way), Credentials("https://iccam.example", "us", "a password"))


@pytest.mark.parametrize("token", ["a\r\nHost: other.example", "\ud800", "ключ", 7, None])
def test_a_token_that_no_header_can_hold_is_none(token: object) -> None:
    reply = iccam({"bearerToken": token}).sign_in()
    assert (reply.code, reply.problem) == (None, "answer_incomplete")
    assert iccam({"bearerToken": "abc.def-1"}).sign_in().code == 200


@pytest.mark.parametrize("number", ["..", "\ud800", "1\x00", "٣", "7/../8", "9" * 41, True, [], None, ""])
def test_a_number_that_no_address_or_database_can_hold_is_none(number: object) -> None:
    assert to_iccam._number(Reply(200, values={"reportId": number})) == ""
    assert to_iccam._content_of(Reply(200, values={"urls": [{"contentId": number}]})) == ""


def test_numbers_are_kept_as_they_are() -> None:
    for number in (42, "42", "b7ca7591-811e-4d40-83d9-dc043c08555d"):
        assert to_iccam._number(Reply(200, values={"reportId": number})) == str(number)


def test_actions_of_any_type_are_compared() -> None:
    wanted = [{"actionType": 1}, {"actionType": 2}]
    assert actions_left(wanted, [{"actionType": [1]}, {"actionType": {}}, None, {"actionType": 2}]) == wanted[:1]
