"""What a device sends of a person's own picture is read exactly, or not at all."""

from dataclasses import dataclass

import pytest

from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.own_picture import (
    ME,
    OWN,
    Fingerprint,
    OwnPicture,
    Wished,
    asked_here,
    count_of,
    read_lines,
    way_here,
    wish_again,
    wish_here,
)

SHA, MD5 = "ab" * 32, "cd" * 16
CODE = "0f" * 32
IMAGE = f"image {SHA} {MD5}"
LOOK = f"pdq:{CODE}:87:0"


def test_a_picture_a_video_and_digests_alone_are_read() -> None:
    video = f"video {SHA[::-1]} {MD5} vpdq:{CODE}:60:0 vpdq:{CODE}:61:12"
    files = read_lines(f"{IMAGE} {LOOK} pdq_nn512:{CODE}:90:0\n{video}\nimage {'1' * 64} {MD5}\n")
    assert files is not None
    assert [one.medium for one in files] == ["image", "video", "image"]
    assert files[0].fingerprints == (
        Fingerprint("sha256", SHA),
        Fingerprint("md5", MD5),
        Fingerprint("pdq", CODE, 87, 0),
        Fingerprint("pdq_nn512", CODE, 90, 0),
    )
    assert files[1].fingerprints[3] == Fingerprint("vpdq", CODE, 61, 12)
    assert count_of(files) == 4 + 4 + 2


def test_the_same_file_counts_once() -> None:
    files = read_lines(f"{IMAGE} {LOOK}\n{IMAGE} {LOOK}")
    assert files is not None
    assert len(files) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"{IMAGE} pdq:{CODE}:50:0",
        f"{IMAGE} pdq:{CODE}:100:0",
        f"{IMAGE} pdq:{'f' * 16}{'0' * 48}:87:0",
        f"{IMAGE} pdq:{'f' * 48}{'0' * 16}:87:0",
        f"video {SHA} {MD5} vpdq:{CODE}:60:300",
        f"video {SHA} {MD5}" + f" vpdq:{CODE}:60:1" * 60,
        "\n".join(f"image {number:064x} {MD5}" for number in range(10)),
        "\n" * (60_000 - len(f"{IMAGE} {LOOK}")) + f"{IMAGE} {LOOK}",
    ],
    ids=range(8),
)
def test_the_last_that_is_taken(text: str) -> None:
    assert read_lines(text) is not None


def test_a_report_says_what_the_person_said() -> None:
    for happened, wish, under_18 in (("threat", "quiet", True), ("shared", "police", False)):
        own = OwnPicture(IMAGE, happened, wish, under_18)
        draft = ReportDraft.of_own_picture(own)
        assert (draft.kind, [item.kind for item in draft.items], draft.under_18) == ("own", ["own"], under_18)
        assert (draft.threat, draft.is_shown, draft.wish, draft.own) == (
            "yes" if happened == "threat" else "no", wish == "police", wish, own,
        )  # fmt: skip


WRONG = [
    "",
    "image",
    IMAGE.upper(),
    f"{IMAGE} ",
    f"{IMAGE} {LOOK} {LOOK}",
    f"{IMAGE} pdq_nn512:{CODE}:90:0",
    f"{IMAGE} vpdq:{CODE}:90:0",
    f"video {SHA} {MD5} {LOOK}",
    f"{IMAGE} pdq:{CODE}:49:0",
    f"{IMAGE} pdq:{CODE}:101:0",
    f"{IMAGE} pdq:{CODE}:87:1",
    f"{IMAGE} pdq:{'00' * 32}:87:0",
    f"{IMAGE} pdq:{'ff' * 32}:87:0",
    f"{IMAGE} pdq:{CODE}:٨٧:0",
    f"{IMAGE} pdq:{CODE[:-1]}:87:0",
    f"image {SHA} d41d8cd98f00b204e9800998ecf8427e",
    f"video {SHA} {MD5} vpdq:{CODE}:60:301",
    f"video {SHA} {MD5}" + f" vpdq:{CODE}:60:1" * 61,
    f"{IMAGE} {LOOK}\nhttp://a.example/",
    "\n".join(f"image {number:064x} {MD5}" for number in range(11)),
    f"{IMAGE} {LOOK}" + "\n" * 60_000,
    f"{IMAGE} {LOOK}" + "\n" * (60_001 - len(f"{IMAGE} {LOOK}")),
    f"{IMAGE} pdq:{'f' * 15}7{'0' * 48}:87:0",
    f"{IMAGE} pdq:{'f' * 48}1{'0' * 15}:87:0",
]


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_is_refused_whole(text: str) -> None:
    assert read_lines(text) is None


