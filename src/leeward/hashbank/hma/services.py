"""What programs with the scope `curate` can write: banks of their own, contents in them, requests for exchanges.

A content is a vote of its owner and nothing more: what a record means follows from all votes (`rules/standing.py`).
Everything is within the scope of the current hotline.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from leeward.audit.services import record as audit
from leeward.foundation.actor import SYSTEM
from leeward.foundation.errors import LeewardError, NotAllowed
from leeward.foundation.watch import progress
from leeward.hashbank.hma.asking import Asker
from leeward.hashbank.hma.errors import HmaRefusal, MissingRole
from leeward.hashbank.hma.queries import (
    CONTENT_FROM,
    BankView,
    ContentView,
    ExchangeView,
    bank_named,
    banks_of_owner,
    content,
    exchange_named,
    exchanges,
)
from leeward.hashbank.models import (
    Bank,
    ClientBank,
    ClientContent,
    ClientExchange,
    Import,
    Membership,
    RecordHash,
    Source,
    Vote,
)
from leeward.hashbank.numbers import among
from leeward.hashbank.records.services.banks import GENERAL, bank_row, keep_bank
from leeward.hashbank.records.services.recording import enter_record
from leeward.hashbank.records.services.same_file import same_file
from leeward.hashbank.records.services.settling import follow_votes
from leeward.hashbank.records.services.uniting import prints_of
from leeward.hashbank.records.services.voting import is_ours, name_key, our_source, source_named
from leeward.hashbank.rules.kinds import KINDS, LIKENESS, Hash, is_findable, key_of
from leeward.hashbank.rules.standing import CONFIRM
from leeward.hashbank.scene import bank_transaction, hashes_changed, hotline_here

MOST_BANKS = 1_000
UNVOUCHED = "Keys whose holder is not confirmed"
"""The source through which every key speaks of which no two people say who holds it. One operator may hold several such
keys, so together they make no baseline.
"""
_AT_ONCE = 800
_LIKENESS = tuple(KINDS[name].number for name in LIKENESS)


def _owner(asker: Asker) -> int:
    """Return the source that a program speaks as.

    Raises NotAllowed without the scope, and MissingRole for a key with the hotline's own name: a program must never
    pass for the hotline's people.
    """
    actor = asker.actor
    if actor is None or actor.kind != "token" or "curate" not in actor.roles or actor.hotline_id != hotline_here():
        raise NotAllowed(reason="it takes a key with the scope curate")
    our_source()  # must exist before anybody else could take its name
    if is_ours(asker.source):
        raise MissingRole("the key has the name of the hotline itself: it needs a name of its own")
    return source_named(asker.source)


def owner_here(asker: Asker) -> int:
    """Return the source of a program that may only read; 0 where it has never written anything."""
    row = Source.objects.filter(hotline_id=hotline_here(), name_key=name_key(asker.source)).first()
    return row.pk if row and asker.source else 0


def _own_bank(name: str, owner: int) -> BankView:
    """Return a bank of the asker's own; raises NoSuchBank, MissingRole."""
    found = bank_named(name)
    if found.owner != owner:
        raise MissingRole("this bank was made by somebody else")
    return found


def create_bank(name: str, ratio: float, *, asker: Asker) -> BankView:
    """Create a bank; raises HmaRefusal, also where one of this name exists."""
    with bank_transaction():
        owner = _owner(asker)
        _make_bank(name, ratio, owner, asker)
    return bank_named(name)


def _make_bank(name: str, ratio: float, owner: int, asker: Asker) -> Bank:
    _refuse_taken(name)
    if banks_of_owner(owner) >= MOST_BANKS:
        raise HmaRefusal(f"one program keeps at most {MOST_BANKS} banks")
    last = Bank.objects.filter(hotline_id=hotline_here()).order_by("-number").first()
    made = Bank.objects.create(hotline_id=hotline_here(), number=last.number + 1 if last else 0, name=name)
    now = datetime.now(UTC)
    ClientBank.objects.create(hotline_id=hotline_here(), bank=made, owner_id=owner, ratio=ratio, made_at=now)
    _audit_by("bank.made", f"bank:{made.pk}", asker, radius=made.radius)
    return made


def _refuse_taken(name: str) -> None:
    if Bank.objects.filter(hotline_id=hotline_here(), name=name).exists():
        raise HmaRefusal(f"bank {name} already exists", 403)


