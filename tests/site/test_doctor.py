"""The doctor names what is missing or unsafe, each thing once, with what to do."""

import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from leeward.audit.models import AuditTip
from leeward.foundation.sandbox import apart, fences, pool
from leeward.jobs.models import Job
from leeward.people.models import Helpline, Portal, User
from leeward.site import doctor, doctor_decoders
from leeward.site.alarms import EVERYWHERE, SENTENCES
from leeward.site.config import Config
from leeward.site.deployment import inside
from leeward.site.doctor import findings
from leeward.site.health import current_alarms
from leeward.site.refusing import take_clock_as_right
from leeward.witnessing.models import Witness
from tests.audit.test_log import some_acts
from tests.personas import Cast


def ids() -> set[str]:
    found = findings()
    assert all(finding.sentence.endswith(".") and finding.hint for finding in found if finding.id.startswith("leeward"))
    return {finding.id for finding in found}


@pytest.mark.django_db
def test_an_empty_installation_needs_a_hotline() -> None:
    assert "leeward.people.E001" in ids()


@pytest.mark.django_db
def test_a_portal_without_police_or_emergency_number_is_named(cast: Cast) -> None:
    assert not ids() & {"leeward.people.W003", "leeward.people.W004", "leeward.people.W005", "leeward.people.W006"}
    Portal.objects.update(emergency_number="110")
    assert "leeward.people.W011" in ids(), "somebody confirmed another number"
    Portal.objects.update(police_email="", emergency_number="")
    Helpline.objects.all().delete()
    Authenticator.objects.filter(user_id=cast["ana"].account_id).delete()
    assert ids() >= {"leeward.people.W003", "leeward.people.W004", "leeward.people.W005", "leeward.people.W006"}


@pytest.mark.django_db
def test_a_clock_that_keeps_the_service_from_starting_is_named_with_what_its_journal_says() -> None:
    some_acts(1)
    AuditTip.objects.update(at="2999-01-01T12:00:00.000000+00:00")
    [found] = [one for one in findings() if one.id == "leeward.site.E074"]
    assert "but the log has a row of 2999-01-01 12:00." in found.sentence
    assert "leeward clock confirm" in found.hint
    take_clock_as_right(datetime.now(UTC))
    assert "leeward.site.E074" not in ids()


@pytest.mark.django_db
def test_a_machine_that_can_not_close_decoders_off_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "leeward.site.W032" not in ids()
    monkeypatch.setattr(fences, "missing", lambda: ("Landlock", "seccomp"))
    sentences = [one.sentence for one in findings() if one.id == "leeward.site.W032"]
    assert sentences == ["Files are decoded in processes that this machine does not close off by Landlock and seccomp."]


@pytest.mark.django_db
def test_a_service_of_decoders_is_asked_and_what_it_says_is_judged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = {"leeward.site.W032", "leeward.site.W033", "leeward.site.E066"}
    monkeypatch.setenv(apart.SETTING, str(tmp_path / "socket"))
    monkeypatch.setattr(pool, "_POOL", pool.Pool())  # children that other tests left idle would answer
    assert ids() & ours == {"leeward.site.E066"}, "nobody answers"
    (alarm,) = [one for one in current_alarms(datetime.now(UTC)) if one.code == "decoders_silent"]
    assert (alarm.hotline_id, "no such file" in alarm.text, bool(alarm.hint)) == (EVERYWHERE, True, True)
    for user, lacks, found in (
        (os.geteuid() + 1, [], set()),
        (os.geteuid() + 1, ["Landlock"], {"leeward.site.W032"}),
        (os.geteuid(), [], {"leeward.site.W033"}),
        (0, [], {"leeward.site.W033"}),
    ):
        monkeypatch.setattr(doctor_decoders, "asked", lambda user=user, lacks=lacks: {"user": user, "lacks": lacks})
        assert ids() & ours == found
    assert "as another user" in inside._whose()
    monkeypatch.delenv(apart.SETTING)
    assert not [one for one in current_alarms(datetime.now(UTC)) if one.code == "decoders_silent"]


