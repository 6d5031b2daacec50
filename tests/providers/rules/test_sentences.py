"""What whoever checks a receipt reads, word for word: a court quotes it."""

import pytest

from leeward.audit.rules.policy import Policy
from leeward.providers.rules.receipt import verified
from tests.providers.rules.test_receipt import (
    ACCEPTED,
    AT,
    KEY,
    LOG,
    LOG_KEY,
    OF_LOG,
    Key,
    changed,
    made,
    public,
    whole,
)

NOT = {
    "its lines are not those that were signed": (lambda found: found["reports"].pop(), None),
    "its line is not one of those that were signed": (lambda found: found["report"].update(index=2), 1),
    "the fields of its row of the log were changed": (lambda found: found["row"].update(actor="x"), None),
    "the signature doesn’t hold for this key": (lambda found: found.update(provider=4), None),
}


@pytest.mark.parametrize("sentence", NOT)
def test_why_a_receipt_does_not_hold(sentence: str) -> None:
    change, index = NOT[sentence]
    assert changed(change, index=index).sentence == f"Not proven: {sentence}."


def test_other_reasons() -> None:
    statement, entry = made()
    sent = verified(whole(statement, entry), digests=[ACCEPTED[0].digest])
    assert sent.sentence == "Not proven: the lines that were sent are not those of the receipt."
    other = verified(whole(*made(root="0" * 64)))
    assert other.sentence == "Not proven: its row of the log is about something else."
    stranger = Policy.of((Key("other.example", LOG, public(OF_LOG)),), (), None)
    untrusted = verified(whole(statement, entry), policy=stranger)
    assert untrusted.sentence == f"Not proven: no key is trusted for {LOG_KEY.name}."


def test_what_holds_without_a_key_or_a_proof() -> None:
    statement, entry = made()
    begun = f"P000012, 5 lines of provider 3, filed at {AT}: signed"
    shown = "row 3 of the log log.example/audit/1 with 4 rows has it."
    assert verified(whole(statement, entry)).sentence == f"{begun}, by the key that the receipt itself names; {shown}"
    early = verified(whole(statement, entry, is_proven=False), key=KEY)
    assert early.sentence == f"{begun}; the log’s proof is not in it yet: fetch the receipt again."
