"""The log in the database: it grows only, tampering is found and named, an export proves itself."""

import io
import json
import threading
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from leeward.audit import append_only, queries
from leeward.audit.errors import SignerSilent
from leeward.audit.export import FORMAT, verdicts_of_file, write_log
from leeward.audit.keys import public_key, sign
from leeward.audit.models import AuditHead, AuditRow, AuditTip
from leeward.audit.queries import (
    chains,
    entries,
    log_of,
    log_of_each,
    log_page,
    newest_moment,
    unguarded_tables,
    verdict,
)
from leeward.audit.rules.chain import BEYOND, GENESIS, Entry, Fault, canonical, link, signed_text
from leeward.audit.rules.notes import LOG, WITNESS, Key
from leeward.audit.rules.policy import Policy
from leeward.audit.services import append_many, record
from leeward.audit.signer.state import Signer
from leeward.audit.tree import signing
from leeward.audit.tree.checkpoints import publish
from leeward.foundation.actor import Actor
from tests.effort import calls_of
from tests.personas import Cast
from tests.signers import signing_here

ACTOR = Actor("staff", 1, "Ana", 5)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
FIELDS = ["at", "event", "actor", "subject", "facts", "facts_sha256", "previous", "hash"]


@pytest.fixture(autouse=True)
def signer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Signer:
    return signing_here(monkeypatch, tmp_path / "signer")


def some_acts(count: int, hotline_id: int = 5) -> None:
    for number in range(count):
        with transaction.atomic():
            record("case.claimed", actor=ACTOR, hotline_id=hotline_id, subject=f"case:{number}", facts={"n": number})


def sealed_as_before() -> None:
    """Keep the tip of each chain as a head, as it was signed daily before the signer signed the log."""
    for tip in AuditTip.objects.filter(number__gt=0):
        AuditHead.objects.create(
            chain=tip.chain, number=tip.number, hash=tip.hash, at=tip.at, signature=signature_of(tip)
        )


def relinked(rows: list[Entry], at: int) -> list[Entry]:
    """The log with another event in row `at`, and every later row linked to what it now follows."""
    made: list[Entry] = []
    for row in rows:
        event = "case.closed" if row.number == at else row.event
        before = made[-1] if made else None
        made.append(
            link(
                before,
                chain=row.chain,
                at=row.at,
                event=event,
                actor=row.actor,
                subject=row.subject,
                facts=row.facts,
                nonce=row.nonce,
            )
        )
    return made


def signature_of(tip: AuditTip) -> str:
    return sign(signed_text(chain=tip.chain, number=tip.number, row=tip.hash, at=tip.at))


def tampered(sql: str, *values: object) -> None:
    """Change the table as somebody with the database's own password would."""
    with connection.schema_editor() as editor:
        append_only.allow(editor)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    with connection.schema_editor() as editor:
        append_only.refuse(editor)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_byte_is_named(field: str) -> None:
    some_acts(6)
    tampered(f"UPDATE audit_auditrow SET {field} = replace({field}, substr({field}, 1, 1), 'z') WHERE number = 4")
    found = verdict(5)
    assert found.fault is not None
    assert found.fault.number in ((4,) if field != "hash" else (4, 5))


@pytest.mark.django_db(transaction=True)
def test_cut_off_rows_are_named() -> None:
    some_acts(6)
    tampered("DELETE FROM audit_auditrow WHERE number > 4")
    assert verdict(5).fault == Fault(5, 5, "is missing: a head speaks of row 6")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sealed_at", [0, 2, 4])
@pytest.mark.parametrize("tip", ["DELETE FROM audit_audittip", "UPDATE audit_audittip SET number = 0"])
def test_cutting_off_rows_and_the_tip_is_found(tip: str, sealed_at: int) -> None:
    some_acts(sealed_at)
    sealed_as_before()
    some_acts(6 - sealed_at)
    assert verdict(5).fault is None
    with connection.cursor() as cursor:
        cursor.execute(tip)
    fault = verdict(5).fault
    assert fault, "whoever takes the tip away could have cut off rows"
    assert (fault.number, fault.what) == (6, "has no tip after it: the tip of the chain was removed")
    for left in (4, 2):
        tampered("DELETE FROM audit_auditrow WHERE number > %s", left)
        assert verdict(5).fault is not None


