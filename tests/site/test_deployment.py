"""`leeward doctor --deploy`: every promise is checked or named as not checkable, and each check tells good from bad on a machine made for it."""

import re
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from leeward.cli import doctor as cli_doctor
from leeward.sealing.fields import columns
from leeward.site import doctor
from leeward.site.config import Config
from leeward.site.deployment import files, inside, machine, outside, ports, proxy
from leeward.site.deployment.promises import BESIDE, BY_PROGRAM, CHECKED, ELSEWHERE, LEFT_OPEN
from leeward.site.deployment.report import CHECKS, rows, state_of
from leeward.site.deployment.seen import Check, Here
from leeward.web.headers import PUBLIC
from tests.foundation.servers import raw_server, request_of
from tests.personas import Cast

ROOT = Path(__file__).parents[2]
MODEL = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def put(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def here(root: Path, **values: Any) -> Here:
    values = {"data": Path("/var/lib/leeward"), "base_url": "https://report.example", "behind_proxy": True} | values
    return Here(Config(**values), NOW, root)


def states(check: Check, where: Here) -> list[str]:
    return [one.state for one in check(where)]


def test_each_line_of_the_threat_model_is_checked_or_named_as_not_checkable() -> None:
    promised = re.findall(r"^\| ([A-Z]\d+) \|", MODEL, re.MULTILINE)
    assert sorted(promised) == sorted([*CHECKED, *BY_PROGRAM])
    limits = re.findall(r"^- \*\*(.+?)\*\*", MODEL.partition("## What is not promised")[2], re.MULTILINE)
    named = [*LEFT_OPEN, *ELSEWHERE]
    assert len(limits) == len(named)
    assert [limit for limit in limits if sum(limit.startswith(start) for start in named) != 1] == []


def test_each_check_is_there_and_stands_behind_a_line() -> None:
    used = {name for line in (*CHECKED.values(), *LEFT_OPEN.values(), BESIDE) for name in line.checks}
    assert used == CHECKS.keys() | inside.FROM_DOCTOR.keys()


def test_words_are_called_sealed_only_where_a_table_seals_them() -> None:
    said = [good for good, _starts in inside.FROM_DOCTOR.values() if "is sealed" in good]
    assert bool(said) == bool(columns())


def test_every_finding_of_the_doctor_is_behind_a_line() -> None:
    starts = tuple(start for _sentence, them in inside.FROM_DOCTOR.values() for start in them)
    there = {number for path in Path(doctor.__file__).parent.glob("doctor*.py") for number in _numbers(path)}
    there |= {f"oncall.{number}" for number in doctor.PAGING.values()}
    assert {number for number in there if not number.startswith((*starts, *inside.OF_ONIONS))} == set()


def test_no_finding_of_the_doctor_is_shown_twice() -> None:
    starts = [start for _sentence, them in inside.FROM_DOCTOR.values() for start in them]
    assert len(starts) == len(set(starts))


def _numbers(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    yield from re.findall(r'"(?:leeward\.)?(\w+\.[WE]\d{3})"', text)
    yield from (f"site.{number}" for number in re.findall(r'^\s*(?:yield )?"([WE]\d{3})",', text, re.MULTILINE))


def test_encryption_of_the_disk_and_of_swap(tmp_path: Path) -> None:
    mounts = "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n22 21 254:0 / /var/lib/leeward rw - ext4 /dev/mapper/data rw\n"
    put(tmp_path, "proc/self/mountinfo", mounts)
    assert states(machine.disk, here(tmp_path)) == ["unseen"]
    put(tmp_path, "sys/class/block/sda1/size", "1")
    put(tmp_path, "sys/class/block/dm-0/dm/uuid", "LVM-abc")
    put(tmp_path, "sys/class/block/dm-0/slaves/dm-1/x", "")
    put(tmp_path, "sys/class/block/dm-1/dm/uuid", "CRYPT-LUKS2-abc")
    put(tmp_path, "dev/dm-0", "")
    put(tmp_path, "dev/mapper/x", "")
    (tmp_path / "dev/mapper/data").symlink_to(tmp_path / "dev/dm-0")
    assert states(machine.disk, here(tmp_path)) == ["holds"], "a volume above an encrypted device"
    assert states(machine.disk, here(tmp_path, data=Path("/srv/leeward"))) == ["doesn't"]
    for line, state in (
        ("/dev/zram0 p 1 0", "holds"),
        ("/dev/dm-1 p 1 0", "holds"),
        ("/dev/sda1 p 1 0", "doesn't"),
        ("/swapfile f 1 0", "doesn't"),
    ):
        put(tmp_path, "proc/swaps", f"Filename Type Size Used\n{line}\n")
        assert states(machine.swap, here(tmp_path)) == [state], line


def test_memory_of_what_crashes_is_not_written_down(tmp_path: Path) -> None:
    assert states(machine.cores, here(tmp_path)) == ["unseen"]
    put(tmp_path, "proc/7/cmdline", "/usr/lib/leeward/bin/python\0/usr/bin/leeward\0serve\0")
    for limit, state in (("0", "holds"), ("unlimited", "doesn't")):
        put(
            tmp_path,
            "proc/7/limits",
            f"Limit Soft Limit Hard Limit Units\nMax core file size        {limit}  {limit}  bytes\n",
        )
        assert states(machine.cores, here(tmp_path)) == [state]
    import resource

    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0, "every process of ours"


def test_how_long_the_journal_keeps_addresses(tmp_path: Path) -> None:
    put(tmp_path, "run/systemd/journal/socket", "")
    assert states(machine.journal, here(tmp_path)) == ["holds"], "in memory"
    put(tmp_path, "var/log/journal/x", "")
    assert states(machine.journal, here(tmp_path)) == ["doesn't"]
    for span, state in (("1week", "holds"), ("2months", "doesn't"), ("0", "doesn't"), ("a while", "doesn't")):
        put(
            tmp_path,
            "etc/systemd/journald.conf.d/days.conf",
            f"[Journal]\n#MaxRetentionSec=1day\nMaxRetentionSec={span}\n",
        )
        assert states(machine.journal, here(tmp_path)) == [state], span


def test_the_unit_that_is_shipped_closes_the_service_in(tmp_path: Path) -> None:
    shipped = (ROOT / "shipping/debian/leeward.service").read_text(encoding="utf-8")
    put(tmp_path, "usr/lib/systemd/system/leeward.service", shipped)
    assert states(machine.unit, here(tmp_path)) == ["holds"]
    put(tmp_path, "etc/systemd/system/leeward.service.d/mine.conf", "[Service]\nNoNewPrivileges=no\n")
    assert states(machine.unit, here(tmp_path)) == ["doesn't"]


def test_ports_that_others_should_not_reach(tmp_path: Path) -> None:
    def listen(*addresses: str) -> Here:
        lines = [f"   0: {address} 00000000:0000 0A 0 0 0 0" for address in addresses]
        put(tmp_path, "proc/net/tcp", "\n".join(["  sl  local_address rem_address   st", *lines]))
        return here(tmp_path)

    assert states(ports.listening, listen("00000000:01BB", "0100007F:1538", "0100007F:2116")) == ["holds"]
    assert states(ports.listening, listen("00000000:1538")) == ["doesn't"], "PostgreSQL"
    assert states(ports.listening, listen("00000000:2116")) == ["doesn't", "holds"], "our own, past the proxy"
    assert states(ports.listening, listen("00000000:1F90")) == ["unseen"]
    put(
        tmp_path,
        "proc/net/tcp6",
        "head\n 0: 00000000000000000000000001000000:18EB x 0A\n 1: 00000000000000000000000000000000:18EB x 0A\n",
    )
    assert states(ports.listening, listen()) == ["doesn't"], "Redis"


@pytest.mark.parametrize(
    ("server", "http", "state"),
    [
        ("access_log off; location / { proxy_pass http://127.0.0.1:8470; }", "", "holds"),
        ("location / { proxy_pass http://127.0.0.1:8470; }", "", "doesn't"),
        ("location / { access_log off; }", "access_log off;", "holds"),
        ("access_log off; location /x { access_log /var/log/x.log; }", "", "doesn't"),
        ("# access_log off;\n", "access_log /var/log/nginx/access.log;", "doesn't"),
    ],
)
def test_what_nginx_writes_down(tmp_path: Path, server: str, http: str, state: str) -> None:
    put(tmp_path, "etc/nginx/nginx.conf", f"events {{ }} http {{ {http}\n include /etc/nginx/conf.d/*.conf; }}")
    put(
        tmp_path,
        "etc/nginx/conf.d/leeward.conf",
        f"server {{ server_name report.example; {server} }} server {{ server_name other.example; }}",
    )
    assert states(proxy.access_log, here(tmp_path)) == [state]


def test_other_proxies_and_none(tmp_path: Path) -> None:
    assert states(proxy.access_log, here(tmp_path)) == ["unseen"]
    assert states(proxy.access_log, here(tmp_path, behind_proxy=False)) == ["holds"]
    put(tmp_path, "etc/caddy/Caddyfile", "report.example {\n  reverse_proxy 127.0.0.1:8470\n}\n")
    assert states(proxy.access_log, here(tmp_path)) == ["holds"]
    put(tmp_path, "etc/caddy/Caddyfile", "report.example {\n  log\n  reverse_proxy 127.0.0.1:8470\n}\n")
    assert states(proxy.access_log, here(tmp_path)) == ["doesn't"]


def test_the_salt_of_the_day_and_the_places_of_keys(tmp_path: Path) -> None:
    data, kept = tmp_path / "data", tmp_path / "backup"
    put(
        tmp_path,
        "proc/self/mountinfo",
        f"21 1 0:9 / / rw - ext4 /dev/sda1 rw\n22 21 0:8 / {data} rw - tmpfs tmpfs rw\n",
    )
    put(data, "salt.2026-11-29", "")
    where = here(tmp_path, data=data, volatile=str(data), backup_to=str(kept))
    assert (states(files.salt, where), states(files.key_places, where)) == (["holds"], ["holds"])
    put(data, "salt.2026-11-20", "")
    put(kept, "audit.key", "")
    assert (states(files.salt, where), states(files.key_places, where)) == (["doesn't", "holds"], ["holds", "doesn't"])
    assert states(files.key_places, replace(where, config=Config(data=data, backup_key="x"))) == ["doesn't"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "90",
    ]
    made += [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        str(key),
        "-out",
        str(cert),
    ]
    subprocess.run(made, check=True, capture_output=True)
    return cert, key


GOOD = [f"{name}: {value}" for name, value in PUBLIC.items()] + ["Strict-Transport-Security: max-age=31536000"]


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lines", "body", "bad"),
    [
        (GOOD, "<p>Report</p>", set()),
        (GOOD[1:], "<p>Report</p>", {"headers"}),
        (GOOD[:-1], "<p>Report</p>", {"headers"}),
        ([*GOOD, "Set-Cookie: lb=1"], "<p>Report</p>", {"pages", "desk_cookies"}),
        ([*GOOD, "Set-Cookie: a=1; Path=/desk; Secure; SameSite=Strict"], "", {"pages"}),
        (GOOD, "<script>count()</script>", {"pages"}),
        (GOOD, "<link rel=stylesheet href=https://cdn.example/x.css>", {"pages"}),
    ],
)
def test_the_public_address_is_asked_as_a_visitor_asks(
    certificate: tuple[Path, Path], tmp_path: Path, lines: list[str], body: str, bad: set[str]
) -> None:
    served, trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(certificate[0]))
    served.load_cert_chain(*certificate)

    def script(line: Any) -> None:
        asked = request_of(line).split()[1]
        status = "404 Not Found" if asked in (b"/metrics", b"/health/ready") else "200 OK"
        head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines, "", ""])
        line.sendall(head.encode() + body.encode())

    checks = {
        "tls": outside.tls,
        "headers": outside.headers,
        "pages": outside.pages,
        "desk_cookies": outside.desk_cookies,
        "closed": outside.closed,
    }
    with raw_server(script, tls=served) as port:
        where = replace(here(tmp_path, base_url=f"https://localhost:{port}"), trusted=trusted, now=datetime.now(UTC))
        assert {name for name, check in checks.items() if set(states(check, where)) != {"holds"}} == bad
        if not bad:
            assert states(outside.tls, replace(where, trusted=None)) == ["doesn't"], "a certificate that nobody trusts"
    assert states(outside.headers, where) == ["unseen"]


