"""Where money goes is found in texts of any kind, each thing once; harmless texts name none."""

import json
import os
import random
import time
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hosting.rules.address import recognise
from leeward.payments.rules import finding
from leeward.payments.rules.finding import MOST_OF_KIND, find
from leeward.payments.rules.traces import FAMILIES, NAMES
from tests.payments.rules.harmless import page
from tests.payments.rules.test_cards import completed
from tests.payments.rules.test_coins import GOOD, KEY

ROOT = Path(__file__).resolve().parents[3]
type Row = tuple[str, str, str, bool]


def short(text: str, country: str = "") -> list[Row]:
    return [(one.kind, one.value, one.brand, one.weak) for one in find(text, country=country) if one.valid]


def test_the_published_vectors_hold() -> None:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the published vectors are not here")
    known = json.loads((Path(folder) / "blocking" / "payments" / "addresses.json").read_text(encoding="utf-8"))
    for kind, value, valid in known["vectors"]:
        (found,) = find(value)
        assert (found.kind, found.valid) == (kind.partition("-")[0], valid), value
        if found.kind == "card":
            assert found.value == f"visa *{value[-4:]}"
        else:
            assert found.value.lower() == value.lower()


@pytest.mark.parametrize(
    ("text", "country", "wanted"),
    [
        ("pay by M-Pesa to 0712 345 678", "KE", ("mobile_money", "+254712345678", "M-Pesa", True)),
        ("pay by M-Pesa to 0712 345 678", "", ("mobile_money", "0712345678", "M-Pesa", True)),
        ("+255 754 123 456 (mpesa)", "", ("mobile_money", "+255754123456", "M-Pesa", True)),
        ("mpesa paybill 247247 account 12345", "", ("mobile_money", "paybill 247247 account 12345", "M-Pesa", True)),
        ("M-PESA till number: 512345", "", ("mobile_money", "till 512345", "M-Pesa", True)),
        ("momo 024 412 3456", "", ("mobile_money", "+233244123456", "MTN MoMo", True)),
        ("send to +260 97 7123456 airtel money", "", ("mobile_money", "+260977123456", "Airtel Money", True)),
        ("orange money +225 07 07 12 34 56", "", ("mobile_money", "+2250707123456", "Orange Money", True)),
        ("paypal: Kite.Seller@mail.example", "", ("paypal", "kite.seller@mail.example", "", True)),
        ("www.paypal.me/LanternKite", "", ("paypal", "@lanternkite", "", False)),
        ("https://paypal.com/paypalme/lanternkite?x", "", ("paypal", "@lanternkite", "", False)),
        ("cash app is $LanternKite.", "", ("cashapp", "$lanternkite", "", True)),
        ("https://cash.app/$LanternKite", "", ("cashapp", "$lanternkite", "", False)),
        ("venmo me at @lantern-kite", "", ("venmo", "@lantern-kite", "", True)),
        ("pay with a Steam gift card", "", ("gift_card", "Steam", "Steam", True)),
        ("only paysafecard, send the code", "", ("gift_card", "Paysafecard", "Paysafecard", True)),
        ("send it by Western Union", "", ("transfer", "Western Union", "Western Union", True)),
        ("buy.stripe.com/test_1234", "", ("processor", "buy.stripe.com/test_1234", "Stripe", False)),
        ("sort code 12-34-56 account 12345678", "", ("sort_code", "12-34-56 12345678", "", True)),
        ("Sort code: 123456", "", ("sort_code", "12-34-56", "", True)),
        ("send to kite@okaxis now", "", ("upi", "kite@okaxis", "", True)),
        ("to GB82 WEST 1234 5698 7654 32.", "", ("iban", "GB82WEST12345698765432", "", False)),
        (f"SOL: {KEY}", "", ("sol", KEY, "", True)),
        (f"btc_{GOOD[0][1]}", "", ("btc", GOOD[0][1], "", False)),
        (f"see https://chain.example/address/{GOOD[1][1]}?page=1", "", ("btc", GOOD[1][1], "", False)),
        (f"wallet\u200b:{GOOD[2][1][:9]}\u200b{GOOD[2][1][9:]}", "", ("btc", GOOD[2][1], "", False)),
        (
            "card ٤٥٣٩٠٠٠٠٠٠٠٠٠٠" + completed("4539", 16)[-2:],
            "",
            ("card", f"visa *{completed('4539', 16)[-4:]}", "visa", False),
        ),
    ],
)
def test_each_kind_is_found_in_a_sentence(text: str, country: str, wanted: Row) -> None:
    assert short(text, country) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "mpesa 12345", "M-Pesa in 2024, 1200000", "mobile 0712345678", "mpesa +44 7700 900123", "paypal works", "paypal me later",
        "https://paypal.com/signin", "https://notpaypal.me/kite", "https://paypal.me.example/kite", "cash app 20", "a gift card of Steam",
        "the amazon is a river, we pay", "western union history", "kite@upi.example", "12-34-56",
        "sort code 2009-08-13T", f"a sol {KEY}", "card receipt 4539 0000 0000 0002",
        "pay till 12345", KEY, f"x{GOOD[0][1]}",
        "IBAN", "see card 10.1000/4539", "wise words at school", "skrill", "https://venmo.com/about",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_names_nothing(text: str) -> None:
    assert short(text) == []


