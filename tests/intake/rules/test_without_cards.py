"""A report is stored without numbers of cards; what it is about stays whole."""

from dataclasses import replace

from leeward.intake.rules.draft import ReportDraft, without_cards
from leeward.intake.rules.typed import MOST_REFERRER
from leeward.intake.rules.urgency import MOST_REASON
from leeward.intake.rules.where import ACCOUNT, ItemDraft, item_without_cards
from tests.payments.rules.test_cards import completed

VISA = completed("4539", 16)
MASKED = f"[visa *{VISA[-4:]}]"
ITEM = ItemDraft("unknown", VISA, f"a {VISA}", f"b {VISA}", "", f"c {VISA}")


def test_an_item_in_words_has_none() -> None:
    for kind in ("unknown", "words"):
        masked = ItemDraft(kind, MASKED, f"a {MASKED}", f"b {MASKED}", "", f"c {MASKED}")
        assert item_without_cards(replace(ITEM, kind=kind)) == masked


def test_an_account_has_none_only_where_its_reporter_calls_it_a_card() -> None:
    for service in ("my Visa", "a card", "MASTERCARD"):
        assert item_without_cards(replace(ITEM, kind=ACCOUNT, service=service)).typed == MASKED
    for kind, service in ((ACCOUNT, "telegram"), (ACCOUNT, ""), ("url", ""), ("url", "visa"), ("phone", "")):
        there = replace(ITEM, kind=kind, service=service)
        assert item_without_cards(there) == there


def test_a_report_has_none_in_its_words_and_names_its_accounts_as_they_were_typed() -> None:
    other = completed("51", 16)
    account = ItemDraft(ACCOUNT, f"{other} on telegram", "x", "y", "telegram")
    report = ReportDraft(
        "page",
        (replace(ITEM, name=""), account),
        where=f"{VISA}\n{other} on telegram",
        text=f"pay {VISA}",
        marked_because=f"{VISA} {'x' * MOST_REASON}",
        referrer=f"{VISA} {'x' * MOST_REFERRER}",
        contact="kite@mail.example",
    )
    kept = without_cards(report)
    assert kept.where == f"{MASKED}\n{other} on telegram"
    assert (kept.items[0].typed, kept.items[1]) == (MASKED, account)
    assert kept.text == f"pay {MASKED}"
    assert kept.marked_because.startswith(MASKED)
    assert kept.referrer.startswith(MASKED)
    assert (len(kept.marked_because), len(kept.referrer)) == (MOST_REASON, MOST_REFERRER)
    assert (kept.kind, kept.contact) == (report.kind, report.contact)
    assert without_cards(kept) == kept
