"""The upgrade of notices: what was told before a notice case last began belongs to an earlier round than the present."""

from tests.migrations.rows import THEIRS, tables_at

FILLED = (
    tables_at(("notices", "0001_initial"), ("people", "0001_initial"))
    + THEIRS
    + """
began = datetime(2026, 1, 2, tzinfo=UTC)
before, after = began - timedelta(hours=1), began + timedelta(hours=1)
of = row("notices.NoticeCase", hotline=there, portal=portal, case_id=1, location_id=1, brief={}, started_at=began)
host = row("notices.Contact", hotline=there, kind="host", email="abuse@host.example", checked_at=began)
for at in (before, began, after):
    row("notices.Referral", hotline=there, notice_case=of, case_id=1, reference="1", portal=portal, created_at=at)
for at in (before, after, None):
    notice = row("notices.Notice", hotline=there, contact=host, kind="host", created_at=before, sent_at=at)
    row("notices.NoticeItem", hotline=there, notice=notice, notice_case=of, case_id=1, location_id=1, address="x")
"""
)
CHECKED = """
from django_scopes import scopes_disabled
from leeward.notices.models import NoticeCase, NoticeItem, Referral
with scopes_disabled():
    assert NoticeCase.objects.get().round == 1
    assert list(Referral.objects.order_by("id").values_list("round", flat=True)) == [0, 1, 1]
    assert list(NoticeItem.objects.order_by("id").values_list("round", flat=True)) == [0, 1, 1]
"""
