"""What a monitoring program reads, and who may."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django_scopes import scope
from prometheus_client.parser import text_string_to_metric_families

from leeward.audit.rules.notes import WITNESS, Key
from leeward.blocklist.models import BlockList
from leeward.exchange.models import Peer
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import receive_report
from leeward.jobs.models import Job, WorkerBeat
from leeward.notices.models import Contact
from leeward.people.models import Hotline, User
from leeward.site import health, metrics
from leeward.site.alarms import SENTENCES
from leeward.web_security.keys import new_form_key
from leeward.witnessing.models import Witness
from tests.personas import Cast

FROM_HERE = {"REMOTE_ADDR": "127.0.0.1"}
MARK = "planted-5e41"
FROM_ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture(autouse=True)
def _unknown() -> None:
    health.forget()


def read(client: Client) -> dict[tuple[str, str], float]:
    text = client.get("/metrics", **FROM_HERE).content.decode()
    return {
        (sample.name.removeprefix("leeward_"), "".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.django_db
def test_figures_are_read_by_prometheus_and_say_what_is_wrong(client: Client) -> None:
    """Read by Prometheus's own parser."""
    before = read(client)
    assert before["alarms", "worker_silent"] == 0
    assert before["worker_silent_seconds", ""] == -1
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    WorkerBeat.objects.create(owner="here:0", at=hour_ago)
    Job.objects.create(kind="test.nothing", subject_id=1, hotline_id=1, due_at=hour_ago, urgent=True)
    Job.objects.create(kind="test.nothing", subject_id=2, hotline_id=1, due_at=hour_ago, dead=True)
    found = read(client)
    assert found["alarms", "worker_silent"] == found["alarms", "urgent_waits"] == 1
    assert (found["jobs_due", ""], found["jobs_given_up", ""]) == (1, 1)
    assert 3600 <= found["job_waits_seconds", "urgent"] < 3700
    assert found["job_waits_seconds", "ordinary"] == 0
    assert 3600 <= found["worker_silent_seconds", ""] < 3700
    assert found["disk_total_bytes", ""] >= found["disk_free_bytes", ""] > 0
    assert found["witness_silent_seconds", ""] == -1
    assert not [name for name, _ in found if name.startswith("backup")]


@pytest.mark.django_db
@pytest.mark.parametrize(("kinds", "lacks"), [("OF_TABLES", "log_unsigned_seconds"), ("OF_FILES", "disk_free_bytes")])
def test_what_can_not_be_measured_is_left_out(
    client: Client, monkeypatch: pytest.MonkeyPatch, kinds: str, lacks: str
) -> None:
    def fails(_now: datetime) -> Iterator[metrics.Figure]:
        raise OSError("what nobody expected")

    whole = {name for name, _label in read(client)}
    monkeypatch.setitem(getattr(metrics, kinds), {"OF_TABLES": "log", "OF_FILES": "free space"}[kinds], fails)
    left = {name for name, _label in read(client)}
    assert lacks in whole - left
    assert left >= {"alarms", "jobs_due", "worker_silent_seconds"}


@pytest.mark.django_db
def test_no_figure_has_a_name_or_an_address_in_it(client: Client, cast: Cast) -> None:
    """Nor where an alarm is about one: each label is a word of our own."""
    hotline, now = cast.hotline_id, datetime.now(UTC)
    Hotline.objects.filter(pk=hotline).update(name=f"{MARK} hotline", slug=MARK, email=f"desk@{MARK}.example")
    User.objects.filter(pk=cast["ana"].account_id).update(name=f"{MARK} name", email=f"ana@{MARK}.example")
    with scope(hotline=hotline):
        place = f"http://{MARK}.example/a"
        told = ReportDraft(kind="danger", items=item_drafts(place, {}), text=MARK, contact=f"me@{MARK}.example")
        receive_report(told, hotline_id=hotline, portal_id=cast.portal_id, language="en", form_key=new_form_key())
        Peer.objects.create(hotline_id=hotline, identifier=MARK, name=MARK, url=f"https://{MARK}.example", added_at=now)
        Contact.objects.create(hotline_id=hotline, kind="host", name=MARK, email=f"abuse@{MARK}.example")
        BlockList.objects.create(
            hotline_id=hotline, name=MARK, title=MARK, kind="partner", country="JM", source=MARK, made_at=now
        )
    Witness.objects.create(
        vkey=Key(f"{MARK}.example/w", WITNESS, bytes(32)).text, url=place, added_at=now, contradicted=[1]
    )
    rings = {alarm.code: alarm.text for alarm in health.refresh_alarms()}
    assert MARK in rings["log_contradicted"], "the desk is told which"
    text = client.get("/metrics", **FROM_HERE).content.decode()
    assert MARK not in text
    values = {
        value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for value in sample.labels.values()
    }
    assert {"log_contradicted", "urgent"} <= values <= {*SENTENCES, "urgent", "ordinary", "made", "proved"}


@pytest.mark.django_db
def test_ready_names_each_alarm(client: Client) -> None:
    Hotline.objects.create(slug="jm", name="Hotline", country="JM")
    answer = client.get("/health/ready", **FROM_HERE)
    assert (answer.status_code, json.loads(answer.content)["ready"]) == (200, True)
    WorkerBeat.objects.create(owner="here:0", at=datetime.now(UTC) - timedelta(hours=1))
    answer = client.get("/health/ready", **FROM_HERE)
    rows = json.loads(answer.content)["alarms"]
    assert (answer.status_code, rows[0]["code"], rows[0]["hotline"]) == (503, "worker_silent", 0)
    assert rows[0]["sentence"].startswith("The worker is silent")


@pytest.mark.django_db
def test_a_monitoring_program_hears_that_there_is_no_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("leeward.site.views.refresh_alarms", none)
    answer = client.get("/health/ready", **FROM_HERE)
    assert answer.status_code == 503
    assert json.loads(answer.content)["alarms"][0]["code"] == "no_database"
    answer = client.get("/metrics", **FROM_HERE)
    assert (answer.status_code, answer.content) == (503, b"no database\n")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/metrics", "/health/ready"])
def test_only_this_machine_or_the_token_reads_them(client: Client, settings: Any, address: str) -> None:
    Hotline.objects.create(slug="jm", name="Hotline", country="JM")
    assert client.get(address, **FROM_ELSEWHERE).status_code == 404
    assert client.get(address, **FROM_HERE, HTTP_X_FORWARDED_FOR="198.51.100.7").status_code == 404
    assert client.get(address, **FROM_ELSEWHERE, HTTP_AUTHORIZATION="Bearer ").status_code == 404
    assert client.get(address, REMOTE_ADDR="").status_code == 404
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"behind_proxy": True})
    assert client.get(address, **FROM_HERE).status_code == 404
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"behind_proxy": False, "hosts": ("x.onion",)})
    assert client.get(address, **FROM_HERE).status_code == 404, "Tor itself runs on this machine"
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"metrics_token": "a long token"})
    assert client.get(address, **FROM_ELSEWHERE, HTTP_AUTHORIZATION="Bearer another").status_code == 404
    assert client.get(address, **FROM_ELSEWHERE, HTTP_AUTHORIZATION="Bearer a long token").status_code == 200
