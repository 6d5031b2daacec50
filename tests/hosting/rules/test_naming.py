"""What people type: names at services, groups, games, numbers, wallets, between words in ten languages."""

import csv
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hosting.rules.address import KINDS, canonical, recognise
from leeward.hosting.rules.naming.known_services import SERVICES
from leeward.hosting.rules.naming.reporting import services_to_tell
from leeward.hosting.rules.naming.service_links import linked
from leeward.hosting.rules.naming.service_names import service_meant
from leeward.hosting.rules.naming.spelling import plain
from leeward.hosting.services.fetching import FETCHABLE

EXAMPLES = Path(__file__).parents[2] / "vectors" / "typed" / "examples.tsv"
AT_SERVICE = ("account", "group", "game")

type Item = tuple[str, str, str]


def rows() -> list[list[str]]:
    """Language, country, text, and what it names; a line each."""
    return [line.split("\t") for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]


def named(text: str, country: str, language: str = "") -> set[Item]:
    found = {canonical(item) for item in recognise(text, country=country, language=language)}
    return {
        (one.kind, one.value, one.service if one.kind in AT_SERVICE else "") for one in found if one.kind != "words"
    }


@pytest.mark.parametrize("language", sorted({row[0] for row in rows()}))
def test_what_people_type_is_understood_and_prose_names_nothing(language: str) -> None:
    for spoken, country, text, listed in rows():
        if spoken != language:
            continue
        wanted = set()
        for one in filter(None, listed.split(" ; ")):
            kind, service, value = one.split("|")
            wanted.add((kind, value, service))
        assert named(text, country, language) == wanted, text


def test_nine_of_ten_reference_rows_are_understood_and_nobody_elses_host_is_ever_an_item() -> None:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the examples are not here")
    listed = list(csv.DictReader((Path(folder) / "typed" / "examples.csv").open(encoding="utf-8")))
    wrong = []
    for row in listed:
        got = named(row["typed"].replace("\\n", "\n"), row["portal_country"], row["language"])
        wanted = {
            (one["kind"], one["value"], one.get("service", "") if one["kind"] in AT_SERVICE else "")
            for one in json.loads(row["expect"])
            if one["kind"] != "words"
        }
        values = {value.lower() for _kind, value, _service in wanted}
        for never in json.loads(row["must_not"]):
            hosts = [value.partition("://")[2].strip("/") for kind, value, _service in got if kind in ("web", "onion")]
            assert never.lower() not in hosts, row["id"]
            assert never.lower() in values or all(never != value for _kind, value, _service in got), row["id"]
        if got != wanted:
            wrong.append(row["id"])
    assert len(wrong) <= len(listed) / 10, wrong


def test_a_name_with_a_dot_after_a_services_name_is_never_an_address_to_fetch() -> None:
    for text in (
        "snapchat someone.zone",
        "insta: someone.info",
        "his tiktok is someone.live",
        "someone.app on telegram",
    ):
        assert {item.kind for item in recognise(text)}.isdisjoint(FETCHABLE), text
    assert named("snapchat and then it sent me to videos.invalid", "JM") == {("web", "http://videos.invalid/", "")}


def test_only_web_addresses_are_ever_fetched() -> None:
    assert set(FETCHABLE) == {"url", "onion"}
    assert {"group", "game", "wallet"} <= set(KINDS)


def test_a_wallet_says_whose_coin_it_is_and_one_wrong_letter_makes_it_nothing() -> None:
    word = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    assert [(item.kind, item.display, item.service) for item in recognise(word)] == [("wallet", word, "Bitcoin")]
    assert {item.kind for item in recognise(f"{word[:-1]}b")} == {"unknown"}
    assert [(item.display, item.service) for item in recognise("upi://pay?pa=kite@ybl&pn=x")] == [("kite@ybl", "UPI")]


def test_a_bank_account_is_no_telephone_number_and_one_wrong_digit_makes_it_nothing() -> None:
    assert named("pay to DE89 3704 0044 0532 0130 00 today", "KE") == {("wallet", "DE89370400440532013000", "")}
    assert named("pay to DE88 3704 0044 0532 0130 00 today", "KE") == set()


