"""Files of object stores and servers, by their address, through fsspec."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from leeward.scanning.errors import DriverMissing, SchemeUnknown
from leeward.scanning.sources.items import Item

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
_TIMES = ("LastModified", "last_modified", "mtime", "modified", "updated")
_VERSIONS = ("ETag", "etag", "md5Hash", "ino")


def url_items(url: str) -> Iterator[Item]:
    """Yield the files at and below an address, folder by folder. An http(s) address is one file. Raises DriverMissing."""
    if scheme_of(url) in _SINGLE:
        yield Item(url, is_url=True)
        return
    system, root = _system(url)
    try:
        first = system.info(root)
    except Exception as error:  # every driver raises its own kinds
        yield Item(url, is_url=True, problem=reason(error))
        return
    if first["type"] != "directory":
        yield _item(system, first, url)
        return
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            listing = sorted(system.ls(folder, detail=True), key=lambda facts: str(facts["name"]))
        except Exception as error:
            yield Item(system.unstrip_protocol(folder), is_url=True, problem=reason(error))
            continue
        below = []
        for facts in listing:
            if facts["type"] != "directory":
                yield _item(system, facts, url)
            elif facts["name"].strip("/") != folder.strip("/"):
                below.append(facts["name"])
        folders += reversed(below)


@contextmanager
def opened_url(item: Item) -> Iterator[tuple[IO[bytes], bool]]:
    """Open what an address names; also say whether it can be read again from its start. Small files come in one request."""
    system, path = _system(item.path)
    if item.size is not None and item.size <= _NEAR_BYTES:
        yield BytesIO(system.cat_file(path)), True
        return
    with system.open(path, "rb", block_size=_BLOCK_BYTES) as stream:
        yield stream, bool(stream.seekable()) and stream.size is not None


def check_driver(url: str) -> None:
    """Raise DriverMissing if the package that opens this kind of address is not installed, SchemeUnknown if there is none."""
    _system(url)


def scheme_of(url: str) -> str:
    """Return the scheme of an address."""
    return url.partition("://")[0].lower()


def reason(error: Exception) -> str:
    """Say in a few words what a driver raised."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    text = " ".join(str(error).split())[:200]
    return text or type(error).__name__


def _system(url: str) -> tuple[Any, str]:
    scheme = scheme_of(url)
    package = _PACKAGES.get(scheme, "")
    try:
        url_to_fs = importlib.import_module("fsspec.core").url_to_fs
    except ImportError:
        raise DriverMissing(scheme, "fsspec") from None
    try:
        system, path = url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        raise DriverMissing(scheme, package or (error.name or "that opens them")) from None
    except ValueError as error:
        raise (DriverMissing(scheme, package) if package else SchemeUnknown(scheme)) from error
    return system, path


def _item(system: Any, facts: dict[str, Any], url: str) -> Item:
    modified = next((facts[name] for name in _TIMES if facts.get(name)), None)
    if isinstance(modified, datetime):
        modified = modified.timestamp()
    version = next((str(facts[name]) for name in _VERSIONS if facts.get(name)), "")
    path = system.unstrip_protocol(facts["name"]) if "@" not in url else _beside(url, system, facts["name"])
    return Item(path, facts.get("size"), modified if isinstance(modified, (int, float)) else None, version, is_url=True)


def _beside(url: str, system: Any, name: str) -> str:
    """Return the address of a file on the same server, with the user it was asked with."""
    server = url.partition("://")[2].partition("/")[0]
    return f"{scheme_of(url)}://{server}/{system._strip_protocol(name).lstrip('/')}"