def test_the_law_goes_before_the_wish() -> None:
    assert (wish_here("wish", "quiet"), wish_here("wish", "police"), wish_here("wish", "x")) == ("quiet", "police", "")
    assert wish_here("police", "quiet") == "police"


def test_what_is_wished_later_is_promised_only_where_the_police_can_not_know_yet() -> None:
    fresh = {("received", ""), ("looking", "")}
    assert [wish_again(before, "quiet", kind=ME, shown=fresh) for before in ("", "police", "quiet")] == ["quiet"] * 3
    for late in (("acted", ""), ("acted", "police_told"), ("closed", ""), ("looking", "again")):
        assert [wish_again(before, "quiet", kind=ME, shown={*fresh, late}) for before in ("", "police", "quiet")] == [
            "", "police", "quiet",
        ]  # fmt: skip
        assert wish_again("quiet", "police", kind=ME, shown={late}) == "police"
    assert wish_again("quiet", "", kind=ME, shown=fresh) == "quiet"
    assert wish_again("police", "quiet", kind=OWN, shown=fresh) == "police", "their receipt doesn't tell who knows"
    assert wish_again("police", "quiet", kind=ME, shown=set()) == "police"


def test_nobody_is_asked_for_a_wish_that_the_law_on_record_does_not_leave() -> None:
    assert [way_here(way, is_duty=True) for way in ("off", "wish", "police")] == ["off", "police", "police"]
    assert [way_here(way, is_duty=False) for way in ("off", "wish", "police")] == ["off", "wish", "police"]


def test_the_form_asks_for_a_wish_only_where_people_found_out_that_the_law_leaves_it() -> None:
    """Nothing recorded is no permission; a duty on record goes before what people set."""
    free = {"is_duty": False, "is_post_box": False}
    assert [asked_here(way, **free) for way in ("unknown", "wish", "police", "")] == [
        "unknown",
        "wish",
        "police",
        "unknown",
    ]
    assert {asked_here(way, is_duty=True, is_post_box=False) for way in ("unknown", "wish", "police")} == {"police"}
    assert asked_here("wish", is_duty=False, is_post_box=True) == "post_box"


@dataclass
class Said(Wished):
    """As much of a report as decides whether it is quiet."""

    kind: str = ME
    wish: str = "quiet"
    happened: str = ""
    urgency: str = ""


def test_a_danger_or_a_threat_is_not_made_quiet() -> None:
    assert Said().is_quiet
    assert not Said().is_own_picture, "there are no fingerprints"
    assert [Said(urgency=why).is_quiet for why in ("danger", "contact", "threat", "shown", "marked")] == [False] * 5
    assert [Said(wish=wish).is_quiet for wish in ("", "police")] == [False, False]
    assert [Said(kind=kind).is_quiet for kind in ("page", "danger", "contact", "else")] == [False] * 4
    own = Said(kind=OWN, happened="threat", urgency="threat")
    assert (own.is_quiet, own.is_own_picture) == (True, True), "of fingerprints nothing can be looked at"
    assert not Said(kind="danger", happened="threat", urgency="danger").is_quiet
