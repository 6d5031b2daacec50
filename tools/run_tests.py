"""Run every test: once on SQLite with a browser, once more on PostgreSQL for what touches the database.

Installs what the machine lacks through apt where it is root on Debian; elsewhere names the one command that installs it and says
which tests were left out. With LEEWARD_TEST_ALL=1 nothing may be left out for want of a program. A few tests that fail among
thousands are run once more, alone: those that pass then are named as unsteady at the end, and don't fail the run. Of the long tests
a third runs each time, by the commit (tests/shares.py).
Usage: run_tests.py [--only sqlite|postgres] [pytest arguments]; where they name tests, no others are run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What is looked for -> Debian's package, and what is left out without it.
WANTED = {
    "chromium": ("chromium", "the browser tests"),
    "firefox-esr": ("firefox-esr", "the public pages in Firefox"),
    "psql": ("postgresql", "the tests on PostgreSQL"),
    "fc-list": ("fontconfig", "right-to-left screenshots"),
    "soffice": ("libreoffice-writer-nogui", "opening the drafted bill in LibreOffice"),
    "named": ("bind9", "the blocking lists in BIND"),
    "named-checkzone": ("bind9-utils", "BIND's checker of zones"),
    "unbound": ("unbound", "the blocking lists in Unbound"),
    "kresd": ("knot-resolver lua-cqueues", "the blocking lists in Knot Resolver"),
    "pdns_recursor": ("pdns-recursor", "the blocking lists in PowerDNS"),
    "knotd": ("knot", "serving long lists"),
    "squid": ("squid", "blocking single pages"),
    "nginx": ("nginx", "the proxy in front of an onion address"),
    "tor": ("tor", "what Tor says of the configuration for an onion address"),
    "dovecot": ("dovecot-imapd", "reading mail from an IMAP server that isn't ours"),
    "curl": ("curl", "asking the hash list as its page says"),
    "sshd": ("openssh-server", "backups on an SSH server"),
    "sigsum-witness": ("sigsum-go", "the log under a witness of other makers"),
    "rhash": ("rhash", "comparing the hashes of file-sharing networks with another program's"),
}
UBLOCK = "@gorhill/ubo-core@0.1.30"  # GPL-3.0: run beside the tests, never part of what we give out
FONTS = "fonts-noto-core"
LIGHT_BROWSER = "chromium-headless-shell"  # the same chromium with no window to draw: a quarter less work
POLICY = Path("/usr/sbin/policy-rc.d")  # what Debian asks before it starts a service that was just installed
MEMORY = Path(
    "/dev/shm"
)  # tests write to a disk made of memory where there is room: every commit of a database waits for a disk
ROOM_BYTES = 3_000_000_000
KERNELS = tuple(
    f"leeward.matching.{name}.kernels" for name in ("hashing", "index", "variants")
)  # each compiles itself when it is first imported
READS_SOURCE = "test_any_line_is_a_row"  # any test of Hypothesis that is soon done
FAILED = "LEEWARD_TEST_FAILED"  # the file that tests/conftest.py writes the names of failed tests into
RULES = [
    "--ignore-glob=*/rules"
]  # pure: no test there touches a database (tests/test_on_postgres.py), and they are nearly half
AT_WORK = b"[pytest-xdist running] "  # how a process of pytest-xdist calls itself, before the test's name
TOLD_EVERY_SECONDS = 300.0
MOST_AGAIN = 3  # more failures than these are no accident of a busy machine


def missing() -> dict[str, str]:
    """Return what the machine lacks: package -> what is left out without it."""
    lacking = {package: left_out for command, (package, left_out) in WANTED.items() if shutil.which(command) is None}
    if shutil.which(LIGHT_BROWSER):
        lacking.pop("chromium", None)
    if not any(Path("/usr/share/fonts/truetype/noto").glob("NotoNastaliq*")):
        lacking[FONTS] = "the look of Urdu"
    return lacking


def install(packages: list[str]) -> None:
    """Install what apt knows of these; the services that come along are not started: a policy says no meanwhile."""
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    known = set(subprocess.run(["apt-cache", "pkgnames"], capture_output=True, text=True, check=False).stdout.split())
    names = {name for name in " ".join(packages).split() if name in known}
    if LIGHT_BROWSER in names:
        names.discard("chromium")
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *sorted(names)]
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        POLICY.chmod(0o755)
    try:
        subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)
    finally:
        if ours:
            POLICY.unlink()


@contextmanager
def compiled_meanwhile(arguments: list[str]) -> Iterator[None]:
    """Let one process read the tests while the block waits for the network, so that the processes that run them find each compiled
    instead of compiling all of them each; and run the one test that makes Hypothesis read the source for numbers and words to try."""
    command = [sys.executable, "-m", "pytest", "-q", "-n0", *arguments, "-k", READS_SOURCE]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(command, cwd=ROOT, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as reading:
        try:
            yield
            reading.wait(timeout=60)
        except subprocess.TimeoutExpired:
            pass  # each compiles the rest for itself
        finally:
            reading.terminate()


def compile_kernels() -> None:
    """Compile what hashes and searches, if nobody has: each process that is there before another has done so would do it for itself, 14 s
    of a processor, while whoever asked it waits."""
    subprocess.run(
        [sys.executable, "-c", f"import {', '.join(KERNELS)}"], cwd=ROOT, stderr=subprocess.DEVNULL, check=False
    )


def is_compiled() -> bool:
    """Return whether a run before this one left most of the tests compiled."""
    files, compiled = (list((ROOT / "tests").rglob(name)) for name in ("test_*.py", "test_*-pytest-*.pyc"))
    return 2 * len(compiled) > len(files)


def prepare(arguments: list[str]) -> list[str]:
    """Make the machine ready as far as we may; return what will be left out."""
    lacking = missing()
    packages = [*lacking, *([] if shutil.which(LIGHT_BROWSER) else [LIGHT_BROWSER])]
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(packages)} ...", flush=True)
        with compiled_meanwhile(arguments):
            install(packages)
        lacking = missing()
    if lacking:
        print(f"Missing: sudo apt-get install {' '.join(lacking)}")
        print("Left out: " + ", ".join(sorted(set(lacking.values()))))
    return sorted(set(lacking.values()))


def postgres_bin() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest version's, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    plain = shutil.which("initdb")
    return Path(plain).parent if plain else None


@contextmanager
def postgres() -> Iterator[str | None]:
    """Run a PostgreSQL server of our own on a socket in a temporary folder; yields its address, or None without PostgreSQL."""
    programs = postgres_bin()
    if programs is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="leeward-pg-", dir=place()))
    folder.chmod(0o755)
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        [*as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "leeward", "-E", "UTF8", "--locale=C.UTF-8"],
        **run,
    )
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=60"
    options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"  # nothing here has to survive
    subprocess.run(
        [*as_user, programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"], **run
    )
    try:
        yield f"postgresql://leeward@{str(folder).replace('/', '%2F')}/postgres"
    finally:
        subprocess.run(
            [*as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **(run | {"check": False})
        )
        shutil.rmtree(folder, ignore_errors=True)


def place() -> str:
    """The folder for temporary files: in memory where there is room for them, else the system's."""
    try:
        room = shutil.disk_usage(MEMORY).free
        known = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
        memory = int(known["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError):
        return tempfile.gettempdir()
    return str(MEMORY) if min(room, memory / 2) > ROOM_BYTES and os.access(MEMORY, os.W_OK) else tempfile.gettempdir()


def slices_with_tables() -> list[str]:
    """The folders of tests whose slice has tables of its own; of them only what touches the database runs twice."""
    found = {path.parent.name for path in (ROOT / "src" / "leeward").glob("*/models*") if path.parent.name != "web"}
    return sorted(f"tests/{name}" for name in found if (ROOT / "tests" / name).is_dir())


def peer() -> dict[str, str]:
    """Make the environment with python-threatexchange, which reads our exports; the setting that names it, or none where it can't be had."""
    sys.path.insert(0, str(ROOT))
    from bench.matching.peers import peer_python

    try:
        return {"LEEWARD_TEST_THREATEXCHANGE": str(peer_python())}
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"Left out: reading our exports with python-threatexchange ({error})")
        return {}


def ublock() -> dict[str, str]:
    """Install uBlock's engine of filters, which reads our adblock export; the setting that names it, or none without node and npm."""
    why, folder = "node and npm are not installed", ROOT / ".cache" / "ublock"
    package = folder / "node_modules" / "@gorhill" / "ubo-core"
    if shutil.which("node") and shutil.which("npm"):
        if not package.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), UBLOCK]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            why = f"npm: {done.stderr.strip()[-200:]}"
        if package.is_dir():
            return {"LEEWARD_TEST_UBO": str(package)}
    print(f"Left out: our adblock export in uBlock's engine ({why})")
    return {}


