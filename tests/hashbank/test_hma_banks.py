"""Banks and contents of HMA's clients: who may do what, and what it makes of a record."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.foundation.actor import Actor
from leeward.hashbank.formats import Entry
from leeward.hashbank.hma import services
from leeward.hashbank.hma.queries import CONTENT_FROM
from leeward.hashbank.hma.vouching import take_as_own_word
from leeward.hashbank.lists.services.exporting import Selection, outgoing
from leeward.hashbank.lists.services.importing import import_list
from leeward.hashbank.lists.services.joining import Batch
from leeward.hashbank.models import Bank, BankClock, ClientContent, Membership, Record, Vote
from leeward.hashbank.queries import bank_named, known
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.scene import bank_transaction
from leeward.hashbank.services import add_record, keep_bank, pause_bank, say, settle_record
from leeward.hashbank.uploads.services.checking import check_rows
from leeward.jobs.models import Job
from leeward.people.queries import token_of, tokens_of
from leeward.people.services.tokens import issue_token, vouch_for_token
from tests.hashbank.asking import png
from tests.hashbank.conftest import FACTS, Desk, file_hashes, picture_code
from tests.hashbank.hma_asking import ALL, Program, coop, open_routes, photo, program
from tests.personas import Cast

__all__ = ["coop", "open_routes"]
CODE = picture_code(5).hex()
ASKED = {"signal": CODE, "signal_type": "pdq"}


def why(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["message"]


def add(client: Program, bank: str = "MINE", **signals: str) -> int:
    client.ask("POST", "/c/banks", {"name": bank})
    answer = client.ask("POST", f"/c/bank/{bank}/signal", signals or {"pdq": CODE})
    assert answer.status_code == 200, answer.content
    return int(answer.json()["id"])


def test_a_content_is_one_vote_and_decides_nothing_alone(cast: Cast, coop: Program) -> None:
    add(coop)
    add(coop)
    add(coop, "OTHER")
    (row,) = known([Hash("pdq", bytes.fromhex(CODE))])
    assert (row.match, row.state, row.is_baseline, row.may_decide) == ("near", "quarantined", False, False)
    assert (row.says, "nobody has confirmed" in str(row.note)) == ({"confirm": 1}, True)
    (vote,) = Vote.objects.all()
    assert (vote.source.name, vote.source.is_ours, vote.facts) == ("Coop", False, {})


def test_a_program_is_never_taken_for_the_hotline_itself(cast: Cast, coop: Program, bank: Desk) -> None:
    named = program(cast, name="hotline  of JAMAICA")
    answer = named.ask("POST", "/c/banks", {"name": "MINE"})
    assert why(answer)[0] == 403
    assert "missing role" in why(answer)[1]
    assert coop.get("/c/banks").json() == []


def test_keys_whose_holder_nobody_else_confirmed_make_no_baseline_together(
    cast: Cast, coop: Program, open_routes: Any
) -> None:
    mine = add(coop)
    add(program(cast, name="Another"), "THEIRS")
    (row,) = known([Hash("pdq", bytes.fromhex(CODE))])
    assert (row.says, row.is_baseline) == ({"confirm": 2}, False)
    key = issue_token(name="Third", scopes=ALL, agency="Child Protection Unit", actor=cast["adam"].actor)
    add(Program(key), "POLICE")
    assert not known([Hash("pdq", bytes.fromhex(CODE))])[0].is_baseline, "a name that one person typed"
    row = token_of(key)
    assert row
    vouch_for_token(row.id, actor=Actor("command"))
    assert not known([Hash("pdq", bytes.fromhex(CODE))])[0].is_baseline
    take_as_own_word(row.id)
    assert known([Hash("pdq", bytes.fromhex(CODE))])[0].is_baseline, "what it said before counts, too"
    coop.ask("DELETE", f"/c/bank/MINE/content/{mine}")
    assert known([Hash("pdq", bytes.fromhex(CODE))])[0].says == {"confirm": 2}


def test_equal_digests_that_only_an_unconfirmed_key_named_block_nothing_and_go_out_in_no_list(
    cast: Cast, coop: Program, bank: Desk
) -> None:
    digest = Hash("md5", b"s" * 16)
    add(coop, video_md5=digest.text)
    asked = [{"md5": digest.text}]

    def seen() -> tuple[str, str, bool, int]:
        (answer,), (row,) = check_rows(asked, subscriber="a host"), known([digest])
        return Record.objects.get().state, answer.advice, row.may_decide, len(list(outgoing(Selection())))

    assert seen() == ("quarantined", "review", False, 0)
    assert "Only programs whose holder nobody has confirmed" in str(check_rows(asked, subscriber="a host")[0].note)
    (key,) = tokens_of(cast.hotline_id)
    vouch_for_token(key.id, actor=Actor("command"))
    assert Job.objects.filter(kind="hashbank.take_as_own_word", subject_id=key.id).count() == 1
    issue_token(name="Coop", scopes=ALL, actor=cast["adam"].actor)
    take_as_own_word(key.id)
    assert seen()[0] == "quarantined", "another key in this name is not confirmed, and a vote doesn’t say which cast it"
    for other in tokens_of(cast.hotline_id):
        vouch_for_token(other.id, actor=Actor("command"))
    take_as_own_word(key.id)
    assert seen() == ("confirmed", "block", False, 1)


def test_an_upgrade_puts_before_a_person_what_only_unconfirmed_keys_said(cast: Cast, coop: Program, bank: Desk) -> None:
    kept = bank.add(1)
    add(coop)
    Record.objects.exclude(pk=kept).update(state="confirmed")
    before = BankClock.objects.get().revision
    import_module("leeward.hashbank.migrations.0009_brakes").unsettle(apps, None)
    rows = list(Record.objects.exclude(pk=kept).values_list("state", "revision"))
    assert rows == [("quarantined", before + 1)], "the next version of a list takes it off"
    assert Record.objects.get(pk=kept).state == "confirmed"


def test_a_list_that_passes_on_a_keys_word_does_not_overrule_it(cast: Cast, coop: Program, bank: Desk) -> None:
    add(coop)
    entry = Entry(1, (Hash("pdq", bytes.fromhex(CODE)),), source="Coop", verdict="not_illegal", foreign_id="1")
    with bank_transaction() as revision:
        number = Bank.objects.get(name="MINE").pk
        Batch(source="A feed", bank_id=number, revision=revision, import_id=7, facts={}).take([entry])
    assert known([Hash("pdq", bytes.fromhex(CODE))])[0].state == "quarantined"


def test_no_key_speaks_for_the_source_of_a_list_or_settles_with_its_holder_alone(
    cast: Cast, coop: Program, bank: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "safe.csv"
    path.write_text(f"pdq,verdict\n{CODE},harmless\n")
    import_list(path, source="Stock photos", bank="safe", harmless=True, actor=Actor("command"))
    add(program(cast, name="stock  photos"))
    number = Record.objects.get().pk
    assert known([Hash("pdq", bytes.fromhex(CODE))])[0].state == "harmless", "the key’s name is what one person typed"
    add(coop, "THEIRS")
    assert known([Hash("pdq", bytes.fromhex(CODE))])[0].state == "conflict"
    assert not settle_record(number, "confirm", reason="looked at", actor=bank.supervisor), "the key may be theirs"


def test_taking_a_content_away_takes_the_vote_back(cast: Cast, coop: Program) -> None:
    first, second = add(coop), add(coop)
    assert first != second
    assert {one["bank_content_id"] for one in coop.get("/m/lookup", ASKED).json()["MINE"]} == {first, second}
    assert coop.ask("DELETE", f"/c/bank/MINE/content/{first}").json() == {"deleted": 1}
    assert coop.ask("DELETE", f"/c/bank/MINE/content/{first}").json() == {"deleted": 0}
    assert coop.get("/m/lookup", ASKED).json() == {
        "MINE": [{"bank_content_id": second, "distance": "0", "advice": "review"}]
    }
    assert coop.ask("DELETE", f"/c/bank/MINE/content/{second}").json() == {"deleted": 1}
    assert coop.get("/m/lookup", ASKED).json() == {}
    assert Record.objects.get().state == "withdrawn"
    assert not Membership.objects.exists()
    again = add(coop)
    assert coop.get("/m/lookup", ASKED).json() == {
        "MINE": [{"bank_content_id": again, "distance": "0", "advice": "review"}]
    }


def test_what_people_and_lists_said_stays(cast: Cast, coop: Program, bank: Desk) -> None:
    number = bank.add(5)
    pictures = {"md5": file_hashes("picture 5")[0].text, "pdq": CODE}
    content = add(coop, **pictures)
    assert set(coop.get("/m/lookup", ASKED).json()) == {"general", "MINE"}
    coop.ask("DELETE", f"/c/bank/MINE/content/{content}")
    assert coop.get("/m/lookup", ASKED).json() == {"general": [{"bank_content_id": number, "distance": "0"}]}
    assert coop.ask("DELETE", f"/c/bank/general/content/{number}").status_code == 403
    assert coop.ask("PUT", f"/c/bank/general/content/{number}", {"disable_until_ts": 0}).status_code == 403
    assert coop.ask("POST", "/c/bank/general/signal", {"pdq": CODE}).status_code == 403
    assert coop.ask("DELETE", "/c/bank/general").status_code == 403
    assert known([Hash("pdq", bytes.fromhex(CODE))])[0].is_same_file is False
    assert Record.objects.get(pk=number).state == "confirmed"


def test_a_program_s_word_gives_a_record_of_others_no_hash_and_unites_none(coop: Program, bank: Desk) -> None:
    """Else one key makes a harmless file known by what the hotline’s people decided about another one."""
    md5, _sha1, sha256 = (one.text for one in file_hashes("picture 5"))
    harmless = file_hashes("a holiday")[2].text
    add_record([Hash("md5", bytes.fromhex(md5))], facts=FACTS, actor=bank.supervisor)
    add(coop, sha256=sha256)
    unknown = {one.kind: one.text for one in file_hashes("not known yet")}
    for signals in (
        {"md5": md5, "sha256": harmless},
        {"md5": md5, "pdq": CODE},
        {"md5": md5, "sha256": sha256},
        unknown,
    ):
        answer = coop.ask("POST", "/c/bank/MINE/signal", signals)
        assert (answer.status_code, Record.objects.count()) == (400, 2), signals
        assert "send the file" in answer.json()["message"]
    assert known([Hash("sha256", bytes.fromhex(harmless))]) == []
    add(coop, md5=md5)
    add(coop, md5=unknown["md5"], pdq=picture_code(9).hex())
    film = SimpleUploadedFile("a.mp4", b"picture 5", "video/mp4")
    answer = coop.send("/c/bank/MINE/content", video=film)
    assert (answer.status_code, known(file_hashes("picture 5"))[0].says) == (200, {"confirm": 2}), "the file proves it"


def test_what_people_said_of_a_program_s_picture_is_found_once_the_program_goes(coop: Program, bank: Desk) -> None:
    content = add(coop)
    number = Record.objects.get().pk
    say(number, "confirm", reason="looked at", actor=bank.supervisor)
    coop.ask("DELETE", f"/c/bank/MINE/content/{content}")
    (row,) = known([Hash("pdq", bytes.fromhex(CODE))])
    assert (row.record_id, row.banks, row.says) == (number, ("general",), {"confirm": 1})
    assert coop.ask("DELETE", "/c/bank/MINE").json() == {"message": "Done"}
    assert len(known([Hash("pdq", bytes.fromhex(CODE))])) == 1


def test_a_program_silences_only_what_programs_put_into_its_bank(coop: Program, bank: Desk) -> None:
    add(coop, pdq=picture_code(6).hex())
    number = bank.add(5, bank="MINE")
    coop.ask("PUT", "/c/bank/MINE", {"enabled_ratio": 0})
    asked = ASKED | {"seed": "a"}
    assert coop.get("/m/lookup", asked).json() == {"MINE": [{"bank_content_id": number, "distance": "0"}]}
    assert coop.get("/m/lookup", asked | {"signal": picture_code(6).hex()}).json() == {}


def test_deleting_a_bank_takes_its_contents_and_nothing_else(cast: Cast, coop: Program) -> None:
    add(coop)
    kept = add(coop, "OTHER")
    assert coop.ask("DELETE", "/c/bank/MINE").json() == {"message": "Done"}
    assert coop.ask("DELETE", "/c/bank/MINE").json() == {"message": "Done"}
    assert why(coop.get("/c/bank/MINE"))[0] == 404
    assert coop.get("/m/lookup", ASKED).json() == {
        "OTHER": [{"bank_content_id": kept, "distance": "0", "advice": "review"}]
    }
    coop.ask("DELETE", "/c/bank/OTHER")
    assert Record.objects.get().state == "withdrawn"


def test_a_large_bank_goes_piece_by_piece_and_a_deletion_that_broke_off_goes_on(
    coop: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(5):
        add(coop, pdq=picture_code(seed).hex())
    monkeypatch.setattr(services, "_AT_ONCE", 2)
    given = services._take_away
    left: list[int] = []

    def breaks_off(numbers: Any, revision: int) -> None:
        left.append(ClientContent.objects.count())
        if len(left) == 2:
            raise OperationalError("the disk is gone")
        given(numbers, revision)

    monkeypatch.setattr(services, "_take_away", breaks_off)
    assert coop.ask("DELETE", "/c/bank/MINE").status_code == 503
    assert ClientContent.objects.count() == 3
    assert coop.ask("DELETE", "/c/bank/MINE").json() == {"message": "Done"}
    assert left == [5, 3, 3, 1]
    assert coop.get("/c/banks").json() == []
    assert set(Record.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_a_bank_that_people_use_too_loses_nothing_by_a_deletion(coop: Program, bank: Desk) -> None:
    add(coop)
    bank.add(6, bank="MINE")
    assert why(coop.ask("DELETE", "/c/bank/MINE"))[0] == 403
    assert ClientContent.objects.count() == 1
    assert sorted(Record.objects.values_list("state", flat=True)) == ["confirmed", "quarantined"]


def test_what_a_list_brought_into_the_same_bank_stays_there(
    cast: Cast, coop: Program, bank: Desk, tmp_path: Path
) -> None:
    digest = file_hashes("picture 5")[2].text
    content = add(coop, sha256=digest)
    (tmp_path / "list.csv").write_text(f"sha256\n{digest}\n")
    import_list(tmp_path / "list.csv", source="A list", bank="MINE", actor=Actor("command"))
    coop.ask("DELETE", f"/c/bank/MINE/content/{content}")
    asked = {"signal": digest, "signal_type": "sha256"}
    assert list(coop.get("/m/lookup", asked).json()) == ["MINE"]
    assert Record.objects.get().state == "confirmed"
    assert coop.ask("DELETE", "/c/bank/MINE").status_code == 403


def test_another_program_of_the_same_hotline_changes_nothing_of_it(cast: Cast, coop: Program) -> None:
    content = add(coop, "MINE", pdq=CODE)
    other = program(cast, name="Somebody else")
    for answer in (
        other.ask("POST", "/c/bank/MINE/signal", {"pdq": CODE}),
        other.ask("PUT", "/c/bank/MINE", {"enabled_ratio": 0}),
        other.ask("DELETE", "/c/bank/MINE"),
        other.ask("PUT", f"/c/bank/MINE/content/{content}", {"disable_until_ts": 0}),
        other.ask("DELETE", f"/c/bank/MINE/content/{content}"),
    ):
        assert answer.status_code == 403
        assert "missing role" in answer.json()["message"]
    taken = other.ask("POST", "/c/banks", {"name": "MINE"})
    assert why(taken)[0] == 403
    assert "already exists" in why(taken)[1]
    replaced = program(cast, name="coop ")  # a new key of the same owner
    assert replaced.ask("DELETE", f"/c/bank/MINE/content/{content}").json() == {"deleted": 1}


def test_what_a_program_keeps_with_a_content_is_told_to_it_alone(cast: Cast, coop: Program) -> None:
    coop.ask("POST", "/c/banks", {"name": "MINE"})
    told = {"metadata": {"content_id": "a-1"}, "note": "ours"}
    content = coop.ask("POST", "/c/bank/MINE/signal", {"pdq": CODE, **told}).json()["id"]
    mine = coop.get(f"/c/bank/MINE/content/{content}").json()
    assert (mine["note"], mine["metadata"]["content_id"]) == ("ours", "a-1")
    hidden = coop.get(f"/c/bank/MINE/content/{content}", {"include_metadata": "false"}).json()
    assert "metadata" not in hidden
    other = program(cast, "read", name="Somebody else").get(f"/c/bank/MINE/content/{content}").json()
    assert set(other) == {"id", "disable_until_ts", "original_media_uri", "bank"}


def test_the_bank_in_the_path_is_the_one_that_counts(cast: Cast, coop: Program) -> None:
    content = add(coop)
    coop.ask("POST", "/c/banks", {"name": "OTHER"})
    assert coop.get(f"/c/bank/OTHER/content/{content}").status_code == 404
    assert coop.ask("DELETE", f"/c/bank/OTHER/content/{content}").json() == {"deleted": 0}
    assert coop.get(f"/c/bank/MINE/content/{content}").status_code == 200


def test_records_of_people_can_be_read_as_contents(cast: Cast, coop: Program, bank: Desk) -> None:
    number = bank.add(5)
    told = coop.get(f"/c/bank/general/content/{number}", {"include_signals": "true"}).json()
    assert told["signals"]["pdq"] == CODE
    assert told["bank"] == {"name": "general", "matching_enabled_ratio": 1.0}
    assert number < CONTENT_FROM


# -- who may ------------------------------------------------------------


def test_each_scope_opens_its_own_routes_and_no_other(cast: Cast, bank: Desk, open_routes: Any) -> None:
    open_routes()
    wanted = {
        "read": {"/c/banks", "/c/exchanges", "/c/signal_type"},
        "match": {"/m/lookup", "/m/index/status"},
        "check": {"/m/lookup", "/m/index/status"},
        "curate": {"/c/banks", "/c/exchanges", "/c/signal_type"},
        "subscriber": set(),
    }
    for name, opened in wanted.items():
        client = program(cast, name)
        answers = {
            path: client.get(path, ASKED)
            for path in ("/c/banks", "/c/exchanges", "/c/signal_type", "/m/lookup", "/m/index/status")
        }
        assert {path for path, answer in answers.items() if answer.status_code == 200} == opened, name
        refused = [answer for path, answer in answers.items() if path not in opened]
        assert all(answer.status_code == 401 and answer["Content-Type"].startswith("text/plain") for answer in refused)
        made = client.ask("POST", "/c/banks", {"name": f"OF_{name.upper()}"})
        assert (made.status_code == 201) == (name == "curate"), name


def test_loopback_never_writes(cast: Cast, bank: Desk, open_routes: Any) -> None:
    open_routes(hma="loopback", hma_hotline="jm")
    client = Program("")
    client._headers = {}
    assert client.get("/c/banks").status_code == 200
    refused = client.ask("POST", "/c/banks", {"name": "MINE"})
    assert (refused.status_code, refused["Content-Type"]) == (401, "text/plain; charset=utf-8")


def test_a_bank_of_another_hotline_is_neither_shown_nor_called_gone(cast: Cast, coop: Program, bank: Desk) -> None:
    add(coop)
    with scope(hotline=cast.other_hotline_id):
        theirs = program(cast, who="dora", name="Theirs")
    assert theirs.get("/c/banks").json() == []
    assert theirs.get("/m/lookup", ASKED).json() == {}
    for answer in (theirs.get("/c/bank/MINE"), theirs.ask("PUT", "/c/bank/MINE", {"enabled_ratio": 0})):
        assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert why(theirs.get("/c/bank/NOBODYS"))[0] == 404
    assert theirs.ask("DELETE", "/c/bank/MINE").status_code == 200
    assert coop.get("/c/bank/MINE").status_code == 200, "nothing of it is gone"


# -- switching on and off --------------------------------------------------


@pytest.mark.parametrize(
    ("until", "kept", "answers"),
    [(0, 0, False), (1, 1, True), ("0", 0, False), (1_000, 1_000, True), (1_900_000_000, 1_900_000_000, False)],
)
def test_disabling_until(coop: Program, until: Any, kept: int, answers: bool) -> None:
    content = add(coop)
    changed = coop.ask("PUT", f"/c/bank/MINE/content/{content}", {"disable_until_ts": until})
    assert changed.json()["disable_until_ts"] == kept
    assert bool(coop.get("/m/lookup", ASKED).json()) == answers
    assert coop.get("/m/raw_lookup", ASKED).json() == {"matches": [content]}
    assert known([Hash("pdq", bytes.fromhex(CODE))]), "the other doors go by votes"


def test_odd_moments_are_refused(coop: Program) -> None:
    content = add(coop)
    for until in (-1, 1.5, True, "1e3", "٣", " 1", "", [], {}, 10**11, 10**400, "9" * 300, "1\0"):
        answer = coop.ask("PUT", f"/c/bank/MINE/content/{content}", {"disable_until_ts": until})
        assert why(answer)[0] == 400, until
        assert ClientContent.objects.get().disable_until == 1, until


def test_ratios_as_hma_throws_them(coop: Program) -> None:
    add(coop)
    assert coop.ask("PUT", "/c/bank/MINE", {"enabled_ratio": 0.5}).json()["matching_enabled_ratio"] == 0.5
    assert coop.get("/m/lookup", ASKED | {"seed": "1"}).json() != {}, "0.478 is thrown for it"
    assert coop.get("/m/lookup", ASKED | {"seed": "2"}).json() == {}, "0.556"
    coop.ask("PUT", "/c/bank/MINE", {"enabled": False})
    assert coop.get("/m/lookup", ASKED | {"seed": "1", "bypass_coinflip": "true"}).json() == {}, (
        "only a POST heeds that"
    )
    assert coop.get("/m/raw_lookup", ASKED).json()["matches"] != []
    for ratio in (-0.1, 1.1, "nan", "inf", "x", True, [], 10**400):
        assert coop.ask("PUT", "/c/bank/MINE", {"enabled_ratio": ratio}).status_code in (400, 422), ratio


def test_a_file_that_bypasses_the_throw(coop: Program) -> None:
    coop.ask("POST", "/c/banks", {"name": "MINE", "enabled_ratio": 0})
    made = coop.send("/c/bank/MINE/content", photo=photo(png(3))).json()
    assert coop.send("/m/lookup", photo=photo(png(3))).json() == {"pdq": {}}
    bypassed = coop.send("/m/lookup?bypass_coinflip=true", photo=photo(png(3))).json()
    assert bypassed == {"pdq": {"MINE": [{"bank_content_id": made["id"], "distance": "0", "advice": "review"}]}}


def test_a_paused_bank_says_that_it_does_not_answer(coop: Program, bank: Desk) -> None:
    from datetime import UTC, datetime, timedelta

    add(coop)
    pause_bank("MINE", datetime.now(UTC) + timedelta(hours=1), actor=bank.supervisor)
    assert coop.get("/c/bank/MINE").json() == {"name": "MINE", "matching_enabled_ratio": 0.0}
    assert coop.get("/m/lookup", ASKED).json() == {}


def test_what_a_person_has_to_look_at_says_so(coop: Program, bank: Desk) -> None:
    content = add(coop)
    add_record([Hash("pdq", bytes.fromhex(CODE))], source="A list", verdict="dispute", actor=bank.supervisor)
    (entry,) = coop.get("/m/lookup", ASKED).json()["MINE"]
    assert entry == {"bank_content_id": content, "distance": "0", "advice": "review"}


def test_look_alikes_are_no_bank_and_no_match(coop: Program, bank: Desk) -> None:
    keep_bank("LOOK", harmless=True, actor=bank.supervisor)
    add_record([Hash("pdq", bytes.fromhex(CODE))], bank="LOOK", actor=bank.supervisor)
    assert coop.get("/c/banks").json() == []
    assert coop.get("/c/bank/LOOK").status_code == 404
    assert coop.get("/m/lookup", ASKED).json() == {}


# -- bad input ---------------------------------------------------------------


def test_names_that_are_none(coop: Program) -> None:
    for name in ("", "a", "9A", "A B", "Ä", "A" * 61, "A\0", "../A", 7, None, ["A"], "A\n"):
        assert coop.ask("POST", "/c/banks", {"name": name}).status_code in (400, 422), name
    assert coop.get("/c/banks").json() == []


NO_CONTENTS: list[dict[str, Any]] = [
    {},
    {"note": "alone"},
    {"nothing": "0"},
    {"pdq": CODE.upper()},
    {"pdq": "0" * 64},
    {"pdq": 7},
    {"pdq": CODE, "metadata": {"x": 1}},
    {"pdq": CODE, "metadata": {"json": []}},
    {"pdq": CODE, "metadata": {"content_id": "\0"}},
    {"pdq": CODE, "metadata": {"json": {"a": "x" * 20_000}}},
    {"pdq": CODE, "note": "x" * 256},
    {"pdq": CODE, "note": "\ud800"},
    {"pdq": CODE, "note": 7},
]


def test_contents_that_are_none(coop: Program) -> None:
    coop.ask("POST", "/c/banks", {"name": "MINE"})
    for body in NO_CONTENTS:
        assert why(coop.ask("POST", "/c/bank/MINE/signal", body))[0] == 400, body
    assert not Record.objects.exists()


def test_bodies_that_are_none(coop: Program) -> None:
    for data in (b"\xff\xfe", b"[", b"[]", b'"x"', b"[" * 100_000, b'{"name": ' + b"9" * 5_000 + b"}"):
        answer = coop.ask("POST", "/c/banks", None, data=data, content_type="application/json")
        assert answer.status_code in (400, 422), data[:20]
    plain = coop.ask("POST", "/c/banks", None, data=b"{}", content_type="text/plain")
    assert (plain.status_code, plain["Content-Type"]) == (415, "text/plain; charset=utf-8")


def test_no_404_where_a_client_would_take_its_bank_for_gone(coop: Program) -> None:
    coop.ask("POST", "/c/banks", {"name": "MINE"})
    for path in ("/c/bank/MINE/", "/c/bank/MINE/x", "/c/bank/MINE/content/x", "/c/bank/", "/c/bank/a/b/c"):
        assert coop.get(path).status_code == 400, path
    assert coop.get("/c/bank/%FF").status_code == 404, "nobody can have such a bank"


def test_a_wrong_key_is_401_wherever_it_stands(cast: Cast, coop: Program) -> None:
    for client in (Program("leeward_" + "x" * 43), Program("x", in_path=True), Program("%FF", in_path=True)):
        answer = client.get("/c/bank/MINE")
        assert (answer.status_code, answer["Content-Type"]) == (401, "text/plain; charset=utf-8")
    for path in ("//c/banks", "/c//banks", "//c///banks"):
        assert coop.get(path).status_code == 200
        assert program(cast, in_path=True).get(path).status_code == 200


def test_ten_thousand_banks_are_one_answer(cast: Cast, coop: Program) -> None:
    many = ",".join(f"B_{number}" for number in range(10_000))
    asked = coop.get("/m/lookup", ASKED | {"banks": many})
    assert why(asked) == (400, "at most 1000 banks can be named at once")


def test_one_program_keeps_so_many_banks_only(coop: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leeward.hashbank.hma.services.MOST_BANKS", 2)
    answers = [coop.ask("POST", "/c/banks", {"name": f"B_{number}"}).status_code for number in range(3)]
    assert answers == [201, 201, 400]


def test_questions_to_the_database_do_not_grow_with_banks_and_contents(cast: Cast, coop: Program, bank: Desk) -> None:
    def counted(path: str, query: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert coop.get(path, query).status_code == 200
        return len(asked)

    def numbers() -> list[int]:
        return [counted("/c/banks", {}), counted("/m/lookup", ASKED), counted("/m/raw_lookup", ASKED)]

    add(coop)
    numbers()
    before = numbers()
    for number in range(12):
        add(coop, f"B_{number}")
        add(coop, f"B_{number}")
    assert len(coop.get("/m/lookup", ASKED).json()) == 13
    assert numbers() == before


def test_a_seen_record_stays_with_its_facts(cast: Cast, coop: Program, bank: Desk) -> None:
    number = bank.add(5, facts=FACTS)
    add(coop, md5=file_hashes("picture 5")[0].text)
    row = Record.objects.get(pk=number)
    assert row.facts["act"] == FACTS["act"]
    assert row.is_baseline, "two sources say so, each by itself"
    assert bank_named("MINE") is not None
