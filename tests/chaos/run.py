"""The whole of it: a house, a crowd, a schedule of faults, then quiet, then what must hold."""

import random
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from leeward.demo.staff import DOMAIN
from leeward.demo.world import World, cast
from leeward.site.public_key import NAME, parts, read
from tests.chaos import invariants, rows
from tests.chaos.apart import lost_receipts
from tests.chaos.backups import back_up
from tests.chaos.faults import ALONE, Cure, Faults, Impossible
from tests.chaos.house import House
from tests.chaos.lists import Publisher
from tests.chaos.peer import Peer
from tests.chaos.people import Crowd
from tests.chaos.record import Record
from tests.chaos.schedule import Planned
from tests.notices.imap import ImapServer

QUIET_SECONDS = 900.0  # a break that the desk makes analysts take is over by then
BREATH = 100  # after so many faults all is made whole, and what must hold already is looked at


@dataclass
class Chaos:
    """One run; `say` gets a line for everything that happens."""

    folder: Path
    seed: int
    planned: list[Planned]
    say: Callable[[str], Any]
    minutes: float | None = None
    is_apart: bool = False
    stage: Path | None = None  # what the house begins with, and the secret that it was made with
    secret: str = ""
    is_short: bool = False  # quicker, and without lists, proofs and backups, which have tests of their own
    record: Record = field(default_factory=Record)

    def run(self) -> dict[str, list[str]]:
        """Do it; return what was violated of each invariant."""
        with ExitStack() as stack:
            imap = stack.enter_context(ImapServer(self.folder))
            world = stack.enter_context(World(mailbox=self.folder / "unused"))
            self.house = House(self.folder, world, imap, is_apart=self.is_apart, stage=self.stage, secret=self.secret)
            stack.callback(self.house.leave)
            self.house.build()
            self.house.start()
            if self.is_apart:
                self.record.salt = parts(read(self.house.data / NAME))[1]
            self.crowd = Crowd(self.house, world, imap, self.record, self.seed)
            self.peer: Peer | None = None
            if not self.is_short:
                self.peer = stack.enter_context(Peer(self.house, world, self.record))
                self.peer.meet()
                self.crowd.has_peer = True
            self.faults = Faults(self.house, world, imap, self.record, self.peer)
            self.publisher = Publisher(self.house, self.record)
            stop = threading.Event()
            tending = threading.Thread(target=self._tend, args=(stop,), daemon=True)
            for thread in (tending, self.crowd, *([] if self.is_short else [self.publisher])):
                thread.start()
            try:
                self._break_everything()
                self._become_quiet()
            finally:
                self.crowd.over.set()
                self.publisher.over.set()
                self.crowd.join(60)
                if self.publisher.is_alive():
                    self.publisher.join(60)
                stop.set()
                tending.join(60)
            found = self._judge(world)
            if any(found.values()):
                self.house.keep()
            return found

    @property
    def _pace(self) -> float:
        return 0.4 if self.is_short else 1.0

    def _tend(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.house.tend()
            time.sleep(0.2)

    def _break_everything(self) -> None:
        cures: list[tuple[float, str, Cure]] = []
        began, done = time.monotonic(), 0
        for one in self.planned:
            if self.minutes is not None and time.monotonic() - began > 60 * self.minutes:
                self.say(f"the time is up after {done} faults")
                break
            self._heal(cures, until=time.monotonic() + one.after_seconds * self._pace)
            if one.kind in ALONE or any(kind == one.kind or _clash(kind, one.kind) for _at, kind, _cure in cures):
                self._heal(cures, everything=True)
            self._one(one, cures)
            done += 1
            if one.number % BREATH == 0:
                self._heal(cures, everything=True)
                self._look()
        self._heal(cures, until=max((at for at, _kind, _cure in cures), default=0.0))
        minutes = (time.monotonic() - began) / 60
        self.say(
            f"{sum(self.record.faults.values())} faults in {minutes:.1f} minutes ({done / max(minutes, 0.01):.1f} a minute)"
        )

    def _one(self, one: Planned, cures: list[tuple[float, str, Cure]]) -> None:
        try:
            cure = self.faults.breaks(one.kind, random.Random(one.chance))
        except Impossible as error:
            self.record.left_out[f"{one.kind}: {error}"] += 1
            self.say(f"{one.number:4} {one.kind}: left out, {error}")
            return
        self.record.faults[one.kind] += 1
        lasts = f" for {one.lasts_seconds:g} s" if one.lasts_seconds else ""
        self.say(f"{one.number:4} {one.kind}{lasts}")
        cures.append((time.monotonic() + one.lasts_seconds * self._pace, one.kind, cure))

    def _heal(self, cures: list[tuple[float, str, Cure]], *, until: float = 0.0, everything: bool = False) -> None:
        """Make whole what is due, and wait until then."""
        while True:
            for cure in list(cures):
                if everything or cure[0] <= time.monotonic():
                    cures.remove(cure)
                    cure[2]()
            if everything or time.monotonic() >= until:
                return
            time.sleep(0.05)

    def _look(self) -> None:
        """What must hold at every moment, and not only when it is quiet."""
        found = invariants.police_first_in_log(rows.Rows(self.house).log())
        for wrong in found:
            self.record.wrong(wrong)
        mails = len(self.faults.world.mail.messages())
        closed = sum(life.is_closed for life in self.crowd.lives)
        self.say(
            f"     {len(self.crowd.lives)} reports, {closed} closed, {mails} mails, {len(found)} violations so far"
        )

    def _become_quiet(self) -> None:
        """Everything is whole: wait until every report is closed and nothing is left to do."""
        self.say("everything is whole again: waiting for quiet")
        self.house.set_clock(0)
        self.crowd.enough.set()
        self.crowd.one_more.set()  # whatever the faults left of the others, this one must get through
        self.publisher.over.set()
        self.whole_at = datetime.now(UTC)
        end = time.monotonic() + QUIET_SECONDS
        while (self.crowd.one_more.is_set() or self.crowd.open_lives or self._works()) and time.monotonic() < end:
            time.sleep(0.5)
        try:
            self.house.wait_for(self.house.parts)
        except RuntimeError as error:
            self.record.wrong(str(error))
        if self.peer is not None:
            self._deliver_now()
            while self._tells_peer() and time.monotonic() < end:
                time.sleep(0.5)
        if self.crowd.one_more.is_set():
            self.record.wrong("no report got through when everything was whole")
        for life in self.crowd.open_lives:
            self.record.wrong(f"still open when all was quiet: {life.path} {life.reference}")
        self._look()
        self.say(f"quiet after {QUIET_SECONDS - (end - time.monotonic()):.0f} s")

    def _works(self) -> bool:
        """Whether something is due, or mail is on its way."""
        now, seen = datetime.now(UTC), rows.Rows(self.house)
        due = any(not job.is_dead and job.due_at <= now for job in seen.jobs() if not job.kind.startswith("every:"))
        is_mailing = any(state not in invariants.ENDED_MESSAGES for state in seen.messages().values())
        return due or is_mailing or seen.waiting()[1] > 0

    def _deliver_now(self) -> None:
        """What was put off for up to an hour while the peer was away is tried now."""
        past = (datetime.now(UTC) - timedelta(seconds=1)).replace(tzinfo=None).isoformat(sep=" ")
        sql = "UPDATE jobs_job SET due_at = ? WHERE kind = 'exchange.deliver' AND leased_until IS NULL"
        self.house.change(sql, past)

    def _tells_peer(self) -> bool:
        return any(state == "waiting" for _case, state in rows.Rows(self.house).told_peer().values())

    def _at_peer(self, seen: rows.Rows) -> list[str]:
        if self.peer is None:
            return []
        there, twice = self.peer.inbox()
        told = seen.told_peer()
        self.say(f"{len(told)} cases were reported to the peer")
        return invariants.each_once_at_the_peer(told, there, twice, seen.received(), is_cut=bool(self.record.cuts))

    def _judge(self, world: World) -> dict[str, list[str]]:
        seen, mails, now = rows.Rows(self.house), rows.mails(world.mail.messages()), datetime.now(UTC)
        if self.is_apart:
            self.record.lost = lost_receipts(self.house)
            self.say(f"{len(self.record.lost)} reports went with the public face’s file before they were fetched")
        log = seen.log()
        kept = list(self._without_cuts(mails))
        receipts = self._receipts()  # before the cards are compared, which mends them
        kept_back, waiting = seen.waiting()
        wrong_cards = rows.wrong_cards(self.house) if self.is_apart else 0
        return {
            "each report taken is one case": invariants.one_case_each(rows.taken(self.record), seen.reports()),
            "no host before the police, by the log": invariants.police_first_in_log(log),
            "no host before the police, by the mail": invariants.police_first_in_mail(
                mails, police=cast.POLICE, staff=f"@{DOMAIN}"
            ),
            "nothing twice": invariants.nothing_twice(kept),
            "what is called sent arrived": invariants.sent_means_arrived(seen.messages(), mails),
            "nothing claimed for ever": invariants.nothing_claimed_for_ever(
                seen.jobs(), seen.claims(), now, begun_at=self.whole_at
            ),
            "nothing left between the faces": invariants.nothing_left_between(kept_back, waiting, wrong_cards),
            "each report to the peer arrived once": self._at_peer(seen),
            "no publication half": invariants.publications_whole(seen.publications(), seen.leftovers()),
            "the log whole": invariants.log_whole(rows.verdicts(self.house), log),
            "proofs hold": [] if self.is_short else self._proofs(log),
            "a backup verifies": [] if self.is_short else self._backup(),
            "every receipt opens": receipts,
            "nothing wrong on the way": list(self.record.wrongs),
        }

    def _without_cuts(self, mails: Iterable[invariants.MailRow]) -> Iterable[invariants.MailRow]:
        """What a restoring made people do again is no double; each part between restorings is looked at for itself."""
        starts = [cut.mails for cut in self.record.cuts]
        for number, mail in enumerate(mails):
            part = sum(number >= start for start in starts)
            yield mail if not part else invariants.MailRow(f"{mail.recipient}#{part}", *_rest(mail))

    def _proofs(self, log: list[dict[str, Any]]) -> list[str]:
        chain, number = next(
            (row["chain"], row["number"]) for row in reversed(log) if row["event"] == "report.received"
        )
        return rows.proof_faults(self.house, chain, number)

    def _backup(self) -> list[str]:
        if not back_up(self.house, self.record):
            return ["none could be made"]
        done = self.house.command("backup", "verify", str(self.house.backups), "--key", str(self.house.key_file))
        return [] if done.returncode == 0 else [done.stderr[-300:]]

    def _receipts(self) -> list[str]:
        """A dozen of them, opened as reporters do."""
        record = self.record
        whole = [one for one in record.promises if one.receipt and not (record.is_cut(one.at) or record.is_lost(one))]
        chosen = random.Random(self.seed).sample(whole, min(12, len(whole)))
        return [
            f"the receipt of {one.address} opens nothing" for one in chosen if not self.crowd.people.opens(one.receipt)
        ]


def _rest(mail: invariants.MailRow) -> tuple[Any, ...]:
    return mail.message_id, mail.cases, mail.link, mail.subject


def _clash(one: str, other: str) -> bool:
    """Whether two kinds would undo each other: both about the same server, the clock or the disk."""
    return one.split(maxsplit=1)[0] == other.split(maxsplit=1)[0] != "kill"