def change_bank(name: str, *, new_name: str | None, ratio: float | None, asker: Asker) -> BankView:
    """Rename a bank of the asker's own or change its ratio. Raises NoSuchBank, MissingRole, HmaRefusal."""
    with bank_transaction():
        bank = _own_bank(name, _owner(asker))
        if new_name is not None and new_name != name:
            _refuse_taken(new_name)
            Bank.objects.filter(pk=bank.id).update(name=new_name)
        if ratio is not None:
            ClientBank.objects.filter(bank_id=bank.id).update(ratio=ratio)
        _audit_by("bank.changed", f"bank:{bank.id}", asker)
    return bank_named(new_name or name)


def delete_bank(name: str, *, asker: Asker) -> None:
    """Delete a bank of the asker's own with its contents and the votes they made; do nothing where there is none.

    Raises MissingRole, deleting nothing, for a bank of somebody else's and where people or lists brought something into
    it.

    Contents are deleted in several transactions, so that reports can come in meanwhile. A deletion that is interrupted
    leaves the bank with the remaining contents and can be repeated.
    """
    gone = 0
    while True:
        with bank_transaction() as revision:
            owner = _owner(asker)
            if not Bank.objects.filter(hotline_id=hotline_here(), name=name).exists():
                return
            bank = _own_bank(name, owner)
            if not gone:
                _refuse_used(bank.id)
            mine = ClientContent.objects.filter(hotline_id=hotline_here(), bank_id=bank.id).order_by("pk")
            numbers = list(mine.values_list("pk", flat=True)[:_AT_ONCE])
            if not numbers:
                _refuse_used(bank.id)
                Bank.objects.filter(pk=bank.id).delete()
                _audit_by("bank.deleted", f"bank:{bank.id}", asker, contents=gone)
                return
            _take_away(numbers, revision)
            gone += len(numbers)
        progress()


def _refuse_used(bank_id: int) -> None:
    """Raise MissingRole where something would be left in a bank without what its owner put into it."""
    put = ClientContent.objects.filter(hotline_id=hotline_here(), bank_id=bank_id, joined=True)
    there = Membership.objects.filter(hotline_id=hotline_here(), bank_id=bank_id)
    is_used = Import.objects.filter(hotline_id=hotline_here(), bank_id=bank_id).exists()
    if is_used or there.exclude(record_id__in=put.values("record_id")).exists():
        raise MissingRole("people or lists of the hotline use this bank")


def add_content(
    name: str,
    signals: Mapping[str, Hash],
    *,
    others: Iterable[Hash] = (),
    is_hashed_here: bool = False,
    media: str = "image",
    metadata: Mapping[str, Any] | None = None,
    note: str = "",
    asker: Asker,
) -> ContentView:
    """Add the file with these hashes to a bank of the asker's own; this counts as the asker's vote that it is illegal.

    `others`: more hashes of the same file. `is_hashed_here`: the file itself was sent; otherwise they are one
    digest at most and add nothing to a record of others. Raises NoSuchBank, MissingRole, HmaRefusal.
    """
    given = [*signals.values(), *others]
    with bank_transaction():
        owner = _owner(asker)
        bank = _own_bank(name, owner)
        if not is_hashed_here:
            _refuse_to_widen(given, owner)
        try:
            joined, voted = _is_new(given, bank, owner, is_hashed_here=is_hashed_here)
            record_id = enter_record(
                given,
                bank=name,
                media=media,
                source=_name_of(owner),
                via=_name_of(owner) if asker.is_vouched else UNVOUCHED,
                verdict=CONFIRM,
                is_hashed_here=is_hashed_here,
                actor=_actor(asker),
            )
        except LeewardError as error:
            raise HmaRefusal(error.text) from error
        row = ClientContent.objects.create(
            hotline_id=hotline_here(),
            bank_id=bank.id,
            record_id=record_id,
            owner_id=owner,
            signals={kind: one.text for kind, one in signals.items()},
            metadata=metadata,
            note=note,
            joined=joined,
            voted=voted,
            made_at=datetime.now(UTC),
        )
        _audit_by("content.added", f"record:{record_id}", asker, content=row.pk, bank=bank.id)
    return content(bank, CONTENT_FROM + row.pk)


