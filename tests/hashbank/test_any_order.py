"""Imports, joins and withdrawals in any order leave the same bank; conflicts both ways; two names of one source; many banks."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.hashbank.errors import AlreadySettled, CategoriesUnmapped, DecisionWaits, NothingToSettle
from leeward.hashbank.formats import Entry
from leeward.hashbank.lists.services.importing import import_list
from leeward.hashbank.lists.services.joining import Batch
from leeward.hashbank.models import Membership, Record, RecordHash, Source, Vote, VoteChange
from leeward.hashbank.queries import known, record, unsettled
from leeward.hashbank.records.services.banks import bank_row
from leeward.hashbank.records.services.sources import follow_sources
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.rules.standing import VERDICTS
from leeward.hashbank.scene import bank_transaction
from leeward.hashbank.services import (
    add_record,
    keep_bank,
    propose_change,
    say,
    settle_record,
)
from leeward.people.errors import NotSecondPerson
from tests.hashbank.conftest import FACTS, Desk, file_hashes, picture_code
from tests.hashbank.test_import import bring, digests, vics
from tests.having_read import answer_change, answer_ruling, answer_vote
from tests.personas import Cast, add_people

START = datetime(2026, 1, 1, tzinfo=UTC)
LISTS = ("IWF", "NCMEC", "A partner")
steps = st.lists(
    st.tuples(
        st.sampled_from(LISTS),
        st.sampled_from(["", "IWF", "A member"]),
        st.sampled_from(VERDICTS),
        st.integers(1, 3),
        st.booleans(),
        st.sampled_from([{}, FACTS, {"act": "uk_a"}]),
    ),
    min_size=1,
    max_size=5,
)


def entry_of(step: tuple[Any, ...], place: int) -> Entry:
    _sender, source, verdict, day, gone, facts = step
    at = START + timedelta(days=day)
    hashes = () if gone else tuple(file_hashes("x"))
    return Entry(place, hashes, verdict=verdict, facts=facts, source=source, foreign_id="7", gone=gone, at=at)


def play(order: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """What the bank says of the file after these steps."""
    for place, step in enumerate(order, 1):
        with bank_transaction() as revision:
            bank = bank_row("general").pk
            batch = Batch(source=step[0], bank_id=bank, revision=revision, import_id=place, facts={})
            batch.take([entry_of(step, place)])
    rows = known(file_hashes("x"))
    kept = [(row.state, row.is_baseline, row.facts) for row in Record.objects.all()]
    return [(row.match, row.state, row.is_baseline, row.may_decide, dict(row.facts)) for row in rows], kept


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.randoms(use_true_random=False))
def test_any_order_of_what_lists_say_gives_the_same_state(bank: Desk, given_steps: list[Any], random: Any) -> None:
    """A withdrawal takes back what was said before; what nobody has said yet can't be taken back, so withdrawals come after that."""
    keep_bank(actor=bank.supervisor)
    said, gone = [one for one in given_steps if not one[4]], [one for one in given_steps if one[4]]
    results = []
    for _ in range(2):
        Vote.objects.all().delete()
        Membership.objects.all().delete()
        RecordHash.objects.all().delete()
        Record.objects.all().delete()
        random.shuffle(said)
        random.shuffle(gone)
        results.append(play([*said, *gone]))
    assert results[0] == results[1]


def test_a_feed_that_goes_backwards_or_repeats_changes_nothing(bank: Desk) -> None:
    keep_bank(actor=bank.supervisor)
    new, old = ("IWF", "", "not_illegal", 3, False, {}), ("IWF", "", "confirm", 1, False, {})
    once = play([old, new])
    assert play([old, old, new, new, old]) == once
    assert play([("IWF", "", "confirm", 2, True, {})]) == once  # older than what it would take back


@pytest.mark.parametrize("order", list(permutations(["harmless", "illegal"])))
def test_a_harmless_list_proves_nothing_and_hides_nothing(bank: Desk, tmp_path: Path, order: tuple[str, ...]) -> None:
    data = f"sha256\n{digests('x')['sha256']}\n".encode()
    for one in order:
        if one == "harmless":
            bring(bank, tmp_path / "safe.csv", data, source="Stock photos", bank="safe", harmless=True)
        else:
            bring(bank, tmp_path / "ngo.csv", data, source="One NGO", facts={"act": "uk_a", "medium": "photograph"})
    (found,) = known(file_hashes("x"))
    assert (found.match, found.is_baseline, found.may_decide) == ("conflict", False, False)
    assert found.says == {"confirm": 1, "harmless": 1}
    assert set(found.banks) == {"general", "safe"}
    assert [row.pk for row in unsettled()] == [found.record_id]


