"""Checkpoints of a chain: made every few minutes and on demand, signed by the signer, cosigned by witnesses hourly."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDay

from leeward.audit.errors import CheckpointDamaged, NotProven, SignerChanged, SignerRefused, SignerSilent
from leeward.audit.models import AuditCheckpoint, AuditCosignature, AuditRow, AuditTip
from leeward.audit.rules.chain import moment
from leeward.audit.rules.merkle import NodeAt, consistency_proof, inclusion_proof
from leeward.audit.rules.notes import LOG, WITNESS, Checkpoint, Key, Line, Note, line_in, seen_at, signed_checkpoint
from leeward.audit.rules.policy import Policy, best
from leeward.audit.rules.proofs import Proof
from leeward.audit.rules.tiles import HEIGHT, WIDTH, tile_in
from leeward.audit.services import hotline_transaction, record
from leeward.audit.tree import signing
from leeward.audit.tree.nodes import make_tiles, nodes_of, nonce_of, root_at, tile_hashes
from leeward.audit.tree.signing import key, sign_checkpoint
from leeward.audit.tree.stored import MOST_TRIED, need_whole, newest, newest_whole, note_of
from leeward.foundation.actor import Actor

OF_LOGS = "/audit/"  # between the host and the chain in the name of a log
MOST_LEVEL = 7  # 2**64 rows
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What witnesses vouch for of a chain, as a sentence, and what is missing ("": nothing)."""

    sentence: str
    problem: str


@dataclass(frozen=True, slots=True)
class Published:
    """A chain's checkpoint as it goes to witnesses: its row, and the proof that it continues a state they know."""

    row: AuditCheckpoint
    checkpoint: Checkpoint
    own_line: Line
    proof_from: Callable[[int], list[bytes]]


@dataclass(frozen=True, slots=True)
class RowProof:
    """One row, and the proof that it stands in the log."""

    row: dict[str, object]
    entry: bytes
    proof: Proof
    log_key: str
    witness_keys: tuple[str, ...]


def chains_to_sign() -> list[int]:
    """Return the chains with rows that the signer hasn't signed yet."""
    last = AuditCheckpoint.objects.filter(chain=OuterRef("chain")).order_by("-id").values("size")[:1]
    tips = AuditTip.objects.filter(number__gt=0).annotate(signed=Subquery(last))
    return [tip.chain for tip in tips.order_by("chain") if tip.signed != tip.number]


def chains_to_show(now: datetime) -> list[int]:
    """Return the chains with rows below whose checkpoints no witness put its line in the last hour."""
    seen = AuditCosignature.objects.filter(seen_at__gt=(now - HOUR).timestamp())
    fresh = set(seen.values_list("checkpoint__chain", flat=True))
    tips = AuditTip.objects.filter(number__gt=0).order_by("chain").values_list("chain", flat=True)
    return [each for each in tips if each not in fresh]


def newest_number() -> int:
    """Return the number of the newest checkpoint of all chains; 0 without one."""
    return AuditCheckpoint.objects.aggregate(newest=Max("pk"))["newest"] or 0


def signed_since(chain: int, number: int) -> bool:
    """Return whether a checkpoint of a chain was signed after the one of this number."""
    return AuditCheckpoint.objects.filter(chain=chain, pk__gt=number).exists()


def unsigned_for_long(now: datetime) -> list[str]:
    """Return the names of chains with a row that has waited for two hours to be part of a checkpoint."""
    return [tip.origin or str(tip.chain) for tip, at in _unsigned() if at < moment(now - 2 * HOUR)]


def oldest_unsigned(now: datetime) -> float:
    """Return for how many seconds the oldest row has waited to be part of a checkpoint; 0 if none waits."""
    waits = [0.0]
    for _tip, at in _unsigned():
        with suppress(ValueError):  # damaged: verify names it
            waits.append((now - datetime.fromisoformat(at)).total_seconds())
    return max(waits)


def chains_with_rows() -> list[int]:
    """Return the chains that there is something to sign of; an installation's own may have a tip and no row yet."""
    return sorted(AuditTip.objects.filter(number__gt=0).values_list("chain", flat=True))


def _unsigned() -> Iterator[tuple[AuditTip, str]]:
    """Yield the chains with rows after their newest checkpoint, and when the first of these was written."""
    for tip in AuditTip.objects.filter(number__gt=0):
        last = newest(tip.chain)
        waiting = AuditRow.objects.filter(chain=tip.chain, number=(last.size if last else 0) + 1).first()
        if waiting is not None:
            yield tip, waiting.at


