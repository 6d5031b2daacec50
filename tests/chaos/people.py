"""Everybody who goes on with their work whatever breaks: reporters, analysts, a supervisor, police and hosts."""

import random
import re
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import override

import httpx2
from lxml.etree import LxmlError

from leeward.demo.browserless import Browser, Page
from leeward.demo.errors import NotOnPage
from leeward.demo.forms import Form
from leeward.demo.running import Installation
from leeward.demo.staff import PORTAL
from leeward.demo.world import World, cast, pages
from leeward.demo.world.mailbox import Mailbox
from leeward.foundation.errors import LeewardError
from tests.chaos.house import House
from tests.chaos.record import Promise, Record
from tests.journeys.life import Life, People, insist, press
from tests.notices.imap import ImapServer

# What a page that isn't there, a connection that breaks and a form that is gone look like to people.
SETBACKS = (
    AssertionError,
    httpx2.HTTPError,
    NotOnPage,
    LeewardError,
    LxmlError,
    RuntimeError,
    sqlite3.Error,
    IndexError,
    StopIteration,
    ValueError,
)
TRIES = 8
REST_SECONDS = 0.3
LIVES_AT_ONCE = 3
FAR = "/far-"  # of what is hosted in the peer's country
FAR_PART = 0.2
ABUSE = "abuse@"
_STATE = "SELECT state FROM casework_case WHERE reference = ?"
SIGNED_OUT = "/desk/account/login"


@dataclass(slots=True)
class Patient(People):
    """People who sign in again, press again, and ask the mail server before they send again."""

    house: House = field(kw_only=True)
    record: Record = field(kw_only=True)

    def visitor(self) -> Browser:
        """Somebody who has never been here, and comes through the proxy."""
        return Browser(self.installation.url, transport=self.house.proxy)

    def see(self, who: str, address: str) -> Page:
        """A page of the desk; whoever was signed out signs in again."""
        for _ in range(2):
            page = insist(lambda: self.staff(who).open(address), seconds=60)
            if SIGNED_OUT not in page.address:
                break
            self.desk.pop(who).close()
        assert page.is_good, (page.status, address)
        return page

    def report(self, path: str) -> Life:
        """Report an address; the same form again until there is an answer, and a promise in any case."""
        where = self.address(path)
        page = insist(lambda: self.visitor().open(f"/{PORTAL}/report"), seconds=60)
        form = page.form(having="kind").fill({"kind": "page", "where": where, "text": "I found a bad page."})
        asked_at, digits = datetime.now(UTC), ""
        for _ in range(TRIES):
            try:
                page = form.submit("go=send")
            except httpx2.HTTPError:
                time.sleep(1)
                continue
            digits = "".join(page.texts("//*[contains(@class, 'words')]/span"))
            if re.fullmatch(r"\d{16}", digits):
                break
            digits, form = "", _again(page, form)
            time.sleep(1)
        at = datetime.now(UTC) if digits else asked_at  # what came in while a restoring began may be cut out by it
        self.record.promise(Promise(where, digits, at))
        return Life(path, digits)

    @override
    def address(self, path: str) -> str:
        """Where it is hosted: here, or in the peer's country."""
        return self.world.host.address_of(cast.FAR_PICTURES if path.startswith(FAR) else cast.PICTURES, path)

    def _tell_peer(self, life: Life) -> bool:
        """Report it to the peer if that isn’t done; return whether it is."""
        told = "SELECT 1 FROM exchange_exchange JOIN casework_case AS one ON one.id = case_id WHERE reference = ?"
        for who in ("bela", "ana"):
            if not self.house.value(told, life.reference):
                page = self.staff(who).open(f"/desk/case/{life.reference}/hotlines/report")
                if any(form.has("text") for form in page.forms):
                    press(page.form(having="text"))
        return bool(self.house.value(told, life.reference))

    def has_peer(self, life: Life) -> bool:
        """Whether the peer has the report of it, as far as is known here."""
        sent = "SELECT 1 FROM exchange_exchange JOIN casework_case AS one ON one.id = case_id WHERE reference = ? AND sent_at NOT NULL"
        return bool(self.house.value(sent, life.reference))

    def opens(self, receipt: str) -> bool:
        """Return whether a receipt opens its page."""
        page = insist(lambda: self.visitor().open(f"/{PORTAL}/receipt"))
        return press(page.form(having="receipt").fill({"receipt": receipt})).is_good

    @override
    def _outside(self, life: Life) -> None:
        if life.path.startswith(FAR):
            life.is_closed = self._tell_peer(life) and self.has_peer(life)
        People._outside(self, life)
        self._answer_for_host(life)
        self._tell_police_again()
        if self._is_unfinished(life):
            self._send(life)

    def _answer_for_host(self, life: Life) -> None:
        """A lying registry, or a host that refuses mail, leads the notice to whoever is thought to be behind it; they answer as well."""
        for mail in () if life.path.startswith(FAR) else self.world.mail.messages():
            is_for_others = any(to.startswith(ABUSE) and to != cast.HOST_ABUSE for to in mail.recipients)
            if is_for_others and life.reference in mail.text and not life.down:
                self.world.pictures.take_down(life.path)
                self._say_removed(mail, life)

    def _is_unfinished(self, life: Life) -> bool:
        """Whether the desk says that it has to be acted on again: it is back, or it is known only now where it is."""
        with closing(self.house.database()) as database:
            sql = "SELECT returned, place, host_told_at, state FROM casework_case WHERE reference = ?"
            found = database.execute(sql, [life.reference]).fetchone()
        return bool(found) and bool(found[0] or (found[1] == "here" and not found[2] and found[3] == "monitoring"))

    def _tell_police_again(self) -> None:
        page = self.see("carl", "/desk/referrals")
        for address in page.texts("//a[contains(@href, '/untold/')]/@href"):
            shown = self.see("carl", address)
            if "may get it twice" in shown.text:  # the outbox decides, once the mail server was asked
                continue
            for form in shown.forms:
                if form.values.get("act") == ["again"]:
                    press(form)

    @override
    def decide_stuck(self) -> None:
        """Each message that waits for a person: it arrived if the mail server has its identifier, otherwise it goes again."""
        for view in ("stuck", "waiting"):
            page = self.see("carl", f"/desk/outbox?view={view}")
            for form in page.forms:
                number = re.search(r"/outbox/(\d+)$", form.action)
                if number and form.has("act"):
                    inside = f"//form[contains(@action, '/outbox/{number[1]}')]"
                    offered = " ".join(page.texts(inside))
                    if "It arrived" in offered and self._arrived(int(number[1])):
                        press(form, "act=arrived")
                    elif "Send again" in offered:
                        press(form, "act=retry")
                    else:  # after a restoring only from its preview
                        shown = self.see("carl", page.texts(f"{inside}//a/@href")[0])
                        press(shown.form(action=f"/outbox/{number[1]}"), "act=retry")

    def _arrived(self, number: int) -> bool:
        with closing(self.house.database()) as database:
            found = database.execute("SELECT message_id FROM notices_message WHERE id = ?", [number]).fetchone()
        return bool(found) and any(str(mail.message["Message-ID"]) == found[0] for mail in self.world.mail.messages())