def test_what_is_asked_for_and_the_name_that_a_payer_sees_stand_beside_it() -> None:
    (found,) = find("Send 1,500.50 KES by M-Pesa to 0712345678 name: Jane Wanjiku. Thank you", country="KE")
    assert (found.amount, found.currency, found.descriptor) == ("1500.50", "KES", "Jane Wanjiku")
    (found,) = find(f"$20 to {GOOD[0][1]}")
    assert (found.amount, found.currency) == ("20", "USD")
    (found,) = find(f"{GOOD[0][1]} : 0.05 BTC")
    assert (found.amount, found.currency) == ("0.05", "BTC")
    (found,) = find(f"Ksh 300 {GOOD[0][1]}")
    assert (found.amount, found.currency) == ("300", "KES")
    (found,) = find("billed as RIVER*STONES, any card: " + completed("4539", 16))
    assert found.descriptor == "RIVER*STONES"
    (found,) = find(f"5 things\n{GOOD[0][1]}\n$7")
    assert (found.amount, found.currency, found.descriptor) == ("", "", "")


def test_a_thing_counts_once_and_no_kind_fills_the_list() -> None:
    assert len(find(f"{GOOD[0][1]} and {GOOD[0][1]}")) == 1
    text = " ".join(f"paypal: kite{number}@mail.example" for number in range(100))
    assert len(find(f"{text} {GOOD[0][1]}")) == finding.MOST_OF_KIND + 1
    assert find("x " * finding.MOST_LETTERS + " " + GOOD[0][1]) == []


def test_each_kind_belongs_to_a_family_and_what_runs_it_has_a_name() -> None:
    assert set(NAMES) <= set(FAMILIES)
    for kind, word in GOOD:
        (found,) = find(word)
        assert found.kind == kind
        assert kind in NAMES


def test_a_report_names_the_same_wallets_and_never_an_address_to_fetch() -> None:
    for _, word in GOOD:
        assert {(item.kind, item.display) for item in recognise(f"send to {word} now")} >= {("wallet", word)}, word
    sha1_with_mark = "0x" + "4f" * 20
    assert [item.kind for item in recognise(sha1_with_mark)] == ["wallet"]
    assert [(one.kind, one.weak) for one in find(sha1_with_mark)] == [("eth", True)]


def test_harmless_pages_and_our_own_documents_name_no_money() -> None:
    chance = random.Random(15)
    for number in range(60):
        text = page(chance)
        assert short(text) == [], number
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")]
    assert len(documents) > 50
    named = {(path.name, row[:2]) for path in documents for row in short(path.read_text(encoding="utf-8"))}
    assert named == set()


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_no_whole_number_of_a_card_comes_out(text: str) -> None:
    digits = completed("4539", 16)
    for one in find(f"card {digits} {text} {digits}"):
        assert digits not in one.value.replace(" ", "")
        assert digits not in one.descriptor.replace(" ", "")


def test_a_page_of_almost_addresses_is_read_in_time_proportional_to_it() -> None:
    almost = [word[:-1] + "1 " for _, word in GOOD] + [
        "mpesa 0712 ",
        "card 4539 ",
        "GB82 WEST 1234 ",
        "paypal @ ",
        "$5 ",
        str(uuid.UUID(int=4539 << 100)),
    ]
    line = " ".join(almost)
    times = []
    for size in (20, 80):
        text = line * size
        start = time.process_time()
        find(text)
        times.append(time.process_time() - start)
    assert times[1] < 12 * max(times[0], 0.02)


def test_what_is_a_hash_or_a_wallet_is_one_of_both() -> None:
    digits = "52908400098527886e0f7030069857d2e4169ee7"
    for text in (digits, f"sha1:{digits}", "ab" * 32, "ab" * 16):
        assert find(text) == []
        assert {one.kind for one in recognise(text)} == {"file_hash"}
    assert [(one.kind, one.weak) for one in find(f"0x{digits}")] == [("eth", True)]
    assert [one.kind for one in recognise(f"0x{digits}")] == ["wallet"]


def test_no_flood_of_almost_wallets_hides_the_one_that_is_right() -> None:
    right = GOOD[0][1]
    almost = [f"{right[:20]}{number:05}{right[25:]}".replace("0", "z") for number in range(5500)]
    found = [one for one in find("\n".join([*almost, f"20 USD to {right}"])) if one.kind == "btc"]
    assert [(one.value, one.amount) for one in found if one.valid] == [(right, "20")]
    assert len([one for one in found if not one.valid]) == MOST_OF_KIND


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$kite on cash app", "$kite"),
        ("send it to $kite.two via CashApp", "$kite.two"),
        ("@kite (PayPal)", "@kite"),
        ("@kite on my venmo", ""),
    ],
)
def test_a_handle_may_stand_before_the_name_of_its_wallet(text: str, value: str) -> None:
    assert [one.value for one in find(text)] == ([value] if value else [])


@pytest.mark.parametrize(
    "text", ["@kite, paypal", "kite on paypal", "mail@kite on paypal", "$5 on paypal", "@kite\non paypal"]
)
def test_what_stands_before_it_otherwise_is_no_handle_of_it(text: str) -> None:
    assert find(text) == []