def publish(chain: int, now: datetime) -> Published:
    """Sign and store a checkpoint of all rows of a chain, unless the newest is of the same rows; return it. Raises
    SignerSilent, and SignerRefused if the signer has signed another or a larger tree under this name."""
    tip = _named_tip(chain)
    log_key = key(tip.origin, LOG)
    last = _last_of(tip)
    if last is not None and Key.read(last.vkey).name == tip.origin and last.vkey != log_key.text:
        raise SignerChanged(
            why=f"its key is not the one that signed {last.size} rows of {tip.origin}", size=None, root=None
        )
    with transaction.atomic():
        make_tiles(tip)
    node_at = nodes_of(tip)
    made = Checkpoint(tip.origin, tip.number, root_at(tip))

    def proof_from(old: int) -> list[bytes]:
        return consistency_proof(old, made.size, node_at)

    if last is not None and last.body == made.text:
        return Published(last, made, line_in(last.line), proof_from)
    before = last.size if last is not None and Checkpoint.read(last.body).origin == tip.origin else 0
    try:
        line = signed_checkpoint(made, log_key, lambda _text: _signed(made, proof_from, before))
    except SignerRefused as refused:
        size = refused.values.get("size")
        if isinstance(size, int) and made.size < size <= AuditTip.objects.get(chain=chain).number:
            return publish(chain, now)  # somebody else published newer rows meanwhile
        raise
    values = {"size": made.size, "at": now, "line": line.text.rstrip("\n"), "vkey": log_key.text}
    with transaction.atomic():
        row, _ = AuditCheckpoint.objects.get_or_create(chain=chain, body=made.text, defaults=values)
    need_whole(row)
    return Published(row, made, line_in(row.line), proof_from)


def _last_of(tip: AuditTip) -> AuditCheckpoint | None:
    """Return the newest whole checkpoint of a chain. Raises CheckpointDamaged where there is none but should be one: under this
    name something was signed, and nothing of it is whole."""
    try:
        return newest_whole(tip.chain)
    except CheckpointDamaged:
        under_this_name = AuditCheckpoint.objects.filter(chain=tip.chain, body__startswith=f"{tip.origin}\n")
        if not tip.began_anew or under_this_name.exists():
            raise
        return None


def _signed(made: Checkpoint, proof_from: Callable[[int], list[bytes]], before: int) -> bytes:
    """Have it signed; if the signer is further than the newest checkpoint stored (its answer was lost), go on from there."""
    try:
        return sign_checkpoint(made, proof_from(before) if before <= made.size else [])
    except SignerRefused as refused:
        size = refused.values.get("size")
        if not isinstance(size, int) or size == before or not 0 < size <= made.size:
            raise
        return sign_checkpoint(made, proof_from(size))


def begin_anew(chain: int, *, actor: Actor, refused: SignerRefused | None = None) -> str:
    """Give a chain's tree a new name, because its signer's key or state is lost or it was restored from a backup; return
    the name. The act is a row of the log that names the last good checkpoint, and how far the signer has signed where it `refused`:
    that is kept outside of the database."""
    with hotline_transaction(chain):
        tip = AuditTip.objects.select_for_update().get(chain=chain)
        facts = {"origin": tip.origin} | _last_facts(chain)
        if refused is not None:
            facts |= {f"signer_{name}": str(refused.values.get(name) or "") for name in ("size", "root")}
        AuditTip.objects.filter(chain=chain).update(origin="", began_anew=tip.began_anew + 1)
        record("log.began_anew", actor=actor, hotline_id=chain or None, subject=f"log:{chain}", facts=facts)
    return _named_tip(chain).origin


def keep_cosignature(published: Published, witness: Key, line: Line) -> bool:
    """Store a witness's line, which holds; return whether it is new."""
    try:
        with transaction.atomic():
            AuditCosignature.objects.create(
                checkpoint=published.row, vkey=witness.text, seen_at=seen_at(line), line=line.text.rstrip("\n")
            )
    except IntegrityError:
        return False
    return True


def names_cosigned(vkey: str) -> list[str]:
    """Return the names under which a witness last knew our logs, as far as our database knows."""
    lines = AuditCosignature.objects.filter(vkey=vkey)
    found = []
    for chain in AuditTip.objects.filter(number__gt=0).order_by("chain").values_list("chain", flat=True):
        bodies = lines.filter(checkpoint__chain=chain).order_by("-checkpoint__size", "-id")
        body = bodies.values_list("checkpoint__body", flat=True).first()
        found += [body.partition("\n")[0]] if body else []
    return found