def test_a_file_that_two_records_hold_by_different_hashes_is_a_conflict_too(bank: Desk) -> None:
    md5, _sha1, sha256 = file_hashes("x")
    add_record([md5], source="IWF", actor=bank.analyst)
    add_record([sha256], source="Stock photos", bank="look-alikes", actor=bank.analyst)
    assert {row.match for row in known([md5, sha256])} == {"conflict"}
    assert [row.match for row in known([md5])] == ["known"]


def test_a_record_is_in_any_number_of_banks(bank: Desk) -> None:
    number = bank.add(1)
    for name in ("one", "two"):
        assert bank.add(1, bank=name) == number
    for name in ("general", "one", "two"):
        assert [row.banks for row in known(file_hashes("picture 1"), banks=[name])] == [(name,)]
        assert [row.record_id for row in known([Hash("pdq", picture_code(1), 90)], banks=[name])] == [number]
    assert known(file_hashes("picture 1"), banks=["three"]) == []
    assert record(number).banks == ("general", "one", "two")


def test_a_wider_bank_lets_the_same_record_be_found_further_off(bank: Desk) -> None:
    from tests.hashbank.conftest import bits_off

    keep_bank("narrow", radius=4, actor=bank.supervisor)
    bank.add(1, bank="narrow")
    off = [Hash("pdq", bits_off(picture_code(1), 9), 90)]
    assert known(off) == []
    bank.add(1, bank="general")
    assert [row.distance_bits for row in known(off)] == [9]
    assert known(off, banks=["narrow"]) == []


def second(desk: Desk) -> Actor:
    """Another supervisor, who counts as a second person."""
    return add_people({"cleo": ["supervisor"]}, desk.hotline_id)["cleo"].actor


def change(desk: Desk, act: str, source: Source, *, into: int = 0, by: Actor) -> None:
    """Let one supervisor propose what another confirms."""
    propose_change(source.pk, act, into_id=into, actor=desk.supervisor)
    answer_change(source.pk, agrees=True, actor=by)


def test_one_source_under_two_names_is_merged_by_a_person_and_separated_again(bank: Desk) -> None:
    for name in ("Jamaica", "Jamaica Police"):
        number = add_record(file_hashes("x"), source=name, facts=FACTS, actor=bank.analyst)
    assert known(file_hashes("x"))[0].may_decide
    one, two = Source.objects.get(name="Jamaica"), Source.objects.get(name="Jamaica Police")
    with pytest.raises(NotAllowed):
        propose_change(two.pk, "merge", into_id=one.pk, actor=bank.analyst)
    cleo = second(bank)
    change(bank, "merge", two, into=one.pk, by=cleo)
    assert not known(file_hashes("x"))[0].may_decide  # at once
    assert Record.objects.get(pk=number).is_baseline
    follow_sources(0)
    assert not Record.objects.get(pk=number).is_baseline  # with the job
    with pytest.raises(BadInput):
        propose_change(one.pk, "merge", into_id=two.pk, actor=bank.supervisor)
    change(bank, "separate", two, by=cleo)
    follow_sources(0)
    assert Record.objects.get(pk=number).is_baseline
    with pytest.raises(BadInput):
        propose_change(two.pk, "separate", actor=bank.supervisor)
    with pytest.raises(BadInput):
        propose_change(two.pk, "rename", actor=bank.supervisor)


