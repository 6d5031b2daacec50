"""Bringing lists in: every form, previews, broken entries, what is cut off, twice, taken back, resumed."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from leeward.foundation import sandbox
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.hashbank.errors import BegunOtherwise, CategoriesUnmapped, NoHash
from leeward.hashbank.formats import FORMATS
from leeward.hashbank.formats.entries import ListUnreadable
from leeward.hashbank.lists.services import importing
from leeward.hashbank.lists.services.importing import Outcome, import_list, preview_import
from leeward.hashbank.models import Import, Record, RecordHash, Source, Vote
from leeward.hashbank.queries import known, record
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record, say, say_of_source
from tests.hashbank.conftest import Desk, bits_off, file_hashes, picture_code
from tests.hashbank.feeds import cut_after

assert NoHash  # raised for records, told as broken entries by lists


def digests(name: str) -> dict[str, str]:
    return {one.kind: one.value.hex() for one in file_hashes(name)}


def vics(*names: str, bom: bool = False, more: dict[str, object] | None = None) -> bytes:
    media = [
        {
            "MediaID": number,
            "Category": 1,
            "MD5": digests(name)["md5"].upper(),
            "SHA1": digests(name)["sha1"].upper(),
            "PhotoDNA": base64.b64encode(bytes(range(number, number + 144))).decode(),
            "MediaSize": 1000,
            "VictimIdentified": "true",
            "Series": 'harbour ] } " \\ ✓',
            **(more or {}),
        }
        for number, name in enumerate(names, 1)
    ]
    text = json.dumps({"@odata.context": "http://x.example/2.0.xml/US/$metadata#Media", "value": media})
    return (b"\xef\xbb\xbf" if bom else b"") + text.encode()


def ncmec(*entries: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2">'
        f'<images count="{len(entries)}" maxTimestamp="2026-10-24T15:10:00Z">{"".join(entries)}</images></queryResult>'
    ).encode()


def ncmec_image(name: str, number: str, *, member: str = "Member One", feedback: str = "", label: str = "A2") -> str:
    prints = "".join(f"<{kind}>{text}</{kind}>" for kind, text in digests(name).items() if kind != "sha256")
    return (
        f'<image><member id="42">{member}</member><timestamp>2026-10-24T15:00:00Z</timestamp><id>{number}</id>'
        f"<classification>{label}</classification><fingerprints>{prints}</fingerprints>{feedback}</image>"
    )


def bring(desk: Desk, path: Path, data: bytes, **more: object) -> Outcome:
    path.write_bytes(data)
    return import_list(path, actor=Actor("command"), **({"source": "Partner"} | more))


@pytest.mark.parametrize("bom", [False, True])
def test_vics(bank: Desk, tmp_path: Path, bom: bool) -> None:
    done = bring(bank, tmp_path / "list.json", vics("a", "b", bom=bom), source="Project VIC")
    assert (done.format, done.rows, done.added, done.broken) == ("vics", 2, 2, 0)
    (found,) = known(file_hashes("a"))
    assert (found.victim_status, found.series, found.labels) == (
        "identified",
        'harbour ] } " \\ ✓',
        ("Project VIC: VICS 1",),
    )
    assert not found.may_decide
    assert known([Hash("photodna", bytes(range(1, 145)))])[0].record_id == found.record_id


def test_a_vics_file_cut_in_the_middle_brings_what_is_whole_and_says_so(bank: Desk, tmp_path: Path) -> None:
    whole = vics(*map(str, range(50)))
    done = bring(bank, tmp_path / "list.json", whole[: len(whole) // 2])
    assert 20 <= done.added <= 25
    assert not done.is_whole
    ((place, why),) = done.problems
    assert place == done.added + 1
    assert "is cut off" in str(why)


def test_a_case_file_of_vics_1_3(bank: Desk, tmp_path: Path) -> None:
    media = {"MediaID": 7, "MD5": digests("a")["md5"].upper(), "Category": None, "IsPrecategorized": False}
    text = json.dumps({"odata.metadata": "x.example/1.3.xml#Cases", "value": [{"CaseID": "", "Media": [media]}]})
    done = bring(bank, tmp_path / "case.json", text.encode())
    assert (done.added, done.left_out) == (0, 1)  # nobody has categorised it
    text = text.replace('"Category": null', '"Category": 1')
    with pytest.raises(CategoriesUnmapped, match=r"1 \(1\)") as refused:  # it names no country
        bring(bank, tmp_path / "case.json", text.encode())
    assert "--profile vics" in str(refused.value.hint)
    assert not Record.objects.exists()
    assert bring(bank, tmp_path / "case.json", text.encode(), profile="vics").added == 1


def test_broken_entries_are_named_and_the_rest_goes_on(bank: Desk, tmp_path: Path) -> None:
    lines = [
        "md5,sha256,pdq,quality",
        f"{digests('a')['md5'].upper()},,,",
        "abc,,,",
        f",{digests('b')['sha256'][:-1]},,",
        f",,{picture_code(1).hex()[:63]},80",
        f",,{picture_code(2).hex()},80",
        f",,{'g' * 64},80",
        ",,,",
        f",,{picture_code(3).hex()},999",
        f"{digests('a')['md5']},,,,,,too many",
        f",,{'0' * 64},80",
    ]
    done = bring(bank, tmp_path / "list.csv", "\r\n".join(lines).encode())
    assert (done.rows, done.added) == (3, 2)
    assert [place for place, _ in done.problems] == [3, 4, 5, 7, 9, 10, 11]
    assert "3 hexadecimal digits, not 32" in str(done.problems[0][1])
    assert "63 hexadecimal digits, not 64" in str(done.problems[2][1])
    assert "not hexadecimal" in str(done.problems[3][1])
    assert Import.objects.get().broken == 7


def test_ncmec_with_votes_and_tombstones(bank: Desk, tmp_path: Path) -> None:
    up = '<feedback><affirmativeFeedback type="Md5"><members><member id="7">Member Two</member></members></affirmativeFeedback></feedback>'
    down = (
        '<feedback><negativeFeedback type="Md5"><reasons><reason guid="1" name="x" type="Md5"/><members>'
        '<member id="8">Member Three</member></members></reasons></negativeFeedback></feedback>'
    )
    data = ncmec(ncmec_image("a", "1"), ncmec_image("b", "2", feedback=up), ncmec_image("c", "3", feedback=down))
    done = bring(bank, tmp_path / "list.xml", data, source="NCMEC")
    assert (done.format, done.added) == ("ncmec", 3)
    a, b = known(file_hashes("a"))[0], known(file_hashes("b"))[0]
    assert (a.is_baseline, b.is_baseline) == (False, False)  # one list, whoever it names
    assert a.facts == {"pubertal_stage": "prepubescent", "act": "explicit_posing"}
    assert a.labels == ("NCMEC: Member One: A2",)
    assert known(file_hashes("c"))[0].state == "quarantined"

    gone = ncmec('<deletedImage><member id="42">Member One</member><id>1</id></deletedImage>', ncmec_image("b", "2"))
    again = bring(bank, tmp_path / "update.xml", gone, source="NCMEC")
    assert (again.withdrawn, again.joined, again.added) == (1, 1, 0)
    assert known(file_hashes("a")) == []
    assert record(a.record_id).state == "withdrawn"
    other = ncmec('<deletedImage><member id="9">Somebody else</member><id>2</id></deletedImage>')
    assert bring(bank, tmp_path / "other.xml", other, source="NCMEC").withdrawn == 0


UP = '<feedback><affirmativeFeedback type="Md5"><members><member id="7">Member Two</member></members></affirmativeFeedback></feedback>'


def tombstone(number: str, member: str = "Member One") -> str:
    return f'<deletedImage><member id="42">{member}</member><id>{number}</id></deletedImage>'


def test_a_deleted_entry_takes_the_votes_with_it_that_others_gave_in_it(bank: Desk, tmp_path: Path) -> None:
    bring(bank, tmp_path / "list.xml", ncmec(ncmec_image("a", "1", feedback=UP)), source="NCMEC")
    number = known(file_hashes("a"))[0].record_id
    assert {vote.source for vote in record(number).votes} == {"NCMEC: Member One", "NCMEC: Member Two"}
    assert bring(bank, tmp_path / "gone.xml", ncmec(tombstone("1")), source="NCMEC").withdrawn == 2
    assert known(file_hashes("a")) == []
    assert not Vote.objects.filter(withdrawn_at=None).exists()


def test_a_vote_dated_by_a_clock_that_was_ahead_is_withdrawn_all_the_same(bank: Desk, tmp_path: Path) -> None:
    bring(bank, tmp_path / "list.xml", ncmec(ncmec_image("a", "1", feedback=UP)), source="NCMEC")
    Vote.objects.update(at=datetime.now(UTC) + timedelta(days=30))
    assert bring(bank, tmp_path / "gone.xml", ncmec(tombstone("1")), source="NCMEC").withdrawn == 2
    assert known(file_hashes("a")) == []


def test_what_is_said_after_a_clock_was_ahead_counts(bank: Desk, tmp_path: Path) -> None:
    number = add_record(file_hashes("one"), actor=bank.supervisor)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    Vote.objects.update(at=tomorrow)
    say_of_source(number, "dispute", source="Another", actor=bank.supervisor)
    say(number, "confirm", reason="looked again", actor=bank.supervisor)
    assert Vote.objects.get(source__is_ours=True).at < tomorrow
    for verdict, withdrawn in (("confirm", None), ("dispute", None), ("confirm", tomorrow)):
        path = tmp_path / f"{verdict}{withdrawn}.csv"
        path.write_text(f"sha256,verdict\n{file_hashes('two')[2].text},{verdict}\n")
        Vote.objects.filter(source__name="A list").update(at=tomorrow, withdrawn_at=withdrawn)
        import_list(path, source="A list", actor=Actor("command"))
        assert Vote.objects.filter(source__name="A list", withdrawn_at=None).get().verdict == verdict


def test_a_deleted_entry_leaves_what_is_said_in_another_and_by_other_lists(bank: Desk, tmp_path: Path) -> None:
    other = ncmec_image("a", "9", member="Member Three", feedback=UP.replace("Member Two", "Member Four"))
    own = ncmec_image("a", "8", member="Member Two")
    data = ncmec(ncmec_image("a", "1", feedback=UP), other, own)
    bring(bank, tmp_path / "list.xml", data, source="NCMEC")
    bring(bank, tmp_path / "again.xml", ncmec(ncmec_image("a", "1", feedback=UP)), source="Copy of NCMEC")
    bring(bank, tmp_path / "gone.xml", ncmec(tombstone("1")), source="NCMEC")
    left = {vote.source for vote in record(known(file_hashes("a"))[0].record_id).votes if vote.withdrawn_at is None}
    assert left == {
        *(f"NCMEC: Member {name}" for name in ("Two", "Three", "Four")),  # Member Two has an entry of its own
        *(f"Copy of NCMEC: Member {name}" for name in ("One", "Two")),
    }
    assert bring(bank, tmp_path / "own.xml", ncmec(tombstone("8", "Member Two")), source="NCMEC").withdrawn == 1


def test_two_members_who_say_the_same_in_one_file_are_two_where_we_let_the_list_vouch_for_them(
    bank: Desk, tmp_path: Path
) -> None:
    data = ncmec(ncmec_image("a", "1"), ncmec_image("a", "5", member="Member Two"))
    done = bring(bank, tmp_path / "list.xml", data)
    assert (done.added, done.joined) == (1, 1)
    assert not known(file_hashes("a"))[0].is_baseline
    Source.objects.filter(name="Partner").update(vouches=True)
    assert known(file_hashes("a"))[0].is_baseline


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><queryResult><images><image><id>&a;</id></image></images></queryResult>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><queryResult/>',
        b"<queryResult",
        b"{}}",
        b"{",
        b"",
        b"\xef\xbb\xbf",
        b"name,size\n1,2\n",
    ],
)
def test_what_is_no_list_leaves_nothing_behind(bank: Desk, tmp_path: Path, data: bytes) -> None:
    form = "vics" if data[:1] == b"{" or not data.strip(b"\xef\xbb\xbf") else ""
    try:
        done = bring(bank, tmp_path / "list", data, format_name=form)
    except ListUnreadable:
        assert Import.objects.count() == 0
    else:
        assert done.added == 0
        assert not done.is_whole
    assert Record.objects.count() == 0


def test_threatexchange_both_forms(bank: Desk, tmp_path: Path) -> None:
    pdq = picture_code(1).hex()
    row = {"id": "9", "raw_indicator": pdq, "type": "HASH_PDQ", "status": "MALICIOUS", "tags": ["x"], "owner": 900}
    other = row | {"id": "10", "type": "HASH_URL"}
    done = bring(bank, tmp_path / "te.json", json.dumps({"data": [row, other], "paging": {}}).encode())
    assert (done.format, done.added, done.broken) == ("threatexchange", 1, 1)
    unsaid = {"data": [{name: value for name, value in row.items() if name != "status"} | {"id": "11"}]}
    unsaid["data"][0]["raw_indicator"] = picture_code(2).hex()
    done = bring(bank, tmp_path / "unsaid.json", json.dumps(unsaid).encode())
    assert (done.added, done.left_out) == (0, 1)
    table = f"collab,signal_type,signal_str,category,tags\nSample,pdq,{pdq.upper()},POSITIVE_CLASS,a b\n"
    done = bring(bank, tmp_path / "te.csv", table.encode(), source="Other")
    assert (done.format, done.added, done.joined) == ("threatexchange-csv", 0, 1)
    assert known([Hash("pdq", bits_off(picture_code(1), 5))])[0].is_baseline
    gone = json.dumps({"data": [row | {"should_delete": True}]}).encode()
    assert bring(bank, tmp_path / "gone.json", gone).withdrawn == 1


def test_plain_lines(bank: Desk, tmp_path: Path) -> None:
    lines = [
        "# a remark",
        digests("a")["md5"],
        f"pdq {picture_code(1).hex()}",
        f"video_md5 {digests('b')['md5']}",
        "xyz",
    ]
    done = bring(bank, tmp_path / "list.txt", "\n".join(lines).encode())
    assert (done.format, done.added, done.problems[0][0]) == ("plain", 3, 5)


def test_a_preview_says_the_same_and_changes_nothing(bank: Desk, tmp_path: Path) -> None:
    bank.add(1)
    path = tmp_path / "list.json"
    path.write_bytes(vics("picture 1", "b", "c"))
    seen = preview_import(path, source="Partner", actor=bank.supervisor)
    assert (Record.objects.count(), Vote.objects.count(), Import.objects.count()) == (1, 1, 0)
    done = import_list(path, source="Partner", actor=Actor("command"))
    assert (seen.added, seen.joined, seen.kinds) == (done.added, done.joined, done.kinds) == (2, 1, seen.kinds)


def test_bringing_in_twice_changes_nothing(bank: Desk, tmp_path: Path) -> None:
    bring(bank, tmp_path / "list.json", vics("a", "b"))
    before = (Record.objects.count(), RecordHash.objects.count(), Vote.objects.count())
    again = bring(bank, tmp_path / "list.json", vics("a", "b"))
    assert (again.added, again.joined) == (0, 2)
    assert (Record.objects.count(), RecordHash.objects.count(), Vote.objects.count()) == before


def test_an_import_that_was_stopped_goes_on(bank: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    real, calls = importing._bring_in, []

    def stopped(*given: Any, **more: Any) -> None:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(1)
        real(*given, **more)

    monkeypatch.setattr(importing, "_bring_in", stopped)
    data = vics(*map(str, range(45)))
    with pytest.raises(KeyboardInterrupt):
        bring(bank, tmp_path / "list.json", data)
    monkeypatch.setattr(importing, "_bring_in", real)
    assert Record.objects.count() == 20
    done = bring(bank, tmp_path / "list.json", data)
    assert (done.resumed_at, done.added, done.joined) == (20, 25, 0)
    assert Import.objects.get().rows == 45
    assert Record.objects.count() == 45
    connection.check_constraints()  # which many rows leave out where SQLite is
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert [
                cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("cache_size", "wal_autocheckpoint")
            ] == [
                -32_000,
                1_000,
            ]


def test_an_import_whose_reader_came_to_no_end_is_not_over(
    bank: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    monkeypatch.setattr(sandbox, "stream", cut_after(25, "busy"))
    data = ncmec(*(ncmec_image(str(number), str(number)) for number in range(45)))
    with pytest.raises(ListUnreadable, match="too much was being read at the time"):
        bring(bank, tmp_path / "list.xml", data)
    assert Import.objects.get().finished_at is None
    monkeypatch.undo()
    done = bring(bank, tmp_path / "list.xml", data)
    assert (done.resumed_at, done.added, done.is_whole) == (20, 25, True)
    assert (Import.objects.get().rows, Record.objects.count()) == (45, 45)


def test_forged_entries_do_not_join(bank: Desk, tmp_path: Path) -> None:
    bank.add(1)
    row = f"md5,sha1\n{digests('picture 1')['md5']},{digests('else')['sha1']}\n"
    done = bring(bank, tmp_path / "list.csv", row.encode())
    assert (done.added, done.joined, done.broken) == (0, 0, 1)
    assert "though another hash is equal" in str(done.problems[0][1])


def test_a_harmless_list_silences(bank: Desk, tmp_path: Path) -> None:
    bank.add(1)
    lines = f"pdq {bits_off(picture_code(1), 3).hex()}\n"
    bring(bank, tmp_path / "harmless.txt", lines.encode(), bank="look-alikes", harmless=True)
    assert [row.match for row in known([Hash("pdq", bits_off(picture_code(1), 3))])] == ["harmless"]


def test_a_list_cannot_speak_for_us(bank: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        bring(bank, tmp_path / "list.json", vics("a"), source="Hotline of Jamaica")
    facts = {"medium": "photograph", "act": "posing"}
    bring(bank, tmp_path / "list.json", vics("a"), facts=facts)
    assert not known(file_hashes("a"))[0].may_decide
    bring(bank, tmp_path / "list2.json", vics("a", more={"MediaID": 77}), source="A second one", facts=facts)
    assert known(file_hashes("a"))[0].may_decide


def test_a_list_that_names_us_first_takes_neither_our_name_nor_our_voice(bank: Desk, tmp_path: Path) -> None:
    data = ncmec(ncmec_image("a", "1"), ncmec_image("a", "5", member="hotline of  JAMAICA"))
    bring(bank, tmp_path / "list.xml", data)
    Source.objects.filter(name="Partner").update(vouches=True)
    (row,) = known(file_hashes("a"))
    assert (row.is_baseline, row.may_decide) == (False, False)
    assert [one.name for one in Source.objects.filter(is_ours=True)] == ["Hotline of Jamaica"]
    add_record(file_hashes("a"), actor=bank.analyst, facts={"medium": "photograph", "act": "posing"})
    assert known(file_hashes("a"))[0].may_decide


def test_a_name_of_ours_that_a_list_had_taken_is_ours_again(bank: Desk) -> None:
    Source.objects.create(
        hotline_id=bank.hotline_id, name="Hotline", name_key="hotline of jamaica", first_at=datetime.now(UTC)
    )
    bank.add(1)
    assert known(file_hashes("picture 1"))[0].may_decide


def test_only_who_may_brings_in(bank: Desk, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(vics("a"))
    with pytest.raises(NotAllowed):
        import_list(path, source="Partner", actor=bank.analyst)


def test_every_form_is_recognised(tmp_path: Path) -> None:
    from leeward.hashbank.formats import recognised

    starts = {
        "csv": b"md5;sha1\n",
        "vics": b'\xef\xbb\xbf{"@odata.context": "x", "value": [',
        "ncmec": b"\n<?xml version='1.0'?>",
        "threatexchange": b'{"data": [',
        "threatexchange-csv": b"collab,signal_type,signal_str\n",
        "plain": b"pdq abc\n",
    }
    assert {name: recognised(start).name for name, start in starts.items()} == {name: name for name in FORMATS}
    for is_no_text in (b"\xff\xd8\xff\xe0\x00\x10JFIF", "md5\n".encode("utf-16")):
        with pytest.raises(ListUnreadable, match="not UTF-8 text"):
            recognised(is_no_text)


def test_an_import_that_was_stopped_goes_on_only_as_it_was_begun(
    bank: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, whole = tmp_path / "list.json", vics(*map(str, range(45)), more={"Category": 2})
    monkeypatch.setattr(importing, "BATCH", 20)
    real, calls = importing._bring_in, []

    def stopped(*given: Any, **more: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*given, **more)

    monkeypatch.setattr(importing, "_bring_in", stopped)
    said = {"mapping": {"2": "confirm"}, "facts": {"medium": "photograph"}}
    with pytest.raises(KeyboardInterrupt):
        bring(bank, path, whole, **said)
    monkeypatch.setattr(importing, "_bring_in", real)
    for other, named in (
        ({"mapping": {"2": "not_illegal"}}, "category 2: confirm, not_illegal"),
        ({"mapping": {"2": "confirm", "9": "leave_out"}}, "category 9: -, leave_out"),
        ({"facts": {}}, "fact medium: photograph, -"),
        ({"profile": "vics-gb"}, "profile: vics, vics-gb"),
    ):
        with pytest.raises(BegunOtherwise, match=named):
            bring(bank, path, whole, **(said | other))
    assert Record.objects.count() == 20
    done = bring(bank, path, whole, **said)
    assert (done.resumed_at, done.added) == (20, 25)


def test_a_stopped_import_of_which_the_options_were_not_kept_is_begun_anew(bank: Desk, tmp_path: Path) -> None:
    first = bring(bank, tmp_path / "list.json", vics("a", "b"))
    Import.objects.update(finished_at=None, options=None, rows=1)
    again = bring(bank, tmp_path / "list.json", vics("a", "b"))
    assert again.import_id != first.import_id
    assert (again.resumed_at, again.added, again.joined) == (0, 0, 2)
