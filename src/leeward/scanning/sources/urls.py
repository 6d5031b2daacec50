"""Files of object stores and servers, by address, through fsspec."""

import importlib
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from leeward.scanning.errors import DriverMissing, SchemeUnknown
from leeward.scanning.sources.files import what_it_is
from leeward.scanning.sources.items import LINK, Item

_NEAR_BYTES = 64 << 20
_BLOCK_BYTES = 8 << 20
_PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "adl": "adlfs",
    "sftp": "paramiko",
    "ssh": "paramiko",
    "smb": "smbprotocol",
    "http": "aiohttp",
    "https": "aiohttp",
}
_SINGLE = frozenset({"http", "https"})
_SSH = frozenset({"sftp", "ssh"})
_TIMES = ("LastModified", "last_modified", "mtime", "modified", "updated")
_VERSIONS = ("ETag", "etag", "md5Hash", "ino")


def url_items(url: str) -> Iterator[Item]:
    """Yield the files at and below an address, folder by folder. An http(s) address is one file. Raises DriverMissing."""
    check_driver(url)
    if scheme_of(url) in _SINGLE:
        yield Item(url, is_url=True)
        return
    try:
        system, root = _system(url)
        first = system.info(root)
    except Exception as error:  # every driver raises errors of its own
        yield Item(url, is_url=True, problem=reason(error))
        return
    address = _addresses(url, root)
    if first["type"] != "directory":
        yield _item(first, url)
        return
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            listing = sorted(system.ls(folder, detail=True), key=lambda facts: str(facts["name"]))
        except Exception as error:
            yield Item(address(folder), is_url=True, problem=reason(error))
            continue
        below = []
        for facts in listing:
            if facts["type"] != "directory":
                yield _item(facts, address(facts["name"]))
            elif facts["name"].strip("/") != folder.strip("/"):
                below.append(facts["name"])
        folders += reversed(below)


@contextmanager
def opened_url(item: Item) -> Iterator[tuple[IO[bytes], bool]]:
    """Open an address; also return whether it can be read again from its start. Small files come in one request."""
    system, path = _system(item.path)
    path = item.name or path
    if item.size is not None and item.size <= _NEAR_BYTES:
        yield BytesIO(system.cat_file(path)), True
        return
    with system.open(path, "rb", block_size=_BLOCK_BYTES) as stream:
        size = item.size if item.size is not None else getattr(stream, "size", None)
        yield stream, bool(stream.seekable()) and size is not None


def check_driver(url: str) -> None:
    """Raise DriverMissing if the package for this kind of address is not installed, SchemeUnknown if there is none."""
    scheme = scheme_of(url)
    package = _PACKAGES.get(scheme, "")
    try:
        importlib.import_module("fsspec.registry").get_filesystem_class(scheme)
    except ImportError as error:
        missing = "fsspec" if (error.name or "").startswith("fsspec") else package or error.name or "that opens them"
        raise DriverMissing(scheme, missing) from None
    except ValueError as error:
        raise (DriverMissing(scheme, package) if package else SchemeUnknown(scheme)) from error


def scheme_of(url: str) -> str:
    """Return the scheme of an address."""
    return url.partition("://")[0].lower()


def reason(error: BaseException) -> str:
    """Return a driver's error in a few words. That of web addresses reports everything as a missing file, with the real
    cause behind it."""
    if isinstance(error, FileNotFoundError):
        behind = error.__cause__
        status = getattr(behind, "status", None)
        if behind is None or not type(behind).__module__.startswith("aiohttp") or status in (404, 410):
            return "there is no such file"
        return f"the server answered {status}" if status else reason(behind)
    text = " ".join(str(error).split())[:200]
    return text or type(error).__name__


def _system(url: str) -> tuple[Any, str]:
    """Return the driver for an address, connected, and the driver's own name for it."""
    if scheme_of(url) in _SSH:
        found: tuple[Any, str] = importlib.import_module("leeward.scanning.sources.sftp").sftp_system(url)
        return found
    system, path = importlib.import_module("fsspec.core").url_to_fs(url, use_listings_cache=False)
    return system, path


def _item(facts: dict[str, Any], address: str) -> Item:
    modified = next((facts[name] for name in _TIMES if facts.get(name)), None)
    if isinstance(modified, datetime):
        modified = modified.timestamp()
    version = next((str(facts[name]) for name in _VERSIONS if facts.get(name)), "")
    when = modified if isinstance(modified, (int, float)) else None
    note = LINK if facts["type"] == "link" else None
    mode = facts.get("mode")
    problem = None if note or mode is None or stat.S_ISREG(mode) else what_it_is(mode)
    return Item(address, facts.get("size"), when, version, is_url=True, problem=problem, note=note, name=facts["name"])


def _addresses(url: str, root: str) -> Callable[[str], str]:
    """Return how a driver's names become addresses again: with the server, and the user of the connection.

    Most drivers' names are what follows the scheme or the server in an address; Azure's begin with the container, which
    in an address with an account is the user.
    """
    scheme, _, rest = url.partition("://")
    rest, root = rest.rstrip("/"), root.rstrip("/")
    if rest.endswith(root):
        head = f"{scheme}://{rest[: len(rest) - len(root)]}"
        return lambda name: head + name
    server = f"{scheme}://{rest.partition('/')[0]}/"
    inside = root.partition("/")[0] + "/"
    return lambda name: server + name.removeprefix(inside).lstrip("/")