def test_public_pages_are_another_users_only_where_another_may_open_their_folder(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    place = tmp_path / "between"
    place.mkdir()
    where = here(tmp_path, data=tmp_path / "desk", public_database=str(place / "public.sqlite3"))
    for mode, state in ((0o2750, "holds"), (0o700, "unseen"), (0o770, "doesn't")):
        place.chmod(mode)
        assert states(files.public_face, where) == [state], oct(mode)


@pytest.mark.django_db
def test_a_log_that_can_be_changed_and_that_nobody_else_has_seen(cast: Cast, tmp_path: Path) -> None:
    assert states(inside.log_guarded, here(tmp_path)) == ["holds"]
    assert states(inside.witnesses, here(tmp_path)) == ["doesn't"]
    on = " ON audit_auditrow" if connection.vendor == "postgresql" else ""
    name = "audit_auditrow_only_grows" if on else "audit_auditrow_no_delete"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert states(inside.log_guarded, here(tmp_path)) == ["doesn't"]


@pytest.mark.django_db
def test_all_of_it_on_one_installation(cast: Cast, tmp_path: Path) -> None:
    found = list(rows(Here(settings.LEEWARD, datetime.now(UTC), tmp_path)))
    assert {row.promise for row in found} == CHECKED.keys() | {"not promised", "beside"}
    assert all(row.sentence.endswith(".") and (row.hint or row.state == "holds") for row in found)
    assert state_of([row for row in found if row.promise == "P10"]) == "doesn't", "no mail server"
    assert state_of([row for row in found if row.promise == "A15"]) == "holds"


@pytest.mark.django_db
def test_what_is_said_fits_a_terminal_of_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli_doctor._deploy(as_json=False) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > 80 and len(line.split()) > 1] == []
    assert any(line.startswith("P2 ") for line in lines)
    assert any(line.startswith("        do this: ") for line in lines)