@pytest.mark.django_db(transaction=True)
def test_a_log_of_which_nothing_is_left_but_a_head_is_found() -> None:
    some_acts(2)
    sealed_as_before()
    tampered("DELETE FROM audit_auditrow")
    AuditTip.objects.all().delete()
    assert chains() == [5]
    assert verdict(5).fault is not None
    tampered("DELETE FROM audit_audithead")
    assert chains() == []
    assert verdict(5).fault is None, "that it was ever begun must be known from elsewhere"
    assert verdict(5, is_begun=True).fault is not None


@pytest.mark.django_db(transaction=True)
def test_a_forged_tip_is_found() -> None:
    some_acts(4)
    tampered("DELETE FROM audit_auditrow WHERE number > 2")
    row = AuditRow.objects.get(number=2)
    AuditTip.objects.update(number=2, hash=row.hash)
    assert verdict(5).fault is not None


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_changes() -> None:
    some_acts(1)
    sealed_as_before()
    statements = ["UPDATE audit_auditrow SET event = 'x'", "DELETE FROM audit_auditrow", "DELETE FROM audit_audithead"]
    if connection.vendor == "sqlite":  # it replaces a row without asking the triggers of DELETE
        statements += [f"REPLACE INTO {table} SELECT * FROM {table}" for table in append_only.TABLES]
        columns = ", ".join(FIELDS)
        statements += [
            f"REPLACE INTO audit_auditrow (chain, number, {columns}) SELECT chain, number, {columns} FROM audit_auditrow"
        ]
    for sql in statements:
        with pytest.raises(DatabaseError, match="only grow"), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain() -> None:
    def write() -> None:
        try:
            some_acts(10)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verdict(5)
    assert (found.rows, found.fault) == (40, None)


@pytest.mark.django_db
def test_acts_of_hotlines_stand_in_chains_of_their_own(cast: Cast) -> None:
    some_acts(3, cast.hotline_id)
    some_acts(2, cast.other_hotline_id)
    assert verdict(cast.hotline_id).rows == 3
    assert [line.subject for line in log_page(cast.other_hotline_id)] == ["case:1", "case:0"]
    assert log_of(cast.hotline_id, "case:2")[0].facts == {"n": 2}


@pytest.mark.django_db
def test_an_act_is_recorded_in_its_transaction_only() -> None:
    try:
        with transaction.atomic():
            some_acts(1)
            raise KeyError
    except KeyError:
        pass
    assert not AuditRow.objects.exists()
    with pytest.raises(ValueError, match="past_verb"), transaction.atomic():
        record("Claimed", actor=ACTOR, hotline_id=5, subject="case:1")


@pytest.mark.django_db
def test_bulk_rows_continue_the_chain() -> None:
    some_acts(2)
    entries = []
    from leeward.audit.queries import entries as read

    before = list(read(5))[-1]
    for number in range(1200):
        before = link(
            before,
            chain=5,
            at="2026-11-24T12:00:00.000000+00:00",
            event="case.opened",
            actor="system",
            subject="case:1",
            facts=canonical({"n": number}),
            nonce=f"{number:032x}",
        )
        entries.append(before)
    append_many(entries)
    some_acts(1)
    assert verdict(5).rows == 1203
    assert verdict(5).fault is None


@pytest.mark.django_db
def test_old_rows_without_a_nonce_grow_the_tree_by_the_salt_of_their_chain() -> None:
    AuditTip.objects.create(chain=5, number=0, hash=GENESIS, at="", signature="", peaks=b"", salt="ab" * 32)
    old = link(
        None, chain=5, at="2026-11-24T12:00:00.000000+00:00", event="case.opened", actor="system", subject="case:1", facts="{}"
    )  # fmt: skip
    append_many([old])
    assert verdict(5).fault is None