def _refuse_to_widen(given: Iterable[Hash], owner: int) -> None:
    """Raise HmaRefusal where these hashes would give a record of others one more, or are several digests of a file that
    the bank doesn't know by all of them.

    That they are of one file is only what the program says: a harmless file would be known by what others say of
    another, or an entry of theirs about the file be refused because its digests differ.
    """
    hashes = list(given)
    exact = [one for one in hashes if KINDS[one.kind].is_exact]
    rows = RecordHash.objects.filter(hotline_id=hotline_here())
    equal = [rows.filter(key=key_of(one.value), kind=KINDS[one.kind].number, value=one.value) for one in exact]
    there = {number for found in equal for number in found.values_list("record_id", flat=True)}
    prints = {(KINDS[one.kind].number, one.value) for one in hashes}
    if there and all(prints <= set(held) for held in prints_of(there).values()):
        return
    others = Vote.objects.filter(record_id__in=among(there)).exclude(source_id=owner, brought_by=0)
    if len(exact) > 1 or others.exists():
        raise HmaRefusal("the bank doesn't know one file by all these hashes: send the file, or one digest alone")


def _is_new(given: Iterable[Hash], bank: BankView, owner: int, *, is_hashed_here: bool) -> tuple[bool, bool]:
    """Return whether this adds the record to the bank, and whether it is the owner's first vote to confirm it."""
    there = same_file((one for one in given if is_findable(one)), is_hashed_here=is_hashed_here)
    if there is None:
        return True, True
    is_in = Membership.objects.filter(bank_id=bank.id, record_id=there.pk).exists()
    votes = Vote.objects.filter(record_id=there.pk, source_id=owner, brought_by=0, verdict=CONFIRM)
    return not is_in, not votes.filter(withdrawn_at__isnull=True).exists()


def change_content(name: str, number: int, *, disable_until: int | None, note: str | None, asker: Asker) -> ContentView:
    """Switch a content of the asker's own on or off, or change its note. Raises NoSuchBank, MissingRole, HmaRefusal."""
    with bank_transaction():
        owner = _owner(asker)
        bank = bank_named(name)
        found = content(bank, number)
        if found.owner != owner:
            raise MissingRole("this content was added by somebody else")
        values: dict[str, Any] = {"disable_until": disable_until} if disable_until is not None else {}
        values |= {"note": note} if note is not None else {}
        if values:
            ClientContent.objects.filter(hotline_id=hotline_here(), pk=number - CONTENT_FROM).update(**values)
        _audit_by("content.changed", f"bank:{bank.id}", asker, content=number - CONTENT_FROM)
    return content(bank, number)


def delete_content(name: str, number: int, *, asker: Asker) -> int:
    """Delete a content of the asker's own and its vote; return 1, or 0 where there is none. Raises NoSuchBank, MissingRole."""
    with bank_transaction() as revision:
        owner = _owner(asker)
        bank = bank_named(name)
        try:
            found = content(bank, number)
        except HmaRefusal:
            return 0
        if found.owner != owner:
            raise MissingRole("this content was added by somebody else")
        _take_away([number - CONTENT_FROM], revision)
        _audit_by("content.deleted", f"bank:{bank.id}", asker, content=number - CONTENT_FROM)
    return 1