def test_nobody_says_alone_who_a_source_is(bank: Desk) -> None:
    for name in ("Jamaica", "Jamaica Police"):
        number = add_record(file_hashes("x"), source=name, facts=FACTS, actor=bank.analyst)
    add_record(file_hashes("x"), source="Stock photos", verdict="harmless", actor=bank.analyst)
    one, two = Source.objects.get(name="Jamaica"), Source.objects.get(name="Jamaica Police")
    propose_change(two.pk, "merge", into_id=one.pk, actor=bank.supervisor)
    assert (Source.objects.get(pk=two.pk).merged_into_id, Source.objects.get(pk=two.pk).merged_at) == (None, None)
    assert not settle_record(number, "harmless", reason="A harbour.", actor=bank.supervisor)  # still two who confirm it
    with pytest.raises(NotAllowed):
        answer_change(two.pk, agrees=True, actor=bank.supervisor)
    newly = add_people({"newly": ["supervisor"]}, bank.hotline_id, made_at=datetime.now(UTC))["newly"].actor
    with pytest.raises(NotSecondPerson):
        answer_change(two.pk, agrees=True, actor=newly)
    with pytest.raises(AlreadySettled):
        propose_change(two.pk, "vouch", actor=bank.supervisor)
    answer_change(two.pk, agrees=False, actor=bank.supervisor)  # whoever proposed it may take it back
    with pytest.raises(NothingToSettle):
        answer_change(two.pk, agrees=True, actor=second(bank))
    assert Source.objects.get(pk=two.pk).merged_into_id is None


def test_what_could_be_done_when_it_was_proposed_is_looked_at_again(bank: Desk) -> None:
    for name in ("One", "Two", "Three"):
        add_record(file_hashes("x"), source=name, facts=FACTS, actor=bank.analyst)
    one, two, three = (Source.objects.get(name=name) for name in ("One", "Two", "Three"))
    cleo = second(bank)
    propose_change(one.pk, "merge", into_id=two.pk, actor=bank.supervisor)
    change(bank, "merge", two, into=three.pk, by=cleo)
    with pytest.raises(BadInput):
        answer_change(one.pk, agrees=True, actor=cleo)


def test_sources_that_contradict_themselves_confirm_it_too_as_far_as_that_goes(bank: Desk) -> None:
    """Two sources, each of which says two things of one moment: taking away what they confirm needs a second person."""
    for name in ("IWF", "NCMEC"):
        for verdict in ("confirm", "harmless"):
            at = START
            number = add_record(file_hashes("x"), source=name, verdict=verdict, actor=bank.analyst, at=at)
    assert {row.verdict for row in record(number).votes} == {"contradicts"}
    assert not settle_record(number, "harmless", reason="A harbour.", actor=bank.supervisor)


def test_names_that_differ_only_in_writing_are_one_source(bank: Desk) -> None:
    for name in ("IWF", " iwf ", "IWF"):
        add_record(file_hashes("x"), source=name, facts=FACTS, actor=bank.analyst)
    assert Source.objects.filter(is_ours=False).count() == 1
    assert not known(file_hashes("x"))[0].is_baseline


def test_a_list_counts_its_members_by_themselves_only_where_a_person_says_so(bank: Desk, tmp_path: Path) -> None:
    data = f"sha256,votes\n{digests('x')['sha256']},One=confirm|Two=confirm\n".encode()
    bring(bank, tmp_path / "list.csv", data, source="Jamaica")
    assert not known(file_hashes("x"))[0].is_baseline
    assert record(known(file_hashes("x"))[0].record_id).votes[0].source == "Jamaica: One"
    cleo = second(bank)
    change(bank, "vouch", Source.objects.get(name="Jamaica"), by=cleo)
    assert known(file_hashes("x"))[0].is_baseline
    change(bank, "doubt", Source.objects.get(name="Jamaica"), by=cleo)
    assert not known(file_hashes("x"))[0].is_baseline


def test_another_hotline_s_sources_and_records_are_out_of_reach(bank: Desk, cast: Cast) -> None:
    add_record(file_hashes("x"), source="IWF", actor=bank.analyst)
    there = Source.objects.get(name="IWF").pk
    with scope(hotline=cast.other_hotline_id):
        assert list(unsettled()) == []
        with pytest.raises(Exception, match="source"):
            propose_change(there, "separate", actor=cast["dora"].actor)


def conflict(desk: Desk, *sources: str) -> int:
    for source in sources:
        add_record(file_hashes("x"), source=source, facts=FACTS, actor=desk.analyst)
    return add_record(file_hashes("x"), source="Stock photos", verdict="harmless", actor=desk.analyst)