@pytest.mark.django_db
def test_the_newest_moment_is_that_of_any_chain() -> None:
    assert newest_moment() is None
    AuditTip.objects.create(chain=7, number=0, hash=GENESIS, at="", signature="", peaks=b"")
    assert newest_moment() is None, "nothing was written there yet"
    noon = datetime(2026, 11, 28, 12, tzinfo=UTC)
    for chain, at in ((5, noon), (6, noon + timedelta(hours=1)), (8, noon - timedelta(hours=1))):
        with transaction.atomic():
            record("case.claimed", actor=ACTOR, hotline_id=chain, subject="case:1", now=at)
    assert newest_moment() == noon + timedelta(hours=1)
    assert queries.chains_beyond(noon - timedelta(microseconds=1)) == [5, 6]
    assert queries.chains_beyond(noon) == [6], "what is not later is not beyond"


@pytest.mark.django_db
def test_an_export_proves_itself_and_shows_changes() -> None:
    some_acts(5)
    target = io.StringIO()
    assert write_log(target) == 5
    text = target.getvalue()
    assert [found.fault for found in verdicts_of_file(io.StringIO(text), "log")] == [None]
    changed = text.replace('"subject": "case:2"', '"subject": "case:9"')
    fault = verdicts_of_file(io.StringIO(changed), "log")[0].fault
    assert fault is not None
    assert fault.number == 3
    lines = text.splitlines()
    cut = "\n".join([lines[0], *[line for line in lines[1:] if '"number": 5' not in line]])
    fault = verdicts_of_file(io.StringIO(cut), "log")[0].fault
    assert fault is not None
    assert fault.number == 5


@pytest.mark.django_db
def test_an_export_of_the_first_format_is_still_checked_with_the_key_of_its_heads() -> None:
    some_acts(4)
    head = asdict_of(AuditTip.objects.get(chain=5))
    lines = [{"row": asdict(entry)} for entry in entries(5)]
    first = {"format": "leeward-audit-log 1", "public_key": public_key()}

    def fault(*lines: object, key: str | None = None) -> str:
        text = "\n".join(map(json.dumps, lines))
        [found] = verdicts_of_file(io.StringIO(text), "log", key)
        return found.fault.what if found.fault else ""

    assert fault(first, *lines, {"head": head}) == ""
    assert fault(first, *lines, {"head": head}, key=public_key()) == ""
    assert fault(first, *lines[:3], {"head": head}) == "is missing: a head speaks of row 4"
    assert "no head is signed by this key" in fault(first, *lines, {"head": head}, key="A" * 43 + "=")
    assert "no checkpoint" in fault(first | {"format": FORMAT}, *lines, {"head": head}), (
        "nobody passes it off as the second"
    )


def asdict_of(tip: AuditTip) -> dict[str, object]:
    return {
        "chain": tip.chain, "number": tip.number, "hash": tip.hash, "at": tip.at, "signature": signature_of(tip)
    }  # fmt: skip


@pytest.mark.django_db
def test_an_export_holds_against_the_key_of_the_signer_or_a_policy_and_no_other(signer: Signer) -> None:
    AuditTip.objects.create(chain=5, number=0, hash=GENESIS, at="", signature="", peaks=b"", salt="ab" * 32)
    old = link(
        None, chain=5, at="2026-11-24T12:00:00.000000+00:00", event="case.opened", actor="system", subject="case:1", facts="{}"
    )  # fmt: skip
    append_many([old])
    publish(5, NOW)
    some_acts(2)
    target = io.StringIO()
    write_log(target)
    text = target.getvalue()
    log_key = Key("testserver/audit/5", LOG, signer.public(LOG))
    alone, unseen = Policy.of((log_key,), (), None), Policy.of((log_key,), (witness_key(),), None)

    def fault(text: str, key: str | None = None, policy: Policy | None = None) -> Fault | None:
        [found] = verdicts_of_file(io.StringIO(text), "log", key, policy)
        return found.fault

    for trusted in (None, log_key.text, log_key.base64):
        assert fault(text, trusted) is None
    assert fault(text, policy=alone) is None
    nobody = Fault(5, 3, "is the last row, but no checkpoint is signed by this key")
    assert fault(text, public_key()) == nobody
    lacking = "is the last row, but no checkpoint is signed by a key of the policy"
    assert fault(text, policy=unseen) == Fault(5, 3, f"{lacking} and seen by 1 of its witnesses")
    elsewhere = Key("other.example/audit/5", LOG, b"1" * 32)
    assert fault(text, policy=Policy.of((elsewhere,), (), None)) == Fault(5, 3, lacking)
    last = [line for line in text.splitlines() if '"number": 3' not in line]
    assert fault("\n".join(last)) == Fault(5, 3, "is missing: a signed checkpoint speaks of 3 rows")
    forged = [json.loads(line) for line in text.splitlines()]
    rows = relinked([Entry(**line["row"]) for line in forged if "row" in line], 2)
    for line, row in zip([line for line in forged if "row" in line], rows, strict=True):
        line["row"] = asdict(row)
    assert fault("\n".join(map(json.dumps, forged))) == Fault(5, 3, "or one before it differs from a checkpoint")
    spoilt = text.replace("testserver/audit/5\\n3", "testserver/audit/5\\n4")
    assert spoilt != text
    assert "proves nothing" in str(fault(spoilt))


