"""Hashes of pictures, videos and files; see README.md beside this file."""

from leeward.matching.hashing.digests import ALL_DIGESTS, Digester, Digests, digest_stream
from leeward.matching.hashing.errors import PictureBroken, TorrentUnreadable
from leeward.matching.hashing.files import FIELDS, OPTIONAL_FIELDS, FileHashes, hash_stream
from leeward.matching.hashing.folding import Convention
from leeward.matching.hashing.pdq import LEAST_QUALITY, Pdq, pdq
from leeward.matching.hashing.pictures import Frame, Limits, PictureHash, hash_picture
from leeward.matching.hashing.torrents import Torrent, TorrentFile, read_magnet, read_torrent
from leeward.matching.hashing.video import VideoHash, VideoMatch, hash_video, match_videos

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
    "hash_picture",
    "hash_stream",
    "hash_video",
    "match_videos",
    "pdq",
    "read_magnet",
    "read_torrent",
]
