"""Entries that have hashes of two records: whatever order they come in, one file is one record; two files stay two."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.hashbank.errors import HashesDisagree
from leeward.hashbank.formats import Entry
from leeward.hashbank.lists.services.exporting import Selection, outgoing
from leeward.hashbank.lists.services.joining import Batch
from leeward.hashbank.models import BankClock, Membership, Record, RecordHash, Ruling, Vote
from leeward.hashbank.queries import known, record
from leeward.hashbank.records.services.banks import bank_row
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.scene import bank_transaction
from leeward.hashbank.services import (
    add_investigation,
    add_record,
    keep_bank,
    note_sighting,
    settle_record,
)
from tests.hashbank.conftest import FACTS, Desk, file_hashes, picture_code
from tests.hashbank.test_import import bring, digests
from tests.having_read import answer_ruling

START = datetime(2026, 1, 1, tzinfo=UTC)
MD5, SHA1, SHA256 = file_hashes("x")
PDQ = Hash("pdq", picture_code(1), 90)
type Step = tuple[str, str, tuple[int, ...], int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["IWF", "NCMEC", "Stock photos"]),
        st.sampled_from(["confirm", "dispute", "harmless"]),
        st.sets(st.sampled_from([0, 1, 2]), min_size=1).map(lambda some: tuple(sorted(some))),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=6,
)


def play(desk: Desk, given_steps: Sequence[Step], *, at_once: bool = False) -> None:
    """Bring entries in: one by one, or those of one list together."""
    keep_bank(actor=desk.supervisor)
    entries: dict[str, list[Entry]] = {}
    for place, (source, verdict, which, day) in enumerate(given_steps, 1):
        hashes = tuple((MD5, SHA1, SHA256)[one] for one in which)
        one = Entry(place, hashes, verdict=verdict, foreign_id=str(place), at=START + timedelta(days=day))
        entries.setdefault(source if at_once else f"{place} {source}", []).append(one)
    for name, some in entries.items():
        with bank_transaction() as revision:
            source = name if at_once else name.split(" ", 1)[1]
            batch = Batch(source=source, bank_id=bank_row("general").pk, revision=revision, import_id=1, facts={})
            batch.take(some)
        assert not batch.refused
        assert batch.added + batch.joined == len(some)


def told() -> list[tuple[Any, ...]]:
    """What each record that has hashes means, and what a look-up says of the file."""
    rows = Record.objects.filter(hashes__aside=False).distinct()
    found = [row.says for row in known([MD5, SHA1, SHA256])]
    return [(row.state, row.is_baseline, found) for row in rows]


def empty() -> None:
    for model in (Vote, Membership, RecordHash, Record):
        model.objects.all().delete()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.randoms(use_true_random=False), st.booleans())
def test_one_file_is_one_record_in_whatever_order_its_hashes_come(
    bank: Desk, given_steps: list[Step], random: Any, at_once: bool
) -> None:
    bridged = [*given_steps, ("IWF", "confirm", (0, 1, 2), 1)]
    results = []
    for _turn in range(2):
        empty()
        random.shuffle(bridged)
        play(bank, bridged, at_once=at_once)
        counted = [(row.kind, bytes(row.value)) for row in RecordHash.objects.filter(aside=False)]
        assert len(counted) == len(set(counted)) == 3, "no hash is in two records"
        results.append(told())
        assert len(results[-1]) == 1
    assert results[0] == results[1]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_preview_counts_what_an_import_does(bank: Desk, tmp_path: Path, order: tuple[int, ...]) -> None:
    from leeward.hashbank.lists.services.importing import preview_import

    rows = [
        f"{digests('x')['md5']},",
        f",{digests('x')['sha256']}",
        ",".join((digests("x")["md5"], digests("x")["sha256"])),
    ]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["md5,sha256", *(rows[one] for one in order), ""]))
    seen = preview_import(path, source="Partner", actor=bank.supervisor)
    done = bring(bank, path, path.read_bytes())
    assert (seen.added, seen.joined) == (done.added, done.joined) == (1, 2)
    assert Record.objects.count() == 1


def test_what_is_known_of_both_is_known_of_the_one(bank: Desk) -> None:
    one = add_record([MD5], source="IWF", facts=FACTS, actor=bank.analyst)
    two = add_record([SHA256, PDQ], source="NCMEC", bank="second", facts=FACTS, actor=bank.analyst)
    assert one < two
    for number in (one, two):
        note_sighting(number, case_id=number, actor=bank.analyst)
        add_investigation(number, agency="Harbour Police", reference=f"HP {number}", actor=bank.supervisor)
    before = BankClock.objects.get().revision
    assert add_record([MD5, SHA1, SHA256], source="Partner", actor=bank.analyst) == one
    row = record(one)
    assert {vote.source for vote in row.votes} == {"IWF", "NCMEC", "Partner"}
    assert set(row.banks) == {"general", "second"}
    assert row.is_baseline
    assert sorted(row.sightings) == [one, two]
    assert len(row.investigations) == 2
    assert sorted(hash_.kind for hash_ in row.hashes) == ["md5", "pdq", "sha1", "sha256"]
    assert [found.record_id for found in known([PDQ])] == [one]
    assert record(two).state == "withdrawn"
    assert AuditRow.objects.filter(event="record.united").count() == 1
    gone = [out.record_id for out in outgoing(Selection(since=before)) if out.gone]
    assert gone == [two]


def test_what_people_settled_about_either_is_open_again(bank: Desk) -> None:
    one = add_record([MD5], source="IWF", actor=bank.analyst)
    add_record([MD5], source="Stock photos", verdict="harmless", actor=bank.analyst)
    settle_record(one, "harmless", reason="A harbour.", actor=bank.supervisor)
    answer_ruling(one, agrees=True, actor=Actor("command"))
    assert known([MD5])[0].match == "harmless"
    add_record([SHA256], source="IWF", actor=bank.analyst)
    add_record([MD5, SHA256], source="NCMEC", actor=bank.analyst)
    assert known([MD5])[0].match == "conflict"
    assert not Ruling.objects.filter(ended_at=None).exists()


def test_two_files_stay_two_and_the_entry_is_refused(bank: Desk, tmp_path: Path) -> None:
    other = file_hashes("y")
    one = add_record([MD5, SHA1], source="IWF", actor=bank.analyst)
    two = add_record([other[1], SHA256], source="IWF", actor=bank.analyst)
    data = f"md5,sha256\n{MD5.text},{SHA256.text}\n".encode()
    done = bring(bank, tmp_path / "list.csv", data)
    assert (done.added, done.joined, done.broken) == (0, 0, 1)
    assert "two different files, whose sha1 differs" in str(done.problems[0][1])
    with pytest.raises(HashesDisagree):
        add_record([MD5, SHA256], source="NCMEC", actor=bank.analyst)
    assert [known([hash_])[0].record_id for hash_ in (MD5, SHA256)] == [one, two]


def test_a_hash_that_an_entry_brings_to_a_record_finds_it_for_the_next_entry(bank: Desk) -> None:
    add_record([MD5], source="IWF", actor=bank.analyst)
    play(bank, [("NCMEC", "confirm", (0, 2), 1), ("NCMEC", "confirm", (2,), 1)], at_once=True)
    assert len(known([MD5, SHA256])) == 1
    assert Record.objects.count() == 1


def test_two_records_that_look_the_same_keep_one_picture_hash_and_what_was_doubted(bank: Desk) -> None:
    one = add_record([MD5, PDQ], source="IWF", actor=bank.analyst)
    two = add_record([SHA256, PDQ], source="NCMEC", actor=bank.analyst)
    assert sorted(row.record_id for row in known([PDQ])) == [one, two]
    RecordHash.objects.filter(record_id=two, kind=5).update(aside=True)  # a supervisor put it aside
    add_record([MD5, SHA256], source="Partner", actor=bank.analyst)
    assert [row.record_id for row in known([MD5])] == [one]
    assert known([PDQ]) == [], "it stays aside"


def test_what_is_said_later_of_a_picture_hash_that_both_had_is_found(bank: Desk, tmp_path: Path) -> None:
    add_record([MD5, PDQ], source="IWF", actor=bank.analyst)
    two = add_record([SHA256, PDQ], source="NCMEC", actor=bank.analyst)
    add_record([MD5, SHA256], source="Partner", actor=bank.analyst)
    assert not RecordHash.objects.filter(record_id=two).exists()
    bring(bank, tmp_path / "list.csv", f"pdq\n{PDQ.text}\n".encode())
    assert add_record([PDQ], source="Another", actor=bank.analyst) != two
    assert len(known([PDQ])) == 2, "the one file, and the picture without a file"


def test_a_wrong_digest_in_a_list_keeps_no_file_out_that_was_hashed_here(bank: Desk, tmp_path: Path) -> None:
    """Whoever sends a list could otherwise see to it that a file of theirs is never added."""
    other = file_hashes("y")
    one = add_record([MD5, other[1]], source="A member", actor=bank.analyst)
    mine = add_record([MD5, SHA1, SHA256, PDQ], facts=FACTS, is_hashed_here=True, actor=bank.analyst)
    assert mine != one
    first, second = known([MD5, SHA1, SHA256])
    assert (first.record_id, first.match, first.may_decide) == (mine, "known", True)
    assert (second.record_id, second.match, second.may_decide) == (one, "near", False)
    for hashes in ([MD5], [MD5, SHA256], [MD5, SHA1, SHA256, PDQ]):
        assert add_record(hashes, source="NCMEC", actor=bank.analyst) == mine
    assert bring(bank, tmp_path / "list.csv", f"md5,sha1\n{MD5.text},{SHA1.text}\n".encode()).joined == 1
    assert {vote.source for vote in record(one).votes} == {"A member"}
    with pytest.raises(HashesDisagree):
        add_record([MD5, other[2]], source="Another", actor=bank.analyst)