def witness_key() -> Key:
    return Key("w.example/1", WITNESS, b"1" * 32)


@pytest.mark.django_db
def test_an_export_goes_on_without_the_signer(monkeypatch: pytest.MonkeyPatch) -> None:
    some_acts(1)
    publish(5, NOW)
    some_acts(2)

    def silent(_request: dict) -> dict:
        raise SignerSilent(why="it is away")

    monkeypatch.setattr(signing, "_answer", silent)
    target = io.StringIO()
    assert write_log(target) == 3
    later = Fault(5, 2, "comes after the last row of which a checkpoint speaks")
    assert verdicts_of_file(io.StringIO(target.getvalue()), "log")[0].fault == later


@pytest.mark.django_db
def test_an_export_without_its_checkpoints_proves_nothing() -> None:
    some_acts(2)
    target = io.StringIO()
    write_log(target)
    bare = "\n".join(line for line in target.getvalue().splitlines() if not line.startswith('{"checkpoint"'))
    fault = Fault(5, 2, "is the last row, but no checkpoint is signed by this key")
    assert verdicts_of_file(io.StringIO(bare), "log")[0].fault == fault


@pytest.mark.django_db
def test_rows_that_somebody_wrote_after_the_last_signed_one_are_found() -> None:
    """Whoever has the database can work out hashes, but not sign them."""
    some_acts(3)
    tip = AuditRow.objects.get(number=3)
    before = Entry(**{name: getattr(tip, name) for name in Entry.__dataclass_fields__})
    forged = link(
        before, chain=5, at=tip.at, event="case.closed", actor="staff:1", subject="case:1", facts="{}", nonce="0" * 32
    )
    AuditRow.objects.create(**asdict(forged))
    assert verdict(5).fault == Fault(5, 4, BEYOND)
    target = io.StringIO()
    assert write_log(target) == 3, "and no file speaks of them"
    line = json.dumps({"row": asdict(forged)}) + "\n"
    later = Fault(5, 4, "comes after the last row of which a checkpoint speaks")
    assert verdicts_of_file(io.StringIO(target.getvalue() + line), "log")[0].fault == later


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_somebody_checks_or_exports_is_no_fault() -> None:
    some_acts(2)
    is_writing = True

    def database(execute: Any, sql: str, *given: Any) -> Any:
        nonlocal is_writing
        if is_writing and "audit_auditrow" in sql and "ORDER BY" in sql:
            is_writing = False
            some_acts(2)
        return execute(sql, *given)

    for check in (lambda: verdict(5).fault, exported_fault):
        is_writing = True
        with connection.execute_wrapper(database):
            assert check() is None
        assert not is_writing
    assert verdict(5).rows == 6


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_made_during_an_export_accuses_nobody() -> None:
    some_acts(2)
    is_writing = True

    def database(execute: Any, sql: str, *given: Any) -> Any:
        nonlocal is_writing
        if is_writing and '"audit_auditrow"."facts"' in sql:
            is_writing = False
            some_acts(2)
            publish(5, NOW)
        return execute(sql, *given)

    with connection.execute_wrapper(database):
        assert exported_fault() is None
    assert not is_writing


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("column", "value"), [("hash", "no hash"), ("nonce", "no nonce"), ("facts", b"\xff")])
def test_a_damaged_row_is_exported_and_named(column: str, value: str | bytes) -> None:
    if isinstance(value, bytes) and connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps no other type in a column")
    some_acts(3)
    publish(5, NOW)
    some_acts(1)
    tampered(f"UPDATE audit_auditrow SET {column} = %s WHERE chain = 5 AND number = 2", value)
    fault = exported_fault()
    assert fault is not None
    assert fault.number in (2, 3)


