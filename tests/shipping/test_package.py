"""What is handed to others: whole, the same whenever it is made, and safe where it is installed."""

import os
import re
import runpy
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from shipping import debian, wheels

ROOT = Path(__file__).parents[2]
PARTS = ROOT / "shipping" / "debian"


@pytest.mark.slow
def test_the_wheel_is_whole_also_when_it_is_made_of_the_source_archive(tmp_path: Path) -> None:
    archive, through_it = wheels.build(ROOT, tmp_path / "a")
    wheels.uv(
        ROOT, "build", "--wheel", "--quiet", "--out-dir", str(tmp_path / "b"), SOURCE_DATE_EPOCH=wheels.moment(ROOT)
    )
    assert archive.name.endswith(".tar.gz")
    [straight] = (tmp_path / "b").glob("*.whl")
    assert wheels.digest(straight) == wheels.digest(through_it)
    with zipfile.ZipFile(straight) as wheel:
        names = set(wheel.namelist())
    languages = {path.parts[-3] for path in (ROOT / "locale").glob("*/LC_MESSAGES/django.po")}
    assert {f"leeward/locale/{one}/LC_MESSAGES/django.mo" for one in languages} <= names
    for folder in ("templates", "static", "data"):
        kept = {
            path.relative_to(ROOT / "src") for path in (ROOT / "src/leeward").glob(f"*/{folder}/**/*") if path.is_file()
        }
        assert {path.as_posix() for path in kept if "__pycache__" not in path.parts} <= names
    assert not any(name.startswith(("tests/", "bench/", "shipping/")) for name in names)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The package of a small environment, made twice on different days by people with different habits."""
    if shutil.which("dpkg-deb") is None:
        pytest.skip("no dpkg-deb: not on Debian")
    made = []
    for number, umask in enumerate((0o022, 0o077)):
        before = os.umask(umask)
        try:
            folder = tmp_path_factory.mktemp(f"deb{number}")
            tree = folder / "tree"
            library = tree / debian.HOME / "lib/python3.13/site-packages"
            (library / "kite-1.dist-info").mkdir(parents=True)
            (library / "kite/__pycache__").mkdir(parents=True)
            (library / "kite/__init__.py").write_text("")
            (library / f"kite/__pycache__/{number}.pyc").write_text(str(number))
            (library / "kite-1.dist-info/direct_url.json").write_text(str(folder))
            (library / "kite-1.dist-info/RECORD").write_text(
                f"kite-1.dist-info/direct_url.json,sha256={number},1\nkite/__init__.py,,\n"
            )
            (folder / "bill.json").write_text("{}")
            os.utime(library / "kite/__init__.py", (number * 1_000_000, 2_000_000_000 + number))
            made.append(debian.pack(ROOT, folder, tree, bill=folder / "bill.json", version="0.1.0-1"))
        finally:
            os.umask(before)
    return made[0], made[1]


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout


def test_made_again_it_is_the_same_byte_for_byte(packed: tuple[Path, Path]) -> None:
    assert wheels.digest(packed[0]) == wheels.digest(packed[1])


def test_everything_belongs_to_root_and_the_settings_are_for_nobody_else(packed: tuple[Path, Path]) -> None:
    lines = {line.split()[-1]: line.split() for line in _said("dpkg-deb", "--contents", str(packed[1])).splitlines()}
    assert {line[1] for line in lines.values()} == {"root/root"}
    assert lines["./etc/leeward/environment"][0] == "-rw-r-----"
    assert lines["./usr/bin/leeward"][0] == "-rwxr-xr-x"
    library = f"./{debian.HOME}/lib/python3.13/site-packages"
    assert lines[f"{library}/kite/__init__.py"][0] == "-rw-r--r--"
    assert not any("__pycache__" in name or "direct_url" in name for name in lines)
    assert not any(line[0][8] == "w" for line in lines.values() if line[0][0] != "l"), "nobody else may write"


def test_debian_knows_what_it_needs_and_which_file_is_the_administrators(
    packed: tuple[Path, Path], tmp_path: Path
) -> None:
    control = _said("dpkg-deb", "--field", str(packed[0]))
    assert "Depends: python3.1" in control
    assert "libseccomp2" in control
    _said("dpkg-deb", "--control", str(packed[0]), str(tmp_path / "about"))
    assert (tmp_path / "about/conffiles").read_text().split() == [
        "/etc/leeward/environment",
        "/etc/leeward/public.environment",
        "/etc/leeward/matcher.environment",
    ]
    _said("dpkg-deb", "--extract", str(packed[0]), str(tmp_path / "tree"))
    subprocess.run(["md5sum", "--check", "--quiet", str(tmp_path / "about/md5sums")], cwd=tmp_path / "tree", check=True)
    for name in debian.SCRIPTS:
        subprocess.run(["sh", "-n", str(tmp_path / "about" / name)], check=True)


def _run_script(name: str, words: list[str], root: Path) -> str:
    """Run a script of the package with a root of its own, where systemd runs and says yes; return what it asked of systemd."""
    text = (PARTS / name).read_text()
    for place in ("/etc/leeward", "/var/lib/leeward", "/usr/lib/leeward", "/run/systemd"):
        text = text.replace(place, f"{root}{place}")
    for place in ("usr/lib/leeward/bin", "run/systemd/system", "bin", "etc/leeward"):
        (root / place).mkdir(parents=True, exist_ok=True)
    said = f'echo "$@" >> {root}/asked'
    given = [("bin/chown", said), ("bin/getent", "true")]
    given.append(("bin/systemctl", f'{said}\n[ "$1" != is-enabled ] || ! [ -e {root}/off ]'))
    given.append(("bin/leeward", f"{said}\n! [ -e {root}/ill ]"))
    for place, line in (("usr/lib/leeward/bin/python", "true"), *given):
        (root / place).write_text(f"#!/bin/sh\n{line}\n")
        (root / place).chmod(0o755)
    environment = {**os.environ, "PATH": f"{root}/bin:{os.environ['PATH']}"}
    with (root / "said").open("w") as spoken:
        subprocess.run(["sh", "-c", text, name, *words], check=True, env=environment, stdout=spoken)
    return (root / "asked").read_text() if (root / "asked").exists() else ""


def test_the_public_pages_run_as_a_user_who_is_in_no_group_of_the_other() -> None:
    unit = (PARTS / "leeward-public.service").read_text()
    assert "User=leeward-public\nGroup=leeward-public\n" in unit
    assert "SupplementaryGroups" not in unit
    copied = next(line for line in unit.splitlines() if line.startswith("ExecStartPre="))
    assert re.findall(r"/var/lib/leeward/(\S+)", copied) == ["public.key", "audit.pub", "words.pub"], (
        "never the secret, nor a key that signs or opens anything"
    )
    own, common = (
        unit.partition("Restart=always")[2],
        (PARTS / "leeward.service").read_text().partition("Restart=always")[2],
    )
    assert own == common, "hardened alike"


def test_the_matcher_runs_as_a_user_without_a_network_whom_only_its_group_may_ask(tmp_path: Path) -> None:
    unit, settings = ((PARTS / name).read_text() for name in ("leeward-matcher.service", "matcher.environment"))
    assert "User=leeward-matcher\nGroup=leeward-matcher\nUMask=0077\n" in unit
    assert "SupplementaryGroups" not in unit
    assert "StateDirectory=leeward-matcher\nStateDirectoryMode=0700\n" in unit
    assert "RuntimeDirectory=leeward-matcher\nRuntimeDirectoryMode=0750\n" in unit
    assert "LEEWARD_MATCHER_SOCKET=/run/leeward-matcher/" in settings
    assert "LEEWARD_MATCHER_LIST=/var/lib/leeward-matcher/" in settings
    assert "PrivateNetwork=yes\n" in unit
    own, common = (
        text.partition("LimitCORE=0")[2].replace("PrivateNetwork=yes\n", "").replace(" AF_INET AF_INET6", "")
        for text in (unit, (PARTS / "leeward.service").read_text())
    )
    assert own == common, "hardened alike"
    assert "u leeward-matcher " in (PARTS / "leeward.sysusers").read_text()
    (tmp_path / "var/lib/leeward").mkdir(parents=True)
    (tmp_path / "etc/leeward").mkdir(parents=True)
    (tmp_path / "etc/leeward/matcher.environment").touch()
    asked = _run_script("postinst", ["configure", "0.2.0-1"], tmp_path)
    assert f"root:leeward-matcher {tmp_path}/etc/leeward/matcher.environment" in asked
    assert "start leeward-matcher.service" in asked
    assert "leeward-matcher.service" in _run_script("prerm", ["remove"], tmp_path).partition("stop")[2]
    (tmp_path / "var/lib/leeward-matcher/list").mkdir(parents=True)
    _run_script("postrm", ["purge"], tmp_path)
    assert not (tmp_path / "var/lib/leeward-matcher").exists()
    assert not (tmp_path / "etc/leeward").exists()


def test_the_signer_of_the_log_is_a_user_of_its_own_who_is_asked_over_a_socket_by_the_service_alone() -> None:
    unit, socket = ((PARTS / f"leeward-signer.{kind}").read_text() for kind in ("service", "socket"))
    assert "User=leeward-signer\nGroup=leeward-signer\nUMask=0077\n" in unit
    assert "StateDirectoryMode=0700\n" in unit
    assert "SocketUser=leeward-signer\n" in socket
    assert "SocketGroup=leeward\nSocketMode=0660\n" in socket
    command = (PARTS / "leeward").read_text()
    assert "ListenStream=/run/leeward-signer/socket\n" in socket
    assert 'SIGNER, SYSTEMD = "/run/leeward-signer"' in command


def test_who_decodes_is_a_user_of_its_own_who_is_asked_over_a_socket_by_the_service_alone(tmp_path: Path) -> None:
    unit, socket = ((PARTS / f"leeward-decoder{kind}").read_text() for kind in ("@.service", ".socket"))
    assert "User=leeward-decoder\nGroup=leeward-decoder\n" in unit
    assert "SupplementaryGroups" not in unit
    assert "StandardInput=socket\n" in unit
    assert "Accept=yes\n" in socket
    assert "SocketGroup=leeward\nSocketMode=0660\n" in socket, "neither the public pages nor the signer are in it"
    assert "ListenStream=/run/leeward-decoder/socket\n" in socket
    assert 'DECODER = "/run/leeward-decoder/socket"' in (PARTS / "leeward").read_text()
    closed = {path for line in re.findall(r"^InaccessiblePaths=(.*)$", unit, re.MULTILINE) for path in line.split()}
    folders = re.findall(r"/var/lib/leeward[a-z-]*", (PARTS / "postinst").read_text())
    assert {f"-{folder}" for folder in folders} | {"-/etc/leeward", "-/run/leeward-signer"} <= closed
    service = (PARTS / "leeward.service").read_text()
    assert [line for line in service.splitlines() if "leeward-decoder.socket" in line] == [
        "After=network-online.target time-sync.target postgresql.service leeward-decoder.socket",
        "Wants=network-online.target leeward-decoder.socket",
    ], "it is there before the service, whoever enabled what"
    assert "leeward-decoder" in (PARTS / "leeward.sysusers").read_text()
    (tmp_path / "var/lib/leeward").mkdir(parents=True)
    asked = _run_script("postinst", ["configure", "0.2.0-1"], tmp_path)
    assert "restart leeward-signer.socket leeward-decoder.socket" in asked
    assert "leeward-decoder.socket" in _run_script("prerm", ["remove"], tmp_path).partition("stop")[2]


@pytest.mark.parametrize("chosen", ["", "LEEWARD_SIGNER_DIR=/srv/signer\n"])
def test_an_upgrade_takes_the_key_of_the_log_away_from_the_service(chosen: str, tmp_path: Path) -> None:
    before, after = tmp_path / "var/lib/leeward/signer", tmp_path / "var/lib/leeward-signer"
    before.mkdir(parents=True)
    for name in ("log.key", "witness.key", "state.json", "lock"):
        (before / name).write_text(name)
    (tmp_path / "etc/leeward").mkdir(parents=True)
    (tmp_path / "etc/leeward/environment").write_text(f"# ours\n{chosen}")
    asked = _run_script("postinst", ["configure", "0.2.0-1"], tmp_path)
    names = [path.name for path in sorted(after.iterdir())]
    if chosen:
        assert (names, (before / "log.key").exists()) == ([], True), "where somebody chose a place, it stays theirs"
        return
    assert (names, before.exists()) == (["log.key", "state.json", "witness.key"], False)
    assert after.stat().st_mode & 0o777 == 0o700
    assert f"leeward-signer:leeward-signer {after}" in asked
    assert "restart leeward-signer.socket" in asked
    before.mkdir()
    (before / "log.key").write_text("another")
    _run_script("postinst", ["configure", "0.2.0-1"], tmp_path)
    assert (after / "log.key").read_text() == "log.key", "one that is there is never replaced"


def test_an_upgrade_that_was_interrupted_takes_the_rest_of_the_signers_files(tmp_path: Path) -> None:
    before, after = tmp_path / "var/lib/leeward/signer", tmp_path / "var/lib/leeward-signer"
    for folder, names in ((before, ("witness.key", "state.json")), (after, ("log.key",))):
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text(name)
    _run_script("postinst", ["configure", "0.2.0-1"], tmp_path)
    assert [path.name for path in sorted(after.iterdir())] == ["log.key", "state.json", "witness.key"]


def test_an_upgrade_takes_keys_away_from_the_public_pages_that_need_them_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "var/lib/leeward-public"
    folder.mkdir(parents=True)
    (tmp_path / "var/lib/leeward").mkdir()
    for name in ("secret", "audit.key", "audit.pub"):
        (folder / name).touch()
    _run_script("postinst", ["configure", "0.2.0-1"], tmp_path)
    assert [path.name for path in folder.iterdir()] == ["audit.pub"]


def test_purging_leaves_the_administrators_own_files(tmp_path: Path) -> None:
    folder = tmp_path / "etc/leeward"
    folder.mkdir(parents=True)
    (folder / "environment").touch()
    (folder / "backup-key").write_text("only tests use this")
    _run_script("postrm", ["purge"], tmp_path)
    assert [path.name for path in folder.iterdir()] == ["backup-key"]
    (spool := tmp_path / "var/lib/leeward-spool").mkdir(parents=True)
    (spool / "public.sqlite3").touch()
    (folder / "backup-key").unlink()
    _run_script("postrm", ["purge"], tmp_path)
    assert not folder.exists()
    assert (spool / "public.sqlite3").exists(), "it may hold reports that nobody fetched"
    assert (tmp_path / "said").read_text().count("leeward-spool") == 1, "said once"
    (spool / "public.sqlite3").unlink()
    _run_script("postrm", ["purge"], tmp_path)
    assert not spool.exists()


def test_when_an_upgrade_fails_the_old_version_goes_on(tmp_path: Path) -> None:
    assert "leeward-public.service leeward.service leeward-signer.socket" in _run_script(
        "prerm", ["upgrade", "0.2.0-1"], tmp_path
    )
    asked = _run_script("postinst", ["abort-upgrade", "0.2.0-1"], tmp_path).splitlines()
    assert [line for line in asked if line.startswith("start")] == [
        "start leeward-matcher.service",
        "start leeward.service",
        "start leeward-public.service",
    ]


def test_an_upgrade_changes_the_tables_before_what_needs_them_starts_and_starts_none_of_it_where_they_can_not_be(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "var/lib/leeward").mkdir(parents=True)
    asked = _run_script("postinst", ["configure", "0.2.0-1"], tmp_path).splitlines()
    assert (
        asked.index("upgrade") < asked.index("start leeward.service") < asked.index("start leeward-public.service")
    ), "the public pages may not change them, and stop for good where they aren’t those of their version"
    (tmp_path / "asked").unlink()
    (tmp_path / "ill").touch()
    asked = _run_script("postinst", ["configure", "0.2.0-1"], tmp_path).splitlines()
    assert "upgrade" in asked
    assert [line for line in asked if line.startswith("start")] == ["start leeward-matcher.service"]
    assert "systemctl start leeward leeward-public\n" in capfd.readouterr().err, (
        "what was stopped and is to start again"
    )


@pytest.mark.parametrize("before", ["", "0.2.0-1"])
def test_installed_again_over_data_that_a_removal_left_it_says_that_it_is_off(before: str, tmp_path: Path) -> None:
    """A removal disables the services, so that nothing runs afterwards; after a purge Debian knows of no version before."""
    data = tmp_path / "var/lib/leeward"
    data.mkdir(parents=True)
    (tmp_path / "off").touch()
    _run_script("postinst", ["configure", ""], tmp_path)
    assert "Next: leeward setup, then systemctl enable --now leeward\n" in (tmp_path / "said").read_text()
    (data / "secret").touch()
    _run_script("postinst", ["configure", before], tmp_path)
    spoken = (tmp_path / "said").read_text()
    assert "over the data that were here, and is off. Next: " in spoken
    assert "setup" not in spoken, "there is a hotline"
    (tmp_path / "off").unlink()
    _run_script("postinst", ["configure", "0.2.0-1"], tmp_path)
    assert (tmp_path / "said").read_text() == "", "an upgrade of one that runs"


def test_nothing_runs_of_a_package_that_was_unpacked_by_half(
    launcher: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = tmp_path / "usr/lib/leeward/half-unpacked"
    assert launcher["HALF"] == f"/{half.relative_to(tmp_path)}"
    (tmp_path / "var/lib/leeward").mkdir(parents=True)
    _run_script("preinst", ["install"], tmp_path)  # made by the run itself: /usr/lib/leeward is there
    with pytest.raises(SystemExit) as ended:
        launcher["need_whole"](str(half))
    assert ended.value.code == 2
    assert "again from its file" in capsys.readouterr().err
    for name, words, is_there in (
        ("preinst", ["upgrade", "0.1.0-1"], True),
        ("postrm", ["upgrade", "0.2.0-1"], True),  # the version before says good-bye while the files are exchanged
        ("postinst", ["configure", "0.1.0-1"], False),
        ("preinst", ["upgrade", "0.1.0-1"], True),
        ("postrm", ["abort-upgrade", "0.1.0-1"], False),
        ("preinst", ["upgrade", "0.1.0-1"], True),
        ("postinst", ["abort-upgrade", "0.2.0-1"], False),
    ):
        _run_script(name, words, tmp_path)
        assert half.exists() is is_there, (name, words)
    launcher["need_whole"](str(half))


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("leeward.service", 20),
        ("leeward-public.service", 20),
        ("leeward-matcher.service", 20),
        ("leeward-signer.service", 20),
        ("leeward-decoder@.service", 8),
    ],
)
def test_a_service_may_do_little(name: str, most: int, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze")
    unit = tmp_path / name.replace("@", "@1")
    unit.write_text(
        (PARTS / name)
        .read_text()
        .replace("/usr/bin/leeward", "/bin/true")
        .replace("/usr/lib/leeward/bin/python", "/bin/true")
    )
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={most}", "--no-pager", str(unit)],
        check=False, text=True, capture_output=True,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout + judged.stderr
    faults = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], check=False, text=True, capture_output=True
    ).stderr
    assert str(unit) not in faults, faults


@pytest.fixture(scope="module")
def launcher() -> dict[str, Any]:
    """What the package's command consists of."""
    return runpy.run_path(str(PARTS / "leeward"), run_name="read")