def _take_away(numbers: Iterable[int], revision: int) -> None:
    """Delete contents. A record leaves the bank, and the owner's vote is withdrawn, unless another content still needs
    them.
    """
    going = list(ClientContent.objects.filter(hotline_id=hotline_here(), pk__in=among(numbers)))
    records = {row.record_id for row in going}
    gone = {row.pk for row in going}
    kept = ClientContent.objects.filter(hotline_id=hotline_here(), record_id__in=among(records)).order_by("pk")
    in_bank: dict[tuple[int, int], list[ClientContent]] = defaultdict(list)
    by_owner: dict[tuple[int, int], list[ClientContent]] = defaultdict(list)
    for row in kept:
        if row.pk not in gone:
            in_bank[row.record_id, row.bank_id].append(row)
            by_owner[row.record_id, row.owner_id].append(row)
    left: dict[int, set[int]] = defaultdict(set)
    unsaid: dict[int, set[int]] = defaultdict(set)
    heirs: dict[int, ClientContent] = {}
    for row in going:
        if row.joined and (rest := in_bank[row.record_id, row.bank_id]):
            rest[0].joined, heirs[rest[0].pk] = True, rest[0]
        elif row.joined:
            left[row.bank_id].add(row.record_id)
        if row.voted and (rest := by_owner[row.record_id, row.owner_id]):
            rest[0].voted, heirs[rest[0].pk] = True, rest[0]
        elif row.voted:
            unsaid[row.owner_id].add(row.record_id)
    ClientContent.objects.bulk_update(heirs.values(), ["joined", "voted"], batch_size=200)
    ClientContent.objects.filter(hotline_id=hotline_here(), pk__in=among(gone)).delete()
    for bank_id, ids in left.items():
        lists = Import.objects.filter(hotline_id=hotline_here(), bank_id=bank_id).values("id")
        listed = Vote.objects.filter(record_id__in=among(ids), withdrawn_at__isnull=True, brought_by__in=lists)
        ids -= set(listed.values_list("record_id", flat=True))  # a list also keeps them there
        Membership.objects.filter(hotline_id=hotline_here(), bank_id=bank_id, record_id__in=among(ids)).delete()
    for owner, ids in unsaid.items():
        Vote.objects.filter(hotline_id=hotline_here(), source_id=owner, brought_by=0, record_id__in=among(ids)).update(
            withdrawn_at=datetime.now(UTC)
        )
    _keep_in_a_bank({number for ids in left.values() for number in ids})
    follow_votes(records, revision=revision)
    hashes = RecordHash.objects.filter(hotline_id=hotline_here(), record_id__in=among(records), kind__in=_LIKENESS)
    hashes_changed(hashes.values_list("id", flat=True))


def _keep_in_a_bank(record_ids: Collection[int]) -> None:
    """Put those of these records into the general bank that are in none, but of which others still say something: a
    record in no bank would no longer be found.
    """
    kept = Membership.objects.filter(record_id__in=among(record_ids)).values_list("record_id", flat=True)
    votes = Vote.objects.filter(record_id__in=among(set(record_ids) - set(kept)), withdrawn_at__isnull=True)
    voted = set(votes.values_list("record_id", flat=True))
    if not voted:
        return
    keep_bank(GENERAL, actor=SYSTEM)
    bank = bank_row(GENERAL)
    Membership.objects.bulk_create(
        [Membership(hotline_id=hotline_here(), bank=bank, record_id=number) for number in sorted(voted)]
    )


def ask_for_exchange(name: str, api: str, settings: Mapping[str, Any], *, asker: Asker) -> None:
    """Record that a program asks for an exchange, and create the bank of that name.

    Nothing is fetched until people of the hotline have recorded an agreement. Raises HmaRefusal.
    """
    with bank_transaction():
        owner = _owner(asker)
        bank = _make_bank(name, 1.0, owner, asker)
        enabled = settings.get("enabled", True) is not False
        kept = {key: value for key, value in settings.items() if key not in ("name", "api", "enabled")}
        made = ClientExchange.objects.create(
            hotline_id=hotline_here(),
            bank=bank,
            owner_id=owner,
            api=api,
            settings=kept,
            enabled=enabled,
            made_at=datetime.now(UTC),
        )
        _audit_by("exchange.asked", f"bank:{bank.pk}", asker, exchange=made.pk)


def change_exchange(name: str, *, enabled: bool, asker: Asker) -> ExchangeView:
    """Set whether a program still wants its exchange. Raises HmaRefusal (404), MissingRole."""
    with bank_transaction():
        owner = _owner(asker)
        row = exchange_named(name)
        if row.owner != owner:
            raise MissingRole("this exchange was made by somebody else")
        ClientExchange.objects.filter(hotline_id=hotline_here(), bank_id=row.bank_id).update(enabled=enabled)
        _audit_by("exchange.changed", f"bank:{row.bank_id}", asker, enabled=int(enabled))
    return exchange_named(name)


def delete_exchange(name: str, *, asker: Asker) -> None:
    """Delete an exchange of the asker's own and its bank; do nothing where there is none. Raises MissingRole."""
    _owner(asker)
    if name in exchanges():
        if exchange_named(name).owner == 0:
            raise MissingRole("this exchange was made by people of the hotline")
        delete_bank(name, asker=asker)


def _name_of(owner: int) -> str:
    return Source.objects.get(hotline_id=hotline_here(), pk=owner).name


def _actor(asker: Asker) -> Any:
    assert asker.actor is not None  # guaranteed by `_owner`
    return asker.actor


def _audit_by(event: str, subject: str, asker: Asker, **facts: int) -> None:
    audit(event, actor=_actor(asker), hotline_id=hotline_here(), subject=subject, facts=facts)