def _again(page: Page, before: Form[Page]) -> Form[Page]:
    """Return the form that an answer offers with what was typed, or else the form that was sent."""
    return next((form for form in page.forms if form.has("go") and form.has("where")), before)


class Crowd(threading.Thread):
    """Lives of reports, one after another and some at once, until `enough` is said; then `one_more`, and until all are closed."""

    def __init__(self, house: House, world: World, imap: ImapServer, record: Record, seed: int) -> None:
        super().__init__(name="crowd", daemon=True)
        installation = Installation(data=house.data, port=house.port, environment={})
        self.people = Patient(installation, world, house=house, record=record)
        self.lives: list[Life] = []
        self.setbacks = 0
        self.has_peer = False
        self.enough, self.one_more, self.over = threading.Event(), threading.Event(), threading.Event()
        self._chance, self._record, self._world, self._imap = random.Random(seed), record, world, imap
        self._letters = Mailbox(house.folder / "letters")
        self._answered = 0
        self._lost: set[int] = set()

    @property
    def open_lives(self) -> list[Life]:
        """What isn't closed yet and wasn't cut out by a restoring."""
        return [life for number, life in enumerate(self.lives) if not life.is_closed and number not in self._lost]

    def run(self) -> None:
        """Live."""
        while not self.over.is_set():
            try:
                self._turn()
            except Exception as error:  # people go on whatever happens to them
                self.setbacks += 1
                if not isinstance(error, SETBACKS):
                    self._record.wrong(f"people were stopped by {type(error).__name__}: {error}")
                time.sleep(REST_SECONDS)
            time.sleep(REST_SECONDS)

    def _turn(self) -> None:
        self._forget_what_was_cut()
        self._see_what_is_open_again()
        if self.one_more.is_set():
            self._begin()
            self.one_more.clear()
        elif not self.enough.is_set() and len(self.open_lives) < LIVES_AT_ONCE:
            self._begin()
        for life in self.open_lives:
            try:
                self.people.go_on(life)
            except SETBACKS:
                self.setbacks += 1
            if self.over.is_set():
                return
        self._answer_by_mail()

    def _begin(self) -> None:
        number = len(self.lives)
        is_far = self.has_peer and self._chance.random() < FAR_PART
        path = f"{FAR if is_far else '/'}album-{number}"
        site = self._world.far_pictures if is_far else self._world.pictures
        site.put(path, pages.gallery(f"Album {number}", [f"/pictures/{number % 6}.jpg"]))
        self.lives.append(self.people.report(path))
        if self._chance.random() < 0.25:  # somebody else saw it, too
            self.people.report(path)

    def _forget_what_was_cut(self) -> None:
        """A report that a restoring lost, or that went with the public face's file, is reported by nobody again; its address is left
        alone."""
        for number, life in enumerate(self.lives):
            address = self.people.address(life.path)
            kept = [one for one in self._record.promises if one.address == address and not self._record.is_cut(one.at)]
            if not any(one.receipt and not self._record.is_lost(one) for one in kept):
                self._lost.add(number)

    def _see_what_is_open_again(self) -> None:
        """What was gone only while names led nowhere is back, and its case open again; after a restoring a case may have another number."""
        for life in self.lives:
            state = self.people.house.value(_STATE, life.reference) if life.reference else ""
            if state is None:
                life.reference, life.is_closed = "", False
            elif life.is_closed and life.path.startswith(FAR):
                life.is_closed = self.people.has_peer(life)
            elif life.is_closed:
                life.is_closed = state == "closed"

    def _answer_by_mail(self) -> None:
        """Now and then somebody answers a mail instead of following its link."""
        mails = self._world.mail.messages()
        if len(mails) > self._answered and self._chance.random() < 0.2:
            self._answered = len(mails)
            self._letters.reply(mails[-1].message, "We have seen this.")
            for file in self._letters.waiting():
                self._imap.messages.append(file.read_bytes())
                file.unlink()