def pytest(arguments: list[str], *, workers: int, **environment: str) -> tuple[list[str], dict[str, str]]:
    """The command that runs pytest with so many processes, and its environment."""
    wanted = os.environ.get("LEEWARD_TEST_WORKERS", str(workers))
    handed_out = ["-n", wanted, "--dist", "loadgroup", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", "-q", "-rR", *handed_out, *arguments]
    # What is compiled is kept: the tests start hundreds of processes.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.NamedTemporaryFile(prefix="leeward-failed-", delete=False) as failed:
        return command, {**kept, "TMPDIR": place(), FAILED: failed.name, **environment}


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command in the project's folder; return its exit code."""
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def second_chance(code: int, environment: dict[str, str]) -> int:
    """Run the tests that failed once more, alone, where they are few; return what the run amounts to."""
    failed = Path(environment[FAILED])
    names = failed.read_text(encoding="utf-8").splitlines()
    failed.unlink()
    if code != 1 or not 0 < len(names) <= MOST_AGAIN:
        return code
    print("== Once more, alone:", *names, sep="\n  ", flush=True)
    again = run([sys.executable, "-m", "pytest", "-q", "-n0", *names], {**environment, FAILED: ""})
    if again == 0:
        print("== UNSTEADY: failed among the others and passed alone. Mend these:", *names, sep="\n  ", flush=True)
    return again


@contextmanager
def beside(command: list[str], environment: dict[str, str]) -> Iterator[list[int]]:
    """Run a command while the block runs, then show what it printed; its exit code is put into the list."""
    codes: list[int] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT) as process:
            try:
                yield codes
                codes.append(process.wait())
            finally:
                process.terminate()
        said.seek(0)
        shutil.copyfileobj(said, sys.stdout)


