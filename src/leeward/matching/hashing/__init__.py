"""Hashes of pictures, videos and files; see README.md beside this file."""

from typing import TYPE_CHECKING, Any

from leeward.matching.hashing.digests import ALL_DIGESTS, Digester, Digests, digest_stream
from leeward.matching.hashing.errors import PictureBroken, TorrentUnreadable
from leeward.matching.hashing.files import FIELDS, OPTIONAL_FIELDS, FileHashes, hash_stream
from leeward.matching.hashing.folding import Convention
from leeward.matching.hashing.isolated import hash_bytes
from leeward.matching.hashing.pdq import LEAST_QUALITY, Pdq, pdq
from leeward.matching.hashing.torrents import Torrent, TorrentFile, read_magnet, read_torrent
from leeward.matching.hashing.video import VideoHash, VideoMatch, hash_video, match_videos
from leeward.matching.hashing.visual import Frame, Limits, PictureHash

if TYPE_CHECKING:
    from leeward.matching.hashing.pictures import hash_picture

__all__ = [
    "ALL_DIGESTS",
    "FIELDS",
    "LEAST_QUALITY",
    "OPTIONAL_FIELDS",
    "Convention",
    "Digester",
    "Digests",
    "FileHashes",
    "Frame",
    "Limits",
    "Pdq",
    "PictureBroken",
    "PictureHash",
    "Torrent",
    "TorrentFile",
    "TorrentUnreadable",
    "VideoHash",
    "VideoMatch",
    "digest_stream",
    "hash_bytes",
    "hash_picture",
    "hash_stream",
    "hash_video",
    "match_videos",
    "pdq",
    "read_magnet",
    "read_torrent",
]


def __getattr__(name: str) -> Any:
    """Load Pillow only in a process that decodes pictures itself."""
    if name != "hash_picture":
        raise AttributeError(name)
    from leeward.matching.hashing.pictures import hash_picture

    return hash_picture