def test_a_person_settles_a_conflict_and_new_votes_open_it_again(bank: Desk) -> None:
    number = conflict(bank, "IWF")
    with pytest.raises(BadInput):
        settle_record(number, "harmless", reason=" ", actor=bank.supervisor)
    with pytest.raises(NotAllowed):
        settle_record(number, "harmless", reason="A harbour.", actor=bank.analyst)
    assert not settle_record(number, "harmless", reason="A harbour.", actor=bank.supervisor)
    answer_ruling(number, agrees=True, actor=second(bank))
    (found,) = known(file_hashes("x"))
    assert (found.match, found.note) == ("harmless", None)
    with pytest.raises(NothingToSettle):
        settle_record(number, "confirm", reason="No.", actor=bank.supervisor)
    add_record(file_hashes("x"), source="NCMEC", actor=bank.analyst)
    assert known(file_hashes("x"))[0].match == "conflict"


def test_what_two_sources_confirm_takes_a_second_person_to_settle(bank: Desk) -> None:
    cleo = add_people({"cleo": ["supervisor"]}, bank.hotline_id)["cleo"].actor
    number = conflict(bank, "IWF", "NCMEC")
    assert not settle_record(number, "harmless", reason="A harbour.", actor=bank.supervisor)
    assert known(file_hashes("x"))[0].match == "conflict"
    with pytest.raises(DecisionWaits):
        settle_record(number, "harmless", reason="Again.", actor=bank.supervisor)
    with pytest.raises(NotAllowed):
        answer_ruling(number, agrees=True, actor=bank.supervisor)
    newly = add_people({"newly": ["supervisor"]}, bank.hotline_id, made_at=datetime.now(UTC))["newly"].actor
    with pytest.raises(NotSecondPerson):
        answer_ruling(number, agrees=True, actor=newly)
    answer_ruling(number, agrees=False, actor=cleo)
    assert known(file_hashes("x"))[0].match == "conflict"
    assert not settle_record(number, "harmless", reason="A harbour.", actor=bank.supervisor)
    answer_ruling(number, agrees=True, actor=cleo)
    assert known(file_hashes("x"))[0].match == "harmless"
    with pytest.raises(NothingToSettle):
        answer_ruling(number, agrees=True, actor=cleo)
    assert not say(number, "confirm", reason="Seen again.", actor=cleo)
    assert known(file_hashes("x"))[0].match == "harmless", "nobody alone ends what two people settled"
    answer_vote(number, agrees=True, actor=bank.supervisor)
    assert known(file_hashes("x"))[0].match == "conflict"


def test_confirming_settles_alone_and_may_decide(bank: Desk) -> None:
    number = conflict(bank, "IWF", "NCMEC")
    assert settle_record(number, "confirm", reason="Seen again.", actor=bank.supervisor)
    (found,) = known(file_hashes("x"))
    assert (found.match, found.is_baseline, found.may_decide) == ("known", False, True)


@pytest.mark.parametrize("how", ["cast", "imported", "confirmed the import", "confirmed the vote"])
def test_nobody_both_votes_on_a_record_and_settles_it(bank: Desk, cast: Cast, tmp_path: Path, how: str) -> None:
    carl, other = bank.supervisor, cast["ana"].actor
    number = conflict(bank, "IWF", "NCMEC")
    if how == "cast":
        add_record(file_hashes("x"), actor=carl)
    elif how == "confirmed the vote":
        VoteChange.objects.create(
            hotline_id=bank.hotline_id, record_id=number, verdict="confirm", by="staff:77", answered_by=carl.label,
            at=datetime.now(UTC), answered_at=datetime.now(UTC), agreed=True,
        )  # fmt: skip
    else:
        path = tmp_path / "list.csv"
        path.write_text(f"sha256\n{file_hashes('x')[2].text}\n")
        by, second = (carl, other) if how == "imported" else (Actor("command"), carl)
        import_list(path, source="A third", actor=by, second_by=second.label)
    assert not settle_record(number, "confirm", reason="Seen again.", actor=carl)
    assert known(file_hashes("x"))[0].match == "conflict"
    answer_ruling(number, agrees=True, actor=add_people({"cleo": ["supervisor"]}, bank.hotline_id)["cleo"].actor)
    assert known(file_hashes("x"))[0].match == "known"


