"""What can break, and how it is whole again: each kind is a function that breaks the house or its world and returns the cure."""

import json
import time
from collections.abc import Callable
from random import Random

from leeward.demo.world import World, cast
from leeward.demo.world.web import Answer
from tests.chaos import apart
from tests.chaos.apart import Cure, Impossible
from tests.chaos.backups import restore
from tests.chaos.house import House
from tests.chaos.peer import Peer
from tests.chaos.record import Record
from tests.chaos.schedule import APART, PEER
from tests.notices.imap import ImapServer

DAY = 86400.0
# Nothing else is broken meanwhile.
ALONE = frozenset({"kill serve", "disk read-only", "restore", "old code", "public folder read-only"})
NAMES = (*cast.SITES, *cast.MAIL_DOMAINS)
LIES = (
    Answer(500, b"<p>no</p>"),
    Answer(hangs_up=True),
    Answer(200, b"{ half", missing_bytes=500),
    Answer(200, b'{"rdapConformance": 7, "objectClassName": []}', "application/rdap+json"),
    Answer(200, b"\xff\xfe\x00", "application/rdap+json"),
    Answer(301, headers=(("Location", "/again"),)),
)


class Faults:
    """The faults of one house in one world."""

    def __init__(self, house: House, world: World, imap: ImapServer, record: Record, peer: Peer | None = None) -> None:
        self.house, self.world, self.imap, self.record, self.peer = house, world, imap, record, peer

    def breaks(self, kind: str, chance: Random) -> Cure:
        """Break something; return what makes it whole again. Raises Impossible."""
        verb, _, victim = kind.partition(" ")
        if victim == "who pulls":
            return apart.kill_who_pulls(self.house)
        if verb == "kill":
            return self._kill(victim)
        if verb == "clock":
            return self._clock(DAY if kind.endswith("ahead") else -DAY)
        if kind in APART:
            return apart.breaks(kind, self.house, self.record, chance)
        if kind in PEER:
            if self.peer is None:
                raise Impossible("there is no peer")
            return self.peer.breaks(kind, chance)
        act: Callable[[Random], Cure] = getattr(self, "_" + kind.replace(" ", "_").replace("-", "_"))
        return act(chance)

    def _kill(self, victim: str) -> Cure:
        patience = 6 if victim == "decoder" else 2  # a decoder lives only while there is something to decode
        end = time.monotonic() + patience
        while not (is_dead := self.house.kill(victim)) and time.monotonic() < end:
            time.sleep(0.01)
        if not is_dead:
            raise Impossible(f"no {victim} is running")
        return _nothing

    def _clock(self, seconds: float) -> Cure:
        self.house.set_clock(seconds)
        return lambda: self.house.set_clock(0)

    def _disk_full(self, _chance: Random) -> Cure:
        return apart.fill(self.house, self.house.disk)

    def _disk_read_only(self, _chance: Random) -> Cure:
        """A disk that came back read-only after a power cut: the start says so in one sentence."""
        if not self.house.has_own_disk:
            raise Impossible("no small disk can be mounted here: that takes root")
        self.house.close()
        self.house.stop_signer()
        if not apart.made_read_only(self.house.disk):
            self.house.start()
            raise Impossible("the disk could not be made read-only")
        try:
            said = self.house.refused()
        finally:
            apart.mounted(self.house.disk, "rw")
        if "Nothing can be written" not in said:
            self.record.wrong(f"a start on a read-only disk said: {said or self.house.last_words()[-200:]}")
        self.house.start()
        return _nothing

    def _database_locked(self, _chance: Random) -> Cure:
        return apart.locked(self.house.data / "leeward.sqlite3")

    def _old_code(self, _chance: Random) -> Cure:
        """Code that doesn't know what the database went through: the start says so, and nothing is changed."""
        self.house.close()
        self.house.change(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('intake', '9999_of_tomorrow', '2026-01-01 00:00:00')"
        )
        try:
            said = self.house.refused()
        finally:
            self.house.kill("serve")
            self.house.change("DELETE FROM django_migrations WHERE name = '9999_of_tomorrow'")
        if "made by a newer Leeward" not in said:
            self.record.wrong(f"older code said: {said or self.house.last_words()[-200:]}")
        self.house.start()
        return _nothing

    def _restore(self, _chance: Random) -> Cure:
        restore(self.house, self.world, self.record)
        return _nothing

    def _mail_server_down(self, _chance: Random) -> Cure:
        self.world.mail.stop()
        return self.world.mail.start

    def _mail_server_says_later(self, _chance: Random) -> Cure:
        self.world.mail.defer(times=1000)
        return self.world.mail.accept_again

    def _mail_server_refuses(self, chance: Random) -> Cure:
        recipient = chance.choice([cast.POLICE, cast.HOST_ABUSE])
        refuse = chance.choice([self.world.mail.refuse, self.world.mail.refuse_message])
        refuse(recipient, times=1000)
        return lambda: self.world.mail.accept_again(recipient)

    def _mail_server_drops(self, _chance: Random) -> Cure:
        self.world.mail.drop_after_message(kept=False, times=1000)
        return self.world.mail.accept_again

    def _mail_server_takes_and_drops(self, _chance: Random) -> Cure:
        self.world.mail.drop_after_message(kept=True, times=1000)
        return self.world.mail.accept_again

    def _mail_server_slow(self, chance: Random) -> Cure:
        self.world.mail.stall(seconds=chance.uniform(0.5, 4), times=1000)
        return self.world.mail.accept_again

    def _mailbox_away(self, chance: Random) -> Cure:
        self.imap.fails_on = chance.choice(["LOGIN", "SELECT", "SEARCH", "FETCH", "STORE"])
        return lambda: setattr(self.imap, "fails_on", "")

    def _mailbox_half_a_letter(self, chance: Random) -> Cure:
        mails = self.world.mail.messages()
        raw = (
            chance.choice(mails).raw
            if mails
            else b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x"
        )
        self.imap.messages.append(raw[: chance.randrange(1, max(len(raw), 2))])
        return _nothing

    def _names_down(self, _chance: Random) -> Cure:
        self.world.names.stop()
        return self.world.names.start

    def _names_fail(self, chance: Random) -> Cure:
        return self._names(chance.choice(["SERVFAIL", "REFUSED"]))

    def _names_silent(self, _chance: Random) -> Cure:
        return self._names("SILENCE")

    def _names(self, failure: str) -> Cure:
        for name in NAMES:
            self.world.names.fail(name, failure)  # type: ignore[arg-type]
        return lambda: [self.world.names.heal(name) for name in NAMES]

    def _names_lie(self, chance: Random) -> Cure:
        """One site is at an address of this machine, or doesn't exist."""
        if chance.random() < 0.5:
            self.world.names.fail(cast.PICTURES, "NXDOMAIN")
            return lambda: self.world.names.heal(cast.PICTURES)
        self.world.names.set(cast.PICTURES, "A", "127.0.0.1")
        return lambda: self.world.names.set(cast.PICTURES, "A", cast.SITES[cast.PICTURES])

    def _registry_down(self, _chance: Random) -> Cure:
        self.world.rdap.stop()
        return self.world.rdap.start

    def _registry_lies(self, chance: Random) -> Cure:
        return _lying(self.world.rdap, chance.choice(LIES))

    def _registry_slow(self, _chance: Random) -> Cure:
        body = json.dumps({"objectClassName": "ip network"}).encode()
        return _lying(self.world.rdap, Answer(200, body, "application/rdap+json", piece_bytes=4, piece_seconds=0.5))

    def _host_down(self, _chance: Random) -> Cure:
        self.world.host.stop()
        return self.world.host.start

    def _host_lies(self, chance: Random) -> Cure:
        return _lying(self.world.host, chance.choice(LIES))


def _lying(server: object, answer: Answer) -> Cure:
    vars(server)["respond"] = lambda _request: answer
    return lambda: vars(server).pop("respond", None)


def _nothing() -> None:
    """Whatever was broken has been made whole already, or the house does it itself."""
