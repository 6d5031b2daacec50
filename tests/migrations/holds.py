"""The upgrade of notices: a hold of the police is of the case, and each letter to them about it has the one that ends last.
What they held or let go has the moment of their last answer."""

from tests.migrations.rows import THEIRS, tables_at

FILLED = (
    tables_at(("notices", "0021_rounds"), ("people", "0020_own_removal"))
    + THEIRS
    + """
now = datetime(2026, 1, 2, tzinfo=UTC)
def letter(case, days=None, **values):
    of = apps.get_model("notices", "NoticeCase")._base_manager.filter(case_id=case).first() or row(
        "notices.NoticeCase", hotline=there, portal=portal, case_id=case, location_id=1, brief={}, started_at=now
    )
    if days is not None:
        values |= {"state": "held", "hold_until": now + timedelta(days=days), "held_since": now}
    row("notices.Referral", hotline=there, notice_case=of, case_id=case, reference="1", portal=portal, created_at=now, **values)
letter(1, 20)
letter(1, 10)
letter(1, kind="forward", round=1)
letter(1, kind="protection")
letter(2)
letter(3, 20, answered_at=now)
letter(4, state="released", answered_at=now)
letter(5, state="timed_out", answered_at=now)
letter(6, state="acknowledged", answered_at=now)
"""
)
CHECKED = """
from datetime import UTC, datetime
from django_scopes import scopes_disabled
from leeward.notices.models import Referral
with scopes_disabled():
    letters = Referral.objects.order_by("id")
    found = list(letters.filter(case_id__lt=3).values_list("state", "hold_until"))
    until = datetime(2026, 1, 22, tzinfo=UTC)
    assert found == [("held", until)] * 3 + [("waiting", None)] * 2, found
    now = datetime(2026, 1, 2, tzinfo=UTC)
    assert list(letters.values_list("decided_at", flat=True)) == [None] * 5 + [now] * 3 + [None]
"""
