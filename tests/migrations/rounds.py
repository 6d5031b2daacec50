"""The upgrade of notices: what was told before a notice case last began belongs to an earlier round than the present."""

FILLED = """
from datetime import UTC, datetime, timedelta
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
began = datetime(2026, 1, 2, tzinfo=UTC)
before, after = began - timedelta(hours=1), began + timedelta(hours=1)
apps = MigrationExecutor(connection).loader.project_state(
    [("notices", "0018_verified_removals"), ("people", "0020_own_removal")]
).apps
def row(model, **values):
    return apps.get_model(*model.split("."))._base_manager.create(**values)
here = row("people.Hotline", slug="jm", name="Ours", email="a@ours.example")
portal = row("people.Portal", hotline=here, slug="jm", name="Ours", country="JM")
of = row("notices.NoticeCase", hotline=here, portal=portal, case_id=1, location_id=1, brief={}, started_at=began)
host = row("notices.Contact", hotline=here, kind="host", email="abuse@host.example", checked_at=began)
for at in (before, began, after):
    row("notices.Referral", hotline=here, notice_case=of, case_id=1, reference="1", portal=portal, created_at=at)
for at in (before, after, None):
    notice = row("notices.Notice", hotline=here, contact=host, kind="host", created_at=before, sent_at=at)
    row("notices.NoticeItem", hotline=here, notice=notice, notice_case=of, case_id=1, location_id=1, address="x")
"""
CHECKED = """
from django_scopes import scopes_disabled
from leeward.notices.models import NoticeCase, NoticeItem, Referral
with scopes_disabled():
    assert NoticeCase.objects.get().round == 1
    assert list(Referral.objects.order_by("id").values_list("round", flat=True)) == [0, 1, 1]
    assert list(NoticeItem.objects.order_by("id").values_list("round", flat=True)) == [0, 1, 1]
"""