@pytest.mark.parametrize(
    ("url", "kind", "value"),
    [
        ("https://www.instagram.com/lantern.kite/?hl=en", "account", "lantern.kite"),
        ("https://m.facebook.com/profile.php?id=100000000000001", "account", "100000000000001"),
        ("https://t.me/s/lantern", "account", "lantern"),
        ("https://www.youtube.com/@lantern/videos", "account", "lantern"),
        ("https://wa.me/18765550100?text=a", "phone", "+18765550100"),
        ("https://api.whatsapp.com/send?phone=18765550100", "phone", "+18765550100"),
        ("https://t.me/+EXAMPLE", "group", "https://t.me/+EXAMPLE"),
        ("https://discord.com/invite/EXAMPLE/", "group", "https://discord.com/invite/EXAMPLE"),
        ("https://www.tiktok.com/@lantern/video/1", "", ""),
        ("https://www.instagram.com/reel/EXAMPLE/", "", ""),
        ("https://t.me/lantern/12", "", ""),
        ("https://x.com/lantern/status/1", "", ""),
        ("https://www.facebook.com/", "", ""),
        ("https://instagram.com.example/lantern", "", ""),
    ],
)
def test_a_link_to_a_person_or_group_is_that_person_or_group_and_a_post_stays_a_place(
    url: str, kind: str, value: str
) -> None:
    found = linked(url)
    assert ((found.kind, found.value) if found else ("", "")) == (kind, value)


def test_every_form_of_every_service_means_it_and_no_two_services_share_one() -> None:
    owners: dict[str, str] = {}
    for service in SERVICES:
        for form in filter(
            None, (part.strip() for part in f"{service.name},{service.forms},{service.weak}".split(","))
        ):
            assert owners.setdefault(plain(form), service.name) == service.name, form
            meant = service_meant(plain(form).split())
            assert meant is not None, form
            assert meant.service.name == service.name, form
        assert all(link.startswith("https://") for link in (service.report, service.safety) if link)


def test_words_between_are_kept_and_not_asked_about() -> None:
    found = recognise("first http://a.example/1 and then http://a.example/2 that is all", country="JM")
    assert [(item.kind, item.typed, item.asks) for item in found] == [
        ("unknown", "first", False),
        ("url", "http://a.example/1", False),
        ("unknown", "and then", False),
        ("url", "http://a.example/2", False),
        ("unknown", "that is all", False),
    ]
    assert [item.asks for item in recognise("lantern_kite")] == [True]
    assert [item.asks for item in recognise("somebody wrote to me yesterday")] == [False]


PIECES = st.sampled_from(
    [row[2] for row in rows()]
    + [
        "on",
        "name",
        ":",
        '"',
        "'",
        "“",
        "”",
        "(",
        ")",
        ".",
        ",",
        "@",
        "\n",
        "<a href=",
        ">",
        "group",
        "id",
        "dot",
        "0",
        "+1",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=12), st.sampled_from(["", " ", "\n"]))
def test_nothing_typed_is_an_error_or_lost(parts: list[str], between: str) -> None:
    text = between.join(parts)
    for item in recognise(text, country="KE", language="sw"):
        assert item.kind in KINDS
        assert item.typed
        assert canonical(item).value or item.kind == "unknown"
        assert (item.problem is None) == (item.kind != "unknown")


def test_where_the_reference_data_know_a_page_for_reports_the_receipt_has_it() -> None:
    """Whoever names a service is shown where that service takes reports itself; a link is never to an address in clear."""
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA names no folder with the reference data")
    with (Path(folder) / "contacts" / "platforms.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["report_url_for_public"]]
    known = {one.name: one for one in SERVICES}
    named = {row["name"].partition(" (")[0]: row["report_url_for_public"] for row in rows}
    without = [name for name, _link in named.items() if name in known and not known[name].report]
    assert without == []


def test_every_page_of_a_service_is_reached_securely() -> None:
    for one in SERVICES:
        assert all(link.startswith("https://") for link in (one.report, one.safety) if link), one.name
    most_named = {"Instagram", "WhatsApp", "Snapchat", "TikTok", "Facebook", "YouTube", "Discord", "Roblox"}
    assert {one.name for one in SERVICES if one.report and one.safety} >= most_named
    assert [one.name for one in services_to_tell([("account", "x", "Threads"), ("account", "y", "Yubo")])] == [
        "Threads"
    ]
