"""Export lists: any format as a stream, changes since a version, and signed states for subscribers."""

import base64
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.audit.keys import is_signed, public_key, sign
from leeward.audit.services import record as audit
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.hashbank.errors import SignatureRefused
from leeward.hashbank.formats import FORMATS, Outgoing, OutgoingVote, Skipped, format_named
from leeward.hashbank.lists.services.following import keep_readers
from leeward.hashbank.models import HashList, ListVersion, Membership, Record, RecordHash
from leeward.hashbank.numbers import among
from leeward.hashbank.queries import banks as bank_rows
from leeward.hashbank.queries import classification_of
from leeward.hashbank.records.live import folder
from leeward.hashbank.records.votes import SourcedVote, rulings_of, sourced_votes_of
from leeward.hashbank.rules.categories import KEPT_HERE
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS, Hash, is_dull
from leeward.hashbank.rules.standing import CONFIRM, CONFIRMED, CONTRADICTS, DISPUTE, HARMLESS, HARMLESS_STATE, standing
from leeward.hashbank.scene import bank_transaction, hotline_here
from leeward.matching.lists import Signer
from leeward.people.queries import tokens_of
from leeward.people.services import authorize

PAGE = 2_000
_FILE_LINE = b"leeward-file 1\n"


@dataclass(frozen=True, slots=True)
class Selection:
    """What to export: which banks and kinds (empty: all), whether two sources must confirm, and changes after which
    revision.

    `harmless`: only known look-alikes; otherwise they are left out. Records about which sources disagree are never
    exported.
    """

    banks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    baseline_only: bool = False
    since: int = 0
    harmless: bool = False

    @property
    def state(self) -> str:
        """The state that records on the list have."""
        return HARMLESS_STATE if self.harmless else CONFIRMED


def outgoing(selection: Selection, *, has_quality: bool = False, skipped: Skipped | None = None) -> Iterator[Outgoing]:
    """Yield the selected records, a page at a time; with `since`, also those that are no longer on the list.

    Unless the format `has_quality`, hashes of pictures with little detail are left out, since recipients would take
    them for good ones. A record that has no other hash is counted in `skipped`.
    """
    rows = Record.objects.filter(hotline_id=hotline_here())
    order, last = ("revision", "id") if selection.since else ("id",), 0
    rows = rows.filter(revision__gt=selection.since) if selection.since else rows.filter(state=selection.state)
    for page in _pages(rows.order_by(*order), is_by_id=not selection.since, last=last):
        for row in _going_out(page, selection):
            if has_quality or not any(map(is_dull, row.hashes)):
                yield row
                continue
            detailed = tuple(one for one in row.hashes if not is_dull(one))
            if detailed or row.gone:
                yield replace(row, hashes=detailed)
            elif skipped is not None:
                skipped.add("there is little in the picture, and this form can't say so")


def _pages(rows: "QuerySet[Record]", *, is_by_id: bool, last: int) -> Iterator[list[Record]]:
    if is_by_id:
        while page := list(rows.filter(id__gt=last)[:PAGE]):
            yield page
            last = page[-1].pk
        return
    numbers = list(rows.values_list("id", flat=True))
    for start in range(0, len(numbers), PAGE):
        some = numbers[start : start + PAGE]
        by_id = {row.pk: row for row in rows.filter(id__in=some)}
        yield [by_id[number] for number in some if number in by_id]


def _going_out(page: list[Record], selection: Selection) -> Iterator[Outgoing]:
    ids = [row.pk for row in page]
    hashes, votes, banks = _hashes_of(ids, selection), sourced_votes_of(ids), _banks_of(ids, selection)
    rulings = rulings_of({number: [one.vote for one in given] for number, given in votes.items()})
    for row in page:
        given = standing([one.vote for one in votes[row.pk]], rulings.get(row.pk))
        shared = [one for one in votes[row.pk] if one.share not in KEPT_HERE]
        facts = standing([one.vote for one in shared], rulings.get(row.pk)).facts  # without votes that stay here
        is_on = (
            given.state == selection.state
            and bool(banks[row.pk])
            and bool(hashes.get(row.pk))
            and (given.is_baseline or not selection.baseline_only)
            and any(one.vote.verdict == (HARMLESS if selection.harmless else CONFIRM) for one in shared)
        )
        may_have_been_on = bool(selection.since) and bool(banks[row.pk])
        if not (is_on or may_have_been_on):
            continue
        yield Outgoing(
            record_id=row.pk,
            bank=banks[row.pk][0] if banks[row.pk] else "",
            is_harmless=selection.harmless,
            media=row.media,
            facts=facts,
            classification=classification_of(facts),
            series=row.series,
            victim_status=row.victim_status,
            offender_status=row.offender_status,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            is_baseline=given.is_baseline,
            hashes=tuple(hashes.get(row.pk, ())),
            votes=tuple(_vote(one) for one in shared),
            gone=not is_on,
        )