def test_vics_categories_mean_what_their_table_says(bank: Desk, tmp_path: Path) -> None:
    for category in range(6):
        data = vics(f"file {category}", more={"Category": category})
        bring(bank, tmp_path / f"{category}.json", data, source="Project VIC")
    found = {number: [row.match for row in known(file_hashes(f"file {number}"))] for number in range(6)}
    assert found == {0: [], 1: ["known"], 2: [], 3: ["known"], 4: [], 5: []}


def test_an_unmapped_category_stops_the_import_before_anything_is_written(bank: Desk, tmp_path: Path) -> None:
    data = vics("a", more={"Category": 1}) + b"\n"
    for country in ("CA", "CUSTOM"):
        foreign = data.replace(b"2.0.xml/US/", f"2.0.xml/{country}/".encode())
        with pytest.raises(CategoriesUnmapped, match=rf"VICS file of {country}.*1 \(1\)") as refused:
            bring(bank, tmp_path / "list.json", foreign)
        assert "--profile vics" not in str(refused.value.hint), "another country's table would misread it"
    assert (Record.objects.count(), Source.objects.count()) == (0, 0)
    done = bring(bank, tmp_path / "list.json", foreign, mapping={"1": "leave_out"})
    assert (done.added, done.left_out, done.categories) == (0, 1, {"1": {"count": 1, "means": "leave_out"}})


def test_a_record_that_its_list_no_longer_calls_illegal_is_taken_back(bank: Desk, tmp_path: Path) -> None:
    bring(bank, tmp_path / "one.json", vics("a"))
    done = bring(bank, tmp_path / "two.json", vics("a", more={"Category": 0}))
    assert (done.withdrawn, done.left_out) == (1, 1)
    assert known(file_hashes("a")) == []


def test_iwf_labels_become_facts(bank: Desk, tmp_path: Path) -> None:
    data = f"sha256,label\n{digests('a')['sha256']},A\n{digests('b')['sha256']},D\n".encode()
    with pytest.raises(CategoriesUnmapped, match="D"):
        bring(bank, tmp_path / "iwf.csv", data, source="IWF", profile="iwf")
    bring(bank, tmp_path / "iwf.csv", data, source="IWF", profile="iwf", mapping={"D": "leave_out"})
    assert known(file_hashes("a"))[0].facts == {"act": "uk_a"}
    assert known(file_hashes("b")) == []


def test_a_list_of_look_alikes_refuses_what_says_that_it_is_illegal(bank: Desk, tmp_path: Path) -> None:
    done = bring(bank, tmp_path / "a.json", vics("a"), source="Stock photos", bank="safe", harmless=True)
    assert (done.added, done.broken) == (0, 1)
    bank.add(1)
    with pytest.raises(BadInput, match="illegal"):
        bring(bank, tmp_path / "b.csv", b"sha256\n" + b"a" * 64, bank="general", harmless=True)
    with pytest.raises(BadInput, match="look-alikes"):
        add_record(file_hashes("y"), bank="safe", verdict="confirm", actor=bank.analyst)


def test_a_damaged_entry_keeps_its_good_hashes_and_every_error_is_in_a_file(bank: Desk, tmp_path: Path) -> None:
    good = digests("a")["sha256"]
    lines = ["md5,sha256", f"zz,{good}", *["zz,"] * 1200]
    done = bring(bank, tmp_path / "list.csv", "\n".join(lines).encode())
    assert (done.added, done.damaged, done.broken) == (1, 1, 1200)
    assert known(file_hashes("a"))[0].match == "known"
    assert done.errors is not None
    assert len(done.errors.path.read_text().splitlines()) == 1202
    assert len(done.problems) == 1000
    assert "2 hexadecimal digits" in str(done.problems[0][1])


def test_plain_lines_take_the_kind_before_a_colon(bank: Desk, tmp_path: Path) -> None:
    text = f"md5:{digests('a')['md5']}\nSHA256: {digests('b')['sha256']}\n"
    done = bring(bank, tmp_path / "list.txt", text.encode())
    assert (done.added, done.broken) == (2, 0)
    assert known(file_hashes("a")[:1])
    assert known(file_hashes("b")[2:])