def not_cosigned_since(at: datetime, vkey: str, chains: Iterable[int]) -> list[int]:
    """Return those of these chains that have rows and no line of this witness since then."""
    among = list(chains)
    if not among:
        return []
    lines = AuditCosignature.objects.filter(vkey=vkey, seen_at__gte=at.timestamp())
    rest = set(among) - set(lines.values_list("checkpoint__chain", flat=True))
    return list(AuditTip.objects.filter(number__gt=0, chain__in=rest).values_list("chain", flat=True))


@dataclass(frozen=True, slots=True)
class PublicNote:
    """A chain's checkpoint for the public page, and how many witnesses cosigned it."""

    chain: int
    text: str
    witnesses: int
    key: str = ""


def notes_published() -> list[PublicNote]:
    """Return a checkpoint of the newest day of each chain: the first that a witness has seen, otherwise the first. How much happened
    since is nobody's business."""
    of_chain = AuditCheckpoint.objects.filter(chain=OuterRef("chain"))
    is_seen = Exists(AuditCosignature.objects.filter(checkpoint=OuterRef("pk")))
    day = TruncDay(Subquery(of_chain.order_by("-id").values("at")[:1]), tzinfo=UTC)
    of_day = of_chain.filter(at__gte=OuterRef("day")).annotate(is_seen=is_seen)
    first = Subquery(of_day.order_by("-is_seen", "id").values("id")[:1])
    chosen = AuditTip.objects.annotate(day=day).annotate(first=first).values("first")
    rows = AuditCheckpoint.objects.filter(id__in=chosen).order_by("chain").prefetch_related("cosignatures")
    notes = [(row, note) for row in rows.defer("at") if (note := _whole_note(row)) is not None]
    return [PublicNote(row.chain, note.text, len(note.lines) - 1, row.vkey) for row, note in notes]


def _whole_note(row: AuditCheckpoint) -> Note | None:
    try:
        return note_of(row)
    except CheckpointDamaged:
        return None  # an alarm names it


def tile_published(chain: int, path: str) -> bytes | None:
    """Return the hashes (of 32 bytes) of the tile with this path (`rules/tiles.py`), or None where the published checkpoint
    doesn't cover them. They tell nothing of the rows, for each has its nonce."""
    named = tile_in(path)
    note = next((note for note in notes_published() if note.chain == chain), None)
    tip = AuditTip.objects.filter(chain=chain).first()
    if named is None or note is None or tip is None:
        return None
    level, number, width = named
    if not 0 < width <= WIDTH or level > MOST_LEVEL:
        return None
    covered = Checkpoint.read(Note.read(note.text).body).size >> (HEIGHT * level)
    if number * WIDTH + width > covered:
        return None
    return b"".join(tile_hashes(tip, level, number)[:width])


def prove(chain: int, number: int) -> RowProof:
    """Return the proof of one row against the newest checkpoint that witnesses cosigned, otherwise the newest. Raises
    NotProven."""
    tip = AuditTip.objects.filter(chain=chain).first()
    if tip is None:
        raise NotProven(number=number, why="there is no such row")
    return _row_proof(tip, number, nodes_of(tip))


def prove_rows(chain: int, numbers: Iterable[int]) -> dict[int, RowProof]:
    """Return the proofs of rows by their numbers, without those that are newer than the newest checkpoint."""
    tip = AuditTip.objects.filter(chain=chain).first()
    if tip is None:
        return {}
    node_at = nodes_of(tip)
    proofs = {}
    for number in numbers:
        with suppress(NotProven):
            proofs[number] = _row_proof(tip, number, node_at)
    return proofs


def openssl_script() -> bytes:
    """Return the script that checks the proof of a row with OpenSSL alone."""
    return (Path(__file__).parents[1] / "data" / "check-with-openssl.sh").read_bytes()


def _row_proof(tip: AuditTip, number: int, node_at: NodeAt) -> RowProof:
    chain = tip.chain
    row = AuditRow.objects.filter(chain=chain, number=number).first()
    if row is None:
        raise NotProven(number=number, why="there is no such row")
    kept = AuditCheckpoint.objects.filter(chain=chain, size__gte=number).order_by("-id")
    found, note = _vouching(kept)
    if found is None or note is None:
        raise NotProven(number=number, why="it is newer than the newest checkpoint")
    nonce = nonce_of(number, row.nonce, tip.salt)
    hashes = inclusion_proof(number - 1, found.size, node_at)
    values = {name: getattr(row, name) for name in _SHOWN} | {"nonce": nonce, "version": 1 if row.nonce is None else 2}
    witnesses = found.cosignatures.order_by("vkey").values_list("vkey", flat=True).distinct()
    return RowProof(
        values,
        bytes.fromhex(row.hash) + bytes.fromhex(nonce),
        Proof(number - 1, tuple(hashes), note),
        found.vkey,
        tuple(witnesses),
    )