def _vote(one: SourcedVote) -> OutgoingVote:
    verdict = DISPUTE if one.vote.verdict == CONTRADICTS else one.vote.verdict
    return OutgoingVote(one.by, verdict, one.label, one.vote.source, one.vote.is_ours)


def _hashes_of(ids: Sequence[int], selection: Selection) -> dict[int, list[Hash]]:
    """Return the hashes to export by record: only those that some contributor allows to be passed on.

    A record with none of these maps to an empty list; a record without any selected hash is missing.
    """
    wanted = [KINDS[name].number for name in selection.kinds] if selection.kinds else list(KIND_NAMES)
    rows = RecordHash.objects.filter(hotline_id=hotline_here(), record_id__in=ids, kind__in=wanted, aside=False)
    hashes: dict[int, list[Hash]] = defaultdict(list)
    columns = rows.order_by("id").values_list("record_id", "kind", "value", "quality", "second", "kept_here")
    for number, kind, value, quality, second, is_kept in columns:
        hashes[number] += [] if is_kept else [Hash(KIND_NAMES[kind], bytes(value), quality, second)]
    return dict(hashes)


def _banks_of(ids: Sequence[int], selection: Selection) -> dict[int, list[str]]:
    """Return the selected banks that each record is in, ordered by number."""
    rows = Membership.objects.filter(record_id__in=among(ids)).order_by("bank__number")
    found: dict[int, list[str]] = defaultdict(list)
    for number, name in rows.values_list("record_id", "bank__name"):
        if not selection.banks or name in selection.banks:
            found[number].append(name)
    return found


def export_list(out: IO[bytes], *, format_name: str, selection: Selection, actor: Actor) -> tuple[int, Skipped]:
    """Write a selection in a form; return how many records went through it and which it had no room for."""
    authorize(actor, "hash.exchange", hotline_here())
    form = format_named(format_name)
    count, skipped, dull = 0, Skipped(), Skipped()

    def counted() -> Iterator[Outgoing]:
        nonlocal count
        for row in outgoing(selection, has_quality=form.has_quality, skipped=dull):
            count += 1
            yield row

    form.write(counted(), out, skipped)
    written = count - skipped.count
    for _one in range(dull.count):
        skipped.add(dull.why)
    with bank_transaction():
        facts = {"format": form.name, "records": count, "since": selection.since}
        audit("bank.exported", actor=actor, hotline_id=hotline_here(), subject="bank:all", facts=facts)
    return written, skipped


def open_list(
    name: str,
    *,
    actor: Actor,
    title: str | None = None,
    banks: Collection[str] | None = None,
    kinds: Collection[str] | None = None,
    baseline_only: bool | None = None,
    harmless: bool | None = None,
    formats: Collection[str] | None = None,
    readers: Collection[int] | None = None,
) -> HashList:
    """Create a list for subscribers, or change its content, formats or permitted keys; None leaves a setting as it is."""
    authorize(actor, "hash.exchange", hotline_here())
    if not name.isascii() or not name.replace("-", "").isalnum() or len(name) > 60:
        raise BadInput(
            what=_("The name of the list"),
            why=_("it must have 1 to 60 letters, digits and hyphens, and not hyphens alone"),
        )
    _refuse_unknown(banks or (), kinds or (), formats or ())
    overrides: dict[str, Any] = {
        "title": None if title is None else title[:200],
        "banks": None if banks is None else list(dict.fromkeys(banks)),
        "kinds": None if kinds is None else list(dict.fromkeys(kinds)),
        "baseline_only": baseline_only,
        "harmless": harmless,
        "formats": None if formats is None else list(dict.fromkeys(formats)),
        "readers": None if readers is None else sorted(set(readers)),
    }
    values = {one: value for one, value in overrides.items() if value is not None}
    now = datetime.now(UTC)
    with bank_transaction():
        before = HashList.objects.filter(hotline_id=hotline_here(), name=name).first()
        _refuse_bad_keys(set(readers or ()).difference(before.readers if before else ()), now)
        held = ("banks", "kinds", "baseline_only", "harmless")
        if before and any(getattr(before, one) != values.get(one, getattr(before, one)) for one in held):
            values["selected_at"] = now
        row, is_new = HashList.objects.update_or_create(hotline_id=hotline_here(), name=name, defaults=values)
        keep_readers(row, now=now)
        event = "hash_list.opened" if is_new else "hash_list.changed"
        facts = {"formats": row.formats, "readers": row.readers}
        audit(event, actor=actor, hotline_id=hotline_here(), subject=f"hash_list:{row.pk}", facts=facts)
    return row


