"""Parse torrent files and magnet links, v1, v2 and hybrid, without contacting the swarm."""

from dataclasses import dataclass
from typing import Any

from leeward.matching.hashing.errors import TorrentUnreadable

MAX_TORRENT_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class TorrentFile:
    """One file of a torrent; `bt2` (its pieces root) identifies its content; v1 torrents have none."""

    path: str
    size: int
    bt2: str | None


@dataclass(frozen=True, slots=True)
class Torrent:
    """The content of a torrent or magnet link: infohashes in hexadecimal (None for a version it lacks) and files."""

    name: str
    v1: str | None
    v2: str | None
    files: tuple[TorrentFile, ...] = ()
    trackers: tuple[str, ...] = ()


def read_torrent(data: bytes) -> Torrent:
    """Read the bytes of a .torrent file; raises TorrentUnreadable."""
    import libtorrent

    if len(data) > MAX_TORRENT_BYTES:
        raise TorrentUnreadable(f"it has {len(data)} bytes, more than {MAX_TORRENT_BYTES}")
    try:
        parameters = libtorrent.load_torrent_buffer(data)
        if parameters.ti is None:
            raise TorrentUnreadable("it describes no files")
        layout = parameters.ti.layout()
        files = tuple(
            TorrentFile(layout.file_path(number), layout.file_size(number), _root(layout.root(number)))
            for number in range(layout.num_files())
            if not layout.file_flags(number) & layout.flag_pad_file
        )
        return _torrent(parameters, parameters.ti.name(), files)
    except (RuntimeError, ValueError) as error:
        raise TorrentUnreadable(_error_text(error)) from error


def read_magnet(text: str) -> Torrent:
    """Read a magnet link with a BitTorrent infohash (btih or btmh); raises TorrentUnreadable."""
    import libtorrent

    try:
        parameters = libtorrent.parse_magnet_uri(text.strip())
        return _torrent(parameters, parameters.name, ())
    except (RuntimeError, ValueError) as error:
        raise TorrentUnreadable(_error_text(error)) from error


def _torrent(parameters: Any, name: str, files: tuple[TorrentFile, ...]) -> Torrent:
    hashes = parameters.info_hashes
    return Torrent(
        name=name,
        v1=str(hashes.v1) if hashes.has_v1() else None,
        v2=str(hashes.v2) if hashes.has_v2() else None,
        files=files,
        trackers=tuple(parameters.trackers),
    )


def _root(root: object) -> str | None:
    text = str(root)
    return text if text.strip("0") else None


def _error_text(error: Exception) -> str:
    return str(error).split(" [")[0] or "it is damaged"