def _vouching(kept: QuerySet[AuditCheckpoint]) -> tuple[AuditCheckpoint | None, Note | None]:
    """Return the first whole one of these checkpoints, and its note: those that witnesses cosigned before the others."""
    for query in (kept.filter(cosignatures__isnull=False).distinct(), kept):
        for place in range(MOST_TRIED):
            if (row := query[place : place + 1].first()) is None:
                break
            if (note := _whole_note(row)) is not None:
                return row, note
    return None, None


def own_keys() -> list[str]:
    """Return the lines of a policy by which others know this installation: the key of each chain's log, and its own as a
    witness. Raises SignerSilent."""
    origins = [
        _named_tip(chain).origin for chain in AuditTip.objects.filter(number__gt=0).values_list("chain", flat=True)
    ]
    return [*(f"log {key(origin, LOG).text}" for origin in origins), f"witness {own_witness_key().text}"]


def own_log_key() -> bytes | None:
    """Return the public key with which the signer signs every chain; None if it never signed one. Raises SignerSilent, also on a
    copy of the database that has no signer, or where its folder lost everything (none is made then), and SignerRefused."""
    if not AuditCheckpoint.objects.exists():
        return None
    if signing.is_missing():
        raise SignerSilent(why="there is none here")
    if not signing.is_begun():
        raise SignerSilent(why="its key is gone, and what it has signed")
    return key("signer", LOG).raw


def own_witness_key() -> Key:
    """Return the key with which this installation cosigns the logs of others."""
    return key(f"{log_name()}/witness", WITNESS)


def witnessed(chain: int, policy: Policy, now: datetime) -> Witnessed:
    """Return what the newest checkpoints of a chain show to somebody with this policy."""
    tip = AuditTip.objects.filter(chain=chain).first()
    kept = AuditCheckpoint.objects.filter(chain=chain).order_by("-id").prefetch_related("cosignatures")
    rows = [*kept.filter(cosignatures__isnull=False).distinct()[:MOST_TRIED], *kept[:MOST_TRIED]]
    found = best(policy, (note for row in rows if (note := _whole_note(row)) is not None), int(now.timestamp()))
    if found is None or found.checkpoint is None:
        why = found.problem if found else "no checkpoint of it was ever signed"
        return Witnessed(f"Nothing is vouched for: {why}.", why)
    size, after = found.checkpoint.size, (tip.number if tip else 0) - found.checkpoint.size
    seen = ", ".join(f"{name} at {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC" for name, at in found.seen)
    by = f"seen by {seen}" if seen else "seen by no witness"
    rest = f"for the {after} rows after it nobody vouches yet" if after else "it is the newest row"
    return Witnessed(f"Whole up to row {size}, {by}; {rest}.", found.problem)


_SHOWN = ("chain", "number", "at", "event", "actor", "subject", "facts", "facts_sha256", "previous", "hash")


def _last_facts(chain: int) -> dict[str, int | str]:
    try:
        last = newest_whole(chain)
    except CheckpointDamaged as damage:
        return {"size": int(size) if (size := str(damage.values["size"])).isdigit() else 0, "root": "damaged"}
    return {"size": last.size, "root": last.body.split("\n")[2]} if last else {"size": 0, "root": ""}


def _named_tip(chain: int) -> AuditTip:
    """Return the tip of a chain, which gets its name at its first checkpoint and keeps it."""
    tip = AuditTip.objects.filter(chain=chain, number__gt=0).first()
    if tip is None:
        raise NotProven(number=1, why="there is no such log")
    if not tip.origin:
        anew = f"/{tip.began_anew + 1}" if tip.began_anew else ""
        AuditTip.objects.filter(chain=chain, origin="").update(origin=f"{log_name()}{OF_LOGS}{chain}{anew}")
        tip.refresh_from_db()
    return tip


def log_name() -> str:
    """Return the name of this installation, with which those of its logs begin."""
    return settings.LEEWARD.log_name or urlsplit(settings.LEEWARD.base_url).hostname or "localhost"