def _refuse_unknown(banks: Collection[str], kinds: Collection[str], formats: Collection[str]) -> None:
    for what, given, there in (
        ("The bank", banks, {row.name for row in bank_rows()}),
        ("The kind", kinds, KINDS.keys()),
        ("The form", formats, {*FORMATS, "snapshot"}),
    ):
        for one in given:
            if one not in there:
                raise BadInput(
                    what=f"{what} {one[:30]!r}",
                    why=_("it is not one of %(known)s") % {"known": ", ".join(sorted(there))},
                )


def _refuse_bad_keys(fresh: Collection[int], now: datetime) -> None:
    good = {row.id for row in tokens_of(hotline_here()) if "subscriber" in row.scopes and row.is_good(now.date())}
    for one in sorted(set(fresh) - good):
        raise BadInput(
            what=_("The key %(name)s") % {"name": one},
            why=_("it is not an active key of this hotline with the scope subscriber"),
        )


def list_named(name: str) -> HashList:
    """Return the list of this name; raises NotFound."""
    row = HashList.objects.filter(hotline_id=hotline_here(), name=name).first()
    if row is None:
        raise NotFound(what=_("list"))
    return row


def selection_of(row: HashList, since_version: int = 0) -> Selection:
    """Return what a list holds, or what changed since one of its versions; raises NotFound."""
    since = 0
    if since_version:
        version = ListVersion.objects.filter(list=row, version=since_version).first()
        if version is None:
            raise NotFound(what=_("version"))
        if row.selected_at and version.made_at < row.selected_at:
            raise BadInput(
                what=_("Version %(version)s") % {"version": since_version},
                why=_("the list was told to hold something else after it"),
            )
        since = version.revision
    return Selection(tuple(row.banks), tuple(row.kinds), row.baseline_only, since, row.harmless)


def list_folder(name: str) -> Path:
    """Return the folder of a list's newest signed state."""
    return folder(hotline_here()) / "lists" / name


def signer() -> Signer:
    """Return this installation's signer for lists."""
    return Signer(public_key(), sign)


def sign_file(path: Path) -> Path:
    """Sign a file and write the signature beside it as `<name>.sig`."""
    target = path.with_name(f"{path.name}.sig")
    target.write_bytes(_FILE_LINE + f"ed25519 {public_key()} {sign(_text_of(path))}\n".encode())
    return target


def verify_file(path: Path, *, key: str = "") -> str:
    """Check a file against the `<name>.sig` beside it and return the signing key; `key`: the only key to trust.

    Raises SignatureRefused.
    """
    signature = path.with_name(f"{path.name}.sig")
    try:
        data = signature.read_bytes()[:1000]
    except OSError as error:
        raise SignatureRefused(path=path.name, why=_("there is no signature beside it")) from error
    words = data.removeprefix(_FILE_LINE).decode("ascii", "replace").split()
    if not data.startswith(_FILE_LINE) or len(words) != 3 or words[0] != "ed25519":
        raise SignatureRefused(path=path.name, why=_("the signature is not valid"))
    if key and words[1] != key.strip():
        raise SignatureRefused(path=path.name, why=_("it was signed with a different key than the trusted one"))
    if not is_signed(_text_of(path), words[2], words[1]):
        raise SignatureRefused(path=path.name, why=_("the file was altered or cut off after it was signed"))
    return words[1]


def _text_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return _FILE_LINE + base64.b64encode(file_digest(stream, "sha256").digest())


def list_for_key(name: str, key_id: int) -> HashList:
    """Return the list of this name if the key may fetch it; raises NotFound, also for lists of others."""
    row = list_named(name)
    if key_id not in row.readers:
        raise NotFound(what=_("list"))
    return row


def lists_for_key(key_id: int) -> list[dict[str, Any]]:
    """Return the lists that a key may fetch, each with its published version."""
    rows = []
    for row in HashList.objects.filter(hotline_id=hotline_here()).order_by("name"):
        if key_id in row.readers:
            newest = ListVersion.objects.filter(list=row).order_by("-version").first()
            rows.append(
                {
                    "list": row.name,
                    "title": row.title,
                    "version": newest.version if newest else 0,
                    "entries": newest.entries if newest else 0,
                    "published_at": newest.made_at if newest else None,
                    "formats": row.formats,
                }
            )
    return rows


def list_rows() -> Iterable[dict[str, Any]]:
    """Every list with its newest version."""
    for row in HashList.objects.filter(hotline_id=hotline_here()).order_by("name"):
        newest = ListVersion.objects.filter(list=row).order_by("-version").first()
        yield {
            "name": row.name,
            "title": row.title,
            "banks": row.banks,
            "kinds": row.kinds,
            "baseline_only": row.baseline_only,
            "version": newest.version if newest else 0,
            "entries": newest.entries if newest else 0,
            "made_at": newest.made_at.isoformat() if newest else "",
        }
