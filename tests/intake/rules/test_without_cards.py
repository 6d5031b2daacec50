"""A report is stored without numbers of cards; what it is about stays the same thing."""

from dataclasses import replace

from leeward.intake.rules.draft import ReportDraft, without_cards
from leeward.intake.rules.typed import MOST_REFERRER, MOST_SERVICE
from leeward.intake.rules.urgency import MOST_REASON
from leeward.intake.rules.where import ACCOUNT, ItemDraft, item_without_cards
from tests.payments.rules.test_cards import completed

VISA = completed("4539", 16)
MASKED = f"[visa *{VISA[-4:]}]"
UNION = completed("62", 18)
ITEM = ItemDraft("unknown", VISA, f"a {VISA}", f"b {VISA}", "", f"c {VISA}")


def test_an_item_in_words_has_none() -> None:
    for kind in ("unknown", "words"):
        masked = ItemDraft(kind, MASKED, f"a {MASKED}", f"b {MASKED}", "", f"c {MASKED}")
        assert item_without_cards(replace(ITEM, kind=kind)) == masked


def test_an_account_has_none_and_a_long_number_of_a_service_is_its_name() -> None:
    for service in ("my Visa", "telegram", ""):
        assert item_without_cards(replace(ITEM, kind=ACCOUNT, service=service)).typed == MASKED
    there = ItemDraft(ACCOUNT, UNION, UNION, UNION, "chat", UNION)
    assert item_without_cards(there) == there
    assert item_without_cards(replace(there, service="a card")).name == f"[unionpay *{UNION[-4:]}]"
    assert item_without_cards(replace(there, service=f"at {VISA}")).service == f"at {MASKED}"


def test_what_a_service_is_called_is_no_longer_than_before() -> None:
    longest = ItemDraft(ACCOUNT, "kite", service=f"{'x' * (MOST_SERVICE - 17)} {completed('51', 16)}")
    assert len(item_without_cards(longest).service) == MOST_SERVICE


def test_an_address_keeps_what_it_does_not_call_a_card() -> None:
    for kind in ("url", "phone"):
        there = replace(ITEM, kind=kind, name=f"http://a.example/{VISA}")
        assert item_without_cards(there) == there
    named = f"http://a.example/?card={VISA}"
    assert (
        item_without_cards(ItemDraft("url", named, named, named)).display == f"http://a.example/?card=visa*{VISA[-4:]}"
    )


def test_the_text_under_where_keeps_what_its_items_keep() -> None:
    account = ItemDraft(ACCOUNT, f"{UNION} on chat", "x", "y", "chat", UNION)
    report = ReportDraft(
        "page",
        (replace(ITEM, name=""), account),
        where=f"{VISA}\n{UNION} on chat",
        text=f"pay {VISA}",
        marked_because=f"{VISA} {'x' * MOST_REASON}",
        referrer=f"{VISA} {'x' * MOST_REFERRER}",
        contact="kite@mail.example",
    )
    kept = without_cards(report)
    assert kept.where == f"{MASKED}\n{UNION} on chat"
    assert (kept.items[0].typed, kept.items[1]) == (MASKED, account)
    assert kept.text == f"pay {MASKED}"
    assert kept.marked_because.startswith(MASKED)
    assert kept.referrer.startswith(MASKED)
    assert (len(kept.marked_because), len(kept.referrer)) == (MOST_REASON, MOST_REFERRER)
    assert (kept.kind, kept.contact) == (report.kind, report.contact)
    assert without_cards(kept) == kept
