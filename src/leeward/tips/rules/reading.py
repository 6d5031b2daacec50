"""From a file to tips: what it is, is seen from what is in it, never from its name. Pure.

A ZIP is read in memory and nothing is ever written out of it; what is neither JSON nor XML in it (media, paper) isn't opened.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from leeward.tips.rules import cybertip, others
from leeward.tips.rules.documents import MOST_BYTES, read_tree
from leeward.tips.rules.tip import Found, Tip, Unread, bounded, joined, without_cards
from leeward.tips.rules.trees import Refused

MOST_MEMBERS, MOST_OF_ZIP = 5000, 200_000_000
READ = (".json", ".xml")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others ask for as much memory as they like
PAPER, PACKED = ".pdf", ".zip"
_ZIP, _PDF = b"PK", b"%PDF"
_ENCRYPTED = 0x1


def read_file(name: str, content: bytes) -> list[Found | Unread]:
    """Return the tips of a file, and what in it could not be taken. Never raises for what the bytes are."""
    parts = list(_documents(name, content))
    found = [one for one in parts if isinstance(one, Found)]
    unread = [one for one in parts if isinstance(one, Unread)]
    whole = _whole(found)
    numbers = {one.tip.number for one in whole}
    alone = [Unread(one.name, "file_alone") for one in found if _is_part(one.tip) and one.tip.number not in numbers]
    wants = [Unread(one.name, "no_number") for one in whole if not one.tip.number]
    paper = [one for one in unread if one.code == "only_paper"]
    if any(one.tip.number for one in whole):  # the paper beside a tip says the same
        unread = [one for one in unread if one not in paper]
    return [*(one for one in whole if one.tip.number), *unread, *wants, *alone]


def _is_part(tip: Tip) -> bool:
    return tip.system == "cybertip" and not tip.sender


def _whole(found: list[Found]) -> list[Found]:
    """Return the tips with the files that documents beside them describe."""
    parts: dict[str, list[Tip]] = {}
    for one in found:
        if _is_part(one.tip):
            parts.setdefault(one.tip.number, []).append(one.tip)
    whole = []
    for one in found:
        if _is_part(one.tip):
            continue
        whole.append(Found(one.name, without_cards(bounded(joined(one.tip, *parts.get(one.tip.number, ()))))))
    return whole


def _documents(name: str, content: bytes, *, is_inner: bool = False) -> Iterator[Found | Unread]:
    if content[:2] == _ZIP:
        if is_inner:
            yield Unread(name, "zip_in_zip")
        else:
            yield from _members(name, content)
        return
    if content[:4] == _PDF:
        yield Unread(name, "only_paper")
        return
    try:
        tree = read_tree(content)
        for one in tree if isinstance(tree, list) else [tree]:
            yield Found(name, _tip(one, name))
    except Refused as error:
        yield Unread(name, str(error))


def _tip(tree: Any, name: str) -> Tip:
    if not isinstance(tree, Mapping):
        raise Refused("not_a_tip")
    if cybertip.is_police_json(tree):
        return cybertip.from_police_json(tree)
    if cybertip.is_provider_xml(tree):
        return cybertip.from_provider_xml(tree, name)
    if cybertip.is_file_xml(tree):
        return cybertip.from_file_xml(tree)
    if others.is_xarf(tree):
        return others.from_xarf(tree)
    if others.is_iccam(tree):
        return others.from_iccam(tree)
    raise Refused("not_a_tip")


def _members(name: str, content: bytes) -> Iterator[Found | Unread]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise Refused("zip_too_many")
            if any(_leads_out(member.filename) for member in members):
                raise Refused("zip_path")
            yield from _read_members(name, archive, members)
    except Refused as error:
        yield Unread(name, str(error))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError):
        yield Unread(name, "zip_torn")


def _read_members(name: str, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[Found | Unread]:
    budget = MOST_OF_ZIP
    for member in members:
        inside = f"{name}/{member.filename}"
        lowered = member.filename.lower()
        if lowered.endswith(PAPER):
            yield Unread(inside, "only_paper")
        if not lowered.endswith((*READ, PACKED)):
            continue
        if member.flag_bits & _ENCRYPTED:
            yield Unread(inside, "zip_encrypted")
            continue
        if member.compress_type not in METHODS:
            yield Unread(inside, "zip_torn")
            continue
        if member.file_size > MOST_BYTES:
            yield Unread(inside, "too_large")
            continue
        with archive.open(member) as file:
            content = file.read(MOST_BYTES + 1)  # never more, whatever the directory promises
        budget -= len(content)
        if budget < 0:
            raise Refused("zip_bomb")
        yield from _documents(inside, content, is_inner=True)


def _leads_out(path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    return path.startswith(("/", "\\")) or ".." in parts or path[1:2] == ":"
