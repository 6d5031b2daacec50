"""Acts appended together make the same log as acts appended one by one."""

import secrets
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leeward.audit.models import AuditRow, AuditTip
from leeward.audit.queries import verdict
from leeward.audit.services import record, record_all
from leeward.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
HOTLINE, AT = 5, datetime(2026, 11, 29, 12, tzinfo=UTC)
ACTS = [(f"case:{number}", {"report": number, "item": number + 7}) for number in range(1, 301)]


def log_after(write: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], Any]:
    """The rows and the tip once something was written, which is taken back; nonces come from a counter instead of chance."""
    numbers = count(1)
    with monkeypatch.context() as patched:
        patched.setattr(secrets, "token_hex", lambda size: f"{next(numbers):0{2 * size}x}")
        with transaction.atomic():
            write()
            rows = list(AuditRow.objects.order_by("number").values_list(*_columns(AuditRow)))
            tip = AuditTip.objects.values_list(*_columns(AuditTip)).get(chain=HOTLINE)
            transaction.set_rollback(True)
    return rows, tip


def _columns(model: Any) -> list[str]:
    return [field.name for field in model._meta.fields if field.name not in ("id", "salt")]


def one_by_one() -> None:
    record("report.received", actor=SYSTEM, hotline_id=HOTLINE, subject="report:1", now=AT)
    for subject, facts in ACTS:
        record("case.opened", actor=SYSTEM, hotline_id=HOTLINE, subject=subject, facts=facts, now=AT)
    record("case.prepared", actor=SYSTEM, hotline_id=HOTLINE, subject="case:1", now=AT)


def together() -> None:
    record("report.received", actor=SYSTEM, hotline_id=HOTLINE, subject="report:1", now=AT)
    record_all("case.opened", ACTS[:1], actor=SYSTEM, hotline_id=HOTLINE, now=AT)
    record_all("case.opened", [], actor=SYSTEM, hotline_id=HOTLINE, now=AT)
    record_all("case.opened", ACTS[1:], actor=SYSTEM, hotline_id=HOTLINE, now=AT)
    record("case.prepared", actor=SYSTEM, hotline_id=HOTLINE, subject="case:1", now=AT)


def test_chain_and_tree_are_the_same_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    singly, at_once = log_after(one_by_one, monkeypatch), log_after(together, monkeypatch)
    assert len(singly[0]) == len(ACTS) + 2
    assert at_once == singly


def test_a_log_written_together_is_sound_and_costs_three_statements() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        record("report.received", actor=SYSTEM, hotline_id=HOTLINE, subject="report:1")
        before = len(asked)
        record_all("case.opened", ACTS, actor=SYSTEM, hotline_id=HOTLINE)
        assert len(asked) - before == 3
    found = verdict(HOTLINE)
    assert found.fault is None
    assert AuditTip.objects.get(chain=HOTLINE).number == len(ACTS) + 1


@pytest.mark.django_db(transaction=True)
def test_acts_are_recorded_in_the_transaction_that_does_them() -> None:
    with pytest.raises(RuntimeError):
        record_all("case.opened", ACTS, actor=SYSTEM, hotline_id=HOTLINE)
    with pytest.raises(ValueError, match="noun"):
        record_all("opened", ACTS, actor=SYSTEM, hotline_id=HOTLINE)
