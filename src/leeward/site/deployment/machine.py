"""Checks of the machine: encryption of the disk, swap, core dumps, the clock, the journal and the service's unit."""

import ctypes
import struct
from collections.abc import Iterator
from pathlib import Path

from leeward.site.deployment.files import mount_of
from leeward.site.deployment.seen import Here, Seen, fails, holds, unseen

MOST_DAYS = 31
_SPANS = {"": 1, "s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "hour": 3600, "day": 86400, "d": 86400}
_SPANS |= {"week": 604800, "w": 604800, "month": 2629800, "year": 31557600, "y": 31557600}
_STA_UNSYNC, _STATUS_AT = 0x40, 40  # of the kernel's struct timex, on 64 bits
UNIT = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "UMask": "0077",
    "LimitCORE": "0",
}


def disk(here: Here) -> Iterator[Seen]:
    """The disk with the data is encrypted, where the system tells."""
    state = _is_encrypted(here, here.config.data_dir)
    hint = "Put the data directory on a LUKS volume; if what lies below encrypts (a hypervisor, the disk itself), have its operator confirm it."
    if state is None:
        yield unseen("Whether the disk with the data is encrypted can't be seen from here.", hint)
    elif state:
        yield holds("The disk with the data is encrypted.")
    else:
        yield fails("The disk with the data is not encrypted by this machine.", hint)


def _is_encrypted(here: Here, place: Path) -> bool | None:
    kind, source = mount_of(here, place)
    return _device_is(here, source) if kind and source.startswith("/dev/") else None


def _device_is(here: Here, source: str) -> bool | None:
    device = here.root / source.lstrip("/")
    name = device.resolve().name if device.exists() else Path(source).name
    block = here.root / "sys/class/block" / name
    if not block.exists():
        return None
    if (here.text(f"sys/class/block/{name}/dm/uuid") or "").startswith("CRYPT-"):
        return True
    below = [_device_is(here, f"/dev/{path.name}") for path in sorted(block.glob("slaves/*"))]
    return None if None in below else bool(below) and all(below)


def swap(here: Here) -> Iterator[Seen]:
    """What is swapped out is in memory or encrypted."""
    text = here.text("proc/swaps")
    if text is None:
        yield unseen(
            "Whether memory is swapped to a disk can't be seen from here.", "Encrypt the swap, or switch it off."
        )
        return
    names = [line.split()[0] for line in text.splitlines()[1:] if line.split()]
    open_ones = [name for name in names if not name.startswith("/dev/zram") and not _swap_is_encrypted(here, name)]
    if open_ones:
        hint = "What is fetched is in memory, and swap is a disk: swapoff, or encrypt it with a random key in /etc/crypttab."
        yield fails(f"Memory is swapped to a disk that is not encrypted: {', '.join(open_ones)}.", hint)
    else:
        yield holds("No memory is swapped to a disk in the clear.")


def _swap_is_encrypted(here: Here, name: str) -> bool:
    return bool(_device_is(here, name) if name.startswith("/dev/") else _is_encrypted(here, Path(name)))


def cores(here: Here) -> Iterator[Seen]:
    """No process of Leeward leaves its memory on the disk when it crashes."""
    hint = "Restart leeward serve by systemctl, with LimitCORE=0 in its unit."
    limits = [limit for limit in map(_core_limit, _processes(here)) if limit]
    if any(limit != "0" for limit in limits):
        yield fails("A process of leeward serve would write its memory to the disk when it crashes.", hint)
    elif limits:
        yield holds(
            f"None of the {len(limits)} processes of leeward serve leaves its memory on the disk when it crashes."
        )
    else:
        yield unseen(
            "leeward serve doesn't run, or its processes can't be seen from here.", "Start it, and run this as root."
        )