@pytest.mark.django_db
def test_a_hotline_in_which_nobody_stays_apart_is_named(cast: Cast) -> None:
    """Dora works alone in Barbados; with an administrator who does nothing else, her blocks can be appealed against."""
    assert [one.sentence for one in findings() if one.id == "leeward.people.W008"] == [
        "Hotline of Barbados may have nobody uninvolved for an appeal against a block."
    ]
    User.objects.filter(pk=cast["adam"].account_id).update(hotline_id=cast.other_hotline_id)
    assert [one.sentence.partition(" may")[0] for one in findings() if one.id == "leeward.people.W008"] == [
        "Hotline of Jamaica"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "value", "finding"),
    [
        ("demonstration", True, "W001"),
        ("pace", 600.0, "W002"),
        ("fetch_allowed_networks", ("127.0.0.0/8",), "W003"),
        ("rdap_allow_http", True, "W004"),
        ("exchange_allow_http", True, "W031"),
        ("base_url", "http://hotline.example", "W008"),
        ("behind_proxy", False, "W030"),
    ],
)
def test_unsafe_settings_are_named(settings: Any, setting: str, value: object, finding: str) -> None:
    good: dict[str, Any] = {"data": settings.LEEWARD.data, "base_url": "https://hotline.example", "behind_proxy": True}
    settings.LEEWARD = Config(**good)
    assert f"leeward.site.{finding}" not in ids()
    settings.LEEWARD = Config(**(good | {setting: value}))
    assert f"leeward.site.{finding}" in ids()


@pytest.mark.django_db
def test_mail_without_tls_is_named(settings: Any) -> None:
    settings.LEEWARD = Config(data=settings.LEEWARD.data, smtp_host="mail.example", smtp_security="none")
    assert "leeward.site.W006" in ids()
    assert "leeward.site.W005" not in ids()


@pytest.mark.django_db
def test_a_readable_key_is_named(settings: Any, tmp_path: Path) -> None:
    settings.LEEWARD = Config(data=tmp_path)
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0o644)
    assert "leeward.site.W020" in ids()


@pytest.mark.django_db
def test_given_up_work_is_named(noon: object) -> None:
    Job.objects.create(kind="test.dead", subject_id=1, due_at=noon, dead=True)
    assert "leeward.jobs.W001" in ids()


def test_every_finding_has_an_identifier_of_its_own() -> None:
    said = [
        number
        for file in Path(doctor.__file__).parent.glob("doctor*.py")
        for number in re.findall(r'"(?:leeward\.site\.)?([WE]\d{3})"', file.read_text(encoding="utf-8"))
    ]
    assert sorted(said) == sorted(set(said))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("total", "free", "found"),
    [
        (100, 0.049, "leeward.site.E021"),
        (100, 0.051, "leeward.site.E022"),
        (10, 0.29, "leeward.site.E022"),
        (10, 0.31, ""),
        (100, 0.99, "leeward.site.E022"),
        (100, 1.01, ""),
    ],
)
def test_a_disk_that_is_nearly_full_is_an_error(
    monkeypatch: pytest.MonkeyPatch, total: float, free: float, found: str
) -> None:
    size = shutil.disk_usage("/")._replace(total=int(total * 1e9), free=int(free * 1e9))
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: size)
    assert ids() & {"leeward.site.E021", "leeward.site.E022"} == ({found} if found else set())
    assert {one.code for one in current_alarms(datetime.now(UTC))} >= (
        {"leeward.site.E021": {"disk_full"}}.get(found, set())
    )


@pytest.mark.django_db
def test_a_log_that_nobody_else_witnesses_or_signs_is_named(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ids() >= {"leeward.witnessing.W002", "leeward.audit.W002"}
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"signer_dir": "/var/lib/leeward-signer"})
    Witness.objects.create(vkey="w+00000000+AA", url="https://w.example", added_at=datetime.now(UTC))
    assert not ids() & {"leeward.witnessing.W002", "leeward.audit.W002"}
    policy = tmp_path / "policy"
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"log_policy": str(policy)})
    assert "leeward.audit.W003" in ids(), "it is not there"
    policy.write_text("need 1")
    assert "leeward.audit.W003" in ids(), "it names nobody"
    policy.write_text("")
    monkeypatch.setattr(os, "geteuid", lambda: 64_701)
    assert "leeward.audit.W003" in ids(), "who serves can change it"
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "leeward.audit.W003" not in ids()


def test_whatever_the_desk_shows_in_red_the_doctor_finds_too() -> None:
    """Those about keys, decoders, the disk and backups are found by looking at these themselves."""
    themselves = {"key", "decoders_silent", "disk_low", "disk_full", "backup_failing", "words_unused_stay"}
    assert set(doctor.ILL) | set(doctor.PAGING) | themselves == set(SENTENCES)