def test_the_command_reads_settings_as_systemd_does(launcher: dict[str, Any]) -> None:
    text = "# no\n;no\n\nA=1\n B = two words \nC='x y'\nD=\"\"\nE=a=b#c\nnonsense\nF='open\n"
    assert launcher["settings"]('A=a\\\\b\\ c\nB="x\\"y\\z"\nC=\'x\\y\'') == {"A": "a\\b c", "B": 'x"y\\z', "C": "x\\y"}
    assert launcher["settings"](text) == {"A": "1", "B": "two words", "C": "x y", "D": "", "E": "a=b#c", "F": "'open"}


@pytest.mark.parametrize(
    ("content", "why"), [(None, "no such file"), ("folder", "is a directory"), (b"A=\xff", "UTF-8")]
)
def test_the_command_names_settings_that_cannot_be_read(
    launcher: dict[str, Any], content: object, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "environment"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        path.mkdir()
    with pytest.raises(SystemExit) as ended:
        launcher["read"](str(path))
    printed = capsys.readouterr().err
    assert (ended.value.code, len(printed.splitlines())) == (2, 1)
    assert f"{path} can't be read: " in printed
    assert why in printed


def test_the_command_names_a_user_who_is_gone(launcher: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        launcher["user_named"]("nobody-of-this-name")
    assert ended.value.code == 2
    assert "There is no user nobody-of-this-name" in capsys.readouterr().err


def test_the_command_reads_its_settings_before_it_becomes_the_services_user() -> None:
    """Systemd reads them as root: a file that is root's alone stops no service, and no command."""
    main = (PARTS / "leeward").read_text(encoding="utf-8").partition('if __name__ == "__main__":')[2]
    assert main.index("read(ENVIRONMENT)") < main.index("become(service)")


def test_the_service_may_write_where_its_settings_propose_backups() -> None:
    """And starts where that isn’t there: systemd starts nothing where a folder without the minus is missing."""
    proposed = (PARTS / "environment").read_text().partition("\n#LEEWARD_BACKUP_TO=")[2].partition("\n")[0]
    lines = (PARTS / "leeward.service").read_text().splitlines()
    may_write = [place for line in lines if line.startswith("ReadWritePaths=") for place in line.split("=")[1].split()]
    assert f"-{proposed}" in may_write
    assert all(place.startswith("-") for place in may_write)


def test_the_command_finds_what_systemd_gives_the_service(
    launcher: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, names = launcher["beside"], launcher["beside"].__globals__
    unit = (PARTS / "leeward.service").read_text()
    assert f"RuntimeDirectory={Path(names['RUNTIME']).name}\n" in unit
    monkeypatch.setitem(names, "SYSTEMD", str(tmp_path / "systemd"))
    monkeypatch.setitem(names, "RUNTIME", str(tmp_path / "leeward"))
    assert beside({"A": "1"}) == {"A": "1"}
    (tmp_path / "systemd").mkdir()
    assert set(beside({})) == {"LEEWARD_SIGNER_DIR", "LEEWARD_DECODER_SOCKET"}
    (tmp_path / "leeward").mkdir()
    assert beside({})["LEEWARD_VOLATILE"] == str(tmp_path / "leeward"), "doctor looks where the service’s salt is"
    chosen = {"LEEWARD_VOLATILE": "/mnt/memory", "LEEWARD_SIGNER_DIR": "/srv/signer", "LEEWARD_DECODER_SOCKET": ""}
    assert beside(chosen) == chosen


@pytest.mark.parametrize(("file", "least"), [("environment", 5), ("public.environment", 5), ("matcher.environment", 3)])
def test_the_settings_that_go_along_are_ones_that_leeward_knows(file: str, least: int) -> None:
    from leeward.site.config import Config

    lines = (PARTS / file).read_text().splitlines()
    names = [line.lstrip("#").partition("=")[0] for line in lines if line.lstrip("#").startswith("LEEWARD_")]
    assert len(names) >= least
    assert {name.removeprefix("LEEWARD_").removesuffix("_FILE").lower() for name in names} <= set(Config.model_fields)