def at_work() -> list[str]:
    """Return the names of the tests that run now, on this machine."""
    titles = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            titles.append(place.read_bytes())
        except OSError:
            continue  # it has ended
    return sorted(
        os.fsdecode(one.removeprefix(AT_WORK).partition(b"\0")[0]) for one in titles if one.startswith(AT_WORK)
    )


@contextmanager
def told_meanwhile() -> Iterator[None]:
    """While the block runs, say every five minutes which tests run: of a run that is cut off, these are the ones to look at."""
    began, is_over = time.monotonic(), threading.Event()

    def tell() -> None:
        while not is_over.wait(TOLD_EVERY_SECONDS):
            minutes = round((time.monotonic() - began) / 60)
            print(f"\n== After {minutes} minutes:", *at_work(), sep="\n  ", flush=True)

    teller = threading.Thread(target=tell)
    teller.start()
    try:
        yield
    finally:
        is_over.set()
        teller.join()


def main() -> int:
    """Make the machine ready and run what is wanted, telling how far it is."""
    with told_meanwhile():
        return run_wanted()


def which_share(arguments: list[str]) -> dict[str, str]:
    """Return the setting that names the share of the long tests that this run takes: all where tests are named or somebody asks for all,
    else a third of them, by the commit."""
    sys.path.insert(0, str(ROOT))
    from tests.shares import SHARE, SHARES, share_of

    named = any(one.startswith("tests/") for one in arguments)
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    share = "all" if named else os.environ.get(SHARE) or share_of(commit)
    if share != "all":
        print(
            f"== Of the long tests share {int(share) + 1} of {SHARES} runs, by the commit. All: make test SHARE=all",
            flush=True,
        )
    return {SHARE: share}


def run_wanted() -> int:
    """Run both rounds at once, since many tests wait for something that is no core; the worse exit code wins."""
    arguments = sys.argv[1:]
    only = ""
    if arguments[:1] == ["--only"]:
        only, arguments = arguments[1], arguments[2:]
    left_out = prepare(arguments)
    share = which_share(arguments)
    if left_out and os.environ.get("LEEWARD_TEST_ALL"):
        print("Nothing may be left out here (LEEWARD_TEST_ALL).")
        return 1
    in_a_fresh_copy = not (is_compiled() or any(one.startswith("tests/") for one in arguments))
    with compiled_meanwhile(arguments) if in_a_fresh_copy else nullcontext():
        compile_kernels()
        named, cores = peer() | ublock() | share, os.cpu_count() or 1
    first = pytest(arguments, workers=cores + cores // 2, **named)  # many wait for another program
    if only == "sqlite":
        return second_chance(run(*first), first[1])
    with postgres() as address:
        if address is None:
            return second_chance(run(*first), first[1]) if only != "postgres" else 1
        named_tests = any(one.startswith("tests/") for one in arguments)
        which = ["-m", "not browser", *RULES, *([] if named_tests else slices_with_tables()), *arguments]
        workers = cores if only == "postgres" else max(1, cores // 2)
        second = pytest(which, workers=workers, LEEWARD_DATABASE_URL=address, **named)
        if only == "postgres":
            return second_chance(run(*second), second[1])
        print("== SQLite, with a browser; at the same time on PostgreSQL", flush=True)
        with beside(*second) as codes:
            codes.append(run(*first))
            print("== PostgreSQL", flush=True)
        return max(second_chance(codes[0], first[1]), second_chance(codes[1], second[1]))


if __name__ == "__main__":
    sys.exit(main())
