"""A check in a child passes a document only by an answer that finds nothing wrong."""

from datetime import UTC, datetime

import pytest

from leeward.foundation import sandbox
from leeward.outputs.rules.refusals import Refusal
from leeward.outputs.services import checking


@pytest.mark.parametrize(
    ("answer", "where"), [(None, ""), ({}, ""), ("", ""), (b"", ""), (0, ""), (sandbox.Finding("busy"), "busy")]
)
def test_a_child_that_answers_anything_but_a_list_passes_no_document(
    answer: object, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "call", lambda *_about, **_more: answer)
    assert checking.cybertip_refusals(b"<a/>", datetime.now(UTC)) == (Refusal("malformed", where),)
    assert checking.goaml_refusals(b"<a/>") == (Refusal("malformed", where),)


def test_what_a_child_finds_is_told_and_an_empty_list_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "call", lambda *_about, **_more: [["schema", "report"]])
    assert checking.goaml_refusals(b"<a/>") == (Refusal("schema", "report"),)
    monkeypatch.setattr(sandbox, "call", lambda *_about, **_more: [])
    assert checking.goaml_refusals(b"<a/>") == ()