def exported_fault() -> Fault | None:
    target = io.StringIO()
    write_log(target, 5)
    return verdicts_of_file(io.StringIO(target.getvalue()), "log")[0].fault


@pytest.mark.django_db
def test_a_log_that_is_not_there_is_not_exported_and_one_of_no_row_proves_nothing() -> None:
    from leeward.audit.errors import NotALogFile
    from leeward.foundation.errors import NotFound

    with pytest.raises(NotFound):
        write_log(io.StringIO(), 77)
    target = io.StringIO()
    assert write_log(target) == 0
    with pytest.raises(NotALogFile, match="no row"):
        verdicts_of_file(io.StringIO(target.getvalue()), "log")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "no json", json.dumps({"format": "leeward-audit-log 1", "public_key": "x"}) + "\nnonsense"]
)
def test_what_is_no_export_is_said_so(text: str) -> None:
    from leeward.audit.errors import NotALogFile

    with pytest.raises(NotALogFile):
        verdicts_of_file(io.StringIO(text), "log")


@pytest.mark.django_db
def test_heads_that_were_sealed_bind_older_rows() -> None:
    some_acts(3)
    head = AuditTip.objects.get(chain=5)
    AuditHead.objects.create(chain=5, number=3, hash=head.hash, at=head.at, signature="AAAA")
    fault = verdict(5).fault
    assert fault is not None
    assert "false signature" in fault.what


@pytest.mark.django_db
def test_a_table_of_the_log_without_one_of_its_triggers_is_named() -> None:
    assert unguarded_tables() == []
    is_sqlite = connection.vendor == "sqlite"
    names = ("no_update", "no_delete", "no_replace") if is_sqlite else ("only_grows",)
    for table in append_only.TABLES:
        for name in names:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER {table}_{name}" + ("" if is_sqlite else f" ON {table}"))
                assert unguarded_tables() == [table]
                transaction.set_rollback(True)


@pytest.mark.once  # psycopg’s own work would be counted, too
@pytest.mark.django_db
def test_a_row_costs_little_beside_the_act_that_it_records() -> None:
    """Every report and every step of its case appends one: through the ORM each took a thousand calls."""
    some_acts(1)
    assert calls_of(lambda: some_acts(10)) <= 10 * 500  # some 300, and more while the functions here are mutated
    assert verdict(5).fault is None


@pytest.mark.django_db
def test_the_newest_acts_of_some_events_on_some_subjects_are_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [("letter:1", "letter.held"), ("letter:2", "letter.released"), ("letter:1", "letter.released")]
    others = [("letter:3", "letter.held"), ("letter:1", "letter.noted")]
    with transaction.atomic():
        for subject, event in (*wanted, *others):
            record(event, actor=ACTOR, hotline_id=cast.hotline_id, subject=subject)
        record("letter.held", actor=ACTOR, hotline_id=cast.other_hotline_id, subject="letter:1")

    def found(**more: int) -> list[tuple[str, str]]:
        events = ["letter.held", "letter.released"]
        lines = log_of_each(cast.hotline_id, ["letter:1", "letter:2"], events=events, **more)
        return [(line.subject, line.event) for line in lines]

    assert found() == wanted[::-1]
    monkeypatch.setattr(queries, "MOST_OF_EACH", 2)
    assert found() == wanted[:0:-1]
    assert found(about=2) == wanted[::-1]