def _processes(here: Here) -> Iterator[Path]:
    for path in here.root.glob("proc/[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:  # ended meanwhile
            continue
        if any(
            word.endswith(b"leeward") or word == b"leeward.site.serve" for word in words[:4]
        ) and b"serve" in b" ".join(words[:6]):
            yield path.parent


def _core_limit(process: Path) -> str:
    try:
        text = (process / "limits").read_text(encoding="utf-8")
    except OSError:
        return ""
    return next((line.split()[4] for line in text.splitlines() if line.startswith("Max core file size")), "")


def clock(here: Here) -> Iterator[Seen]:
    """The clock is kept by time servers."""
    state = kernel_is_synchronised()
    hint = "Install systemd-timesyncd or chrony: deadlines, salts and the log's times depend on it."
    if state is None:
        yield unseen("Whether the clock is set by time servers can't be seen from here.", hint)
    else:
        yield (
            holds("The clock is set by time servers.")
            if state
            else fails("The clock is not set by time servers.", hint)
        )


def kernel_is_synchronised() -> bool | None:
    """Ask the kernel whether something sets its clock; None where it can't be asked."""
    if struct.calcsize("P") != 8:
        return None
    try:
        buffer = ctypes.create_string_buffer(512)
        if ctypes.CDLL(None).adjtimex(buffer) < 0:
            return None
    except (OSError, AttributeError):  # not Linux
        return None
    return not struct.unpack_from("i", buffer, _STATUS_AT)[0] & _STA_UNSYNC


def journal(here: Here) -> Iterator[Seen]:
    """The machine's journal forgets: what a proxy, a firewall or sshd writes there names addresses."""
    if not (here.root / "run/systemd/journal").exists():
        yield unseen(
            "No journal of systemd is here.",
            "See where the system's messages go, and that they are deleted within a month.",
        )
        return
    values: dict[str, str] = {}
    for path in here.files(
        "etc/systemd/journald.conf",
        "usr/lib/systemd/journald.conf.d/*.conf",
        "run/systemd/journald.conf.d/*.conf",
        "etc/systemd/journald.conf.d/*.conf",
    ):
        values |= _values(path)
    storage = values.get("Storage", "auto")
    if storage in ("none", "volatile") or (storage == "auto" and not (here.root / "var/log/journal").exists()):
        yield holds("The journal is in memory only.")
        return
    days = (seconds_of(values.get("MaxRetentionSec", "0")) or 0) / 86400
    if 0 < days <= MOST_DAYS:
        yield holds(f"The journal forgets after {days:.0f} days.")
    else:
        hint = (
            "MaxRetentionSec=7day in a file of /etc/systemd/journald.conf.d, then systemctl restart systemd-journald."
        )
        yield fails(
            "The journal keeps what it was told without an end: addresses too, if a proxy or a firewall writes them there.",
            hint,
        )


def seconds_of(span: str) -> float | None:
    """Return the seconds of one of systemd's time spans such as "1month 2day"; None if it isn't one."""
    total = 0.0
    for word in span.split():
        number = word.rstrip("abcdefghijklmnopqrstuvwxyz")
        unit = word[len(number) :]
        unit = unit if unit in _SPANS else unit.removesuffix("s")
        if not number.replace(".", "", 1).isdigit() or unit not in _SPANS:
            return None
        total += float(number) * _SPANS[unit]
    return total


def unit(here: Here) -> Iterator[Seen]:
    """The service is closed in as its unit of the package does it."""
    paths = here.files(
        "usr/lib/systemd/system/leeward.service",
        "lib/systemd/system/leeward.service",
        "etc/systemd/system/leeward.service",
        "usr/lib/systemd/system/leeward.service.d/*.conf",
        "etc/systemd/system/leeward.service.d/*.conf",
    )
    if not paths:
        hint = "Run it as a service with the unit of shipping/debian/leeward.service."
        yield unseen("No unit of systemd for Leeward is here: how its processes are closed in can't be seen.", hint)
        return
    values: dict[str, str] = {}
    for path in paths:
        values |= _values(path)
    wrong = [f"{name}={wanted}" for name, wanted in UNIT.items() if values.get(name) != wanted]
    if values.get("User", "root") == "root":
        wrong.append("User=leeward")
    if wrong:
        yield fails(f"The unit of the service lacks {', '.join(wrong)}.", "Add it, or use the unit of the package.")
    else:
        yield holds("The unit of the service closes it in: no writing outside its data, no new rights, no core dumps.")


def _values(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    pairs = (line.strip().partition("=") for line in lines if "=" in line and not line.strip().startswith(("#", ";")))
    return {name.strip(): value.strip() for name, _, value in pairs}
