"""Every sentence of every letter and page against the rows: a grid of histories, and for each sentence what must be so for it to be said."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django_scopes import scope

from leeward.foundation.crypto.tokens import make_token
from leeward.hosting.models import Finding
from leeward.hosting.services import open_location
from leeward.monitoring.models import Watch
from leeward.notices.models import (
    WITHDRAWN_AFTER_REVIEW,
    Contact,
    Message,
    Notice,
    NoticeCase,
    NoticeItem,
    Referral,
    Reply,
)
from leeward.notices.rules.briefs import CaseBrief, written
from leeward.notices.writing import compose
from tests.personas import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SAID = "[message withheld]"
JUDGED = (("", ""), ("record", "one"), ("person", "one"), ("person", "same"), ("person", "differ"))
URGENT = ((), ("danger",), ("contact", "marked"), ("shown",), ("withdrawn",))
NOTICE_KINDS = ("host", "owner", "upstream", "registrar", "foreign_host", "foreign_police")
# What went out before: to the reader, to the host, to the owner; and whether a check has found it there since.
TOLD = tuple(itertools.product((0, 1, 2), (0, 1, 2), (0, 2), (False, True)))


@dataclass(frozen=True)
class Rows:
    """What the test wrote down about one case: the letter's sentences are held against this and nothing else."""

    brief: CaseBrief
    told: tuple[int, int, int, bool] = (0, 0, 0, False)
    tells_host: bool = False
    host_is_informed: bool = False
    was_passed: bool = False
    was_referred: bool = False
    is_host_known: bool = True
    kind: str = ""

    @property
    def verdict(self) -> str:
        return {country: verdict for country, verdict, _ in self.brief.opinions}.get(self.brief.country or "", "")


def unassessed(rows: Rows) -> bool:
    return not rows.brief.judged and not rows.brief.assessed_before


# For each sentence to the police: when it is true. It is said exactly then.
TO_POLICE: dict[str, Callable[[Rows], bool]] = {
    "We have assessed it and refer it to you": lambda r: r.brief.judged == "person",
    "led us to child sexual abuse material": lambda r: r.brief.judged == "person",
    "nobody has viewed it again": lambda r: r.brief.judged == "record",
    "We assessed what was at this address on 2026-10-01": lambda r: (
        not r.brief.judged and bool(r.brief.assessed_before)
    ),
    "We referred this address to you before": lambda r: not r.brief.judged and r.was_referred,
    "Its content has not been assessed": lambda r: unassessed(r) and r.brief.was_read,
    "Nobody here has assessed its content": lambda r: unassessed(r) and not r.brief.was_read,
    "nobody here has looked at a picture or video": lambda r: r.brief.is_unseen and r.brief.judged != "record",
    "both agreed": lambda r: r.brief.judged == "person" and r.brief.assessments == "same",
    "Two people assessed it and differ on": lambda r: r.brief.judged == "person" and r.brief.assessments == "differ",
    "before it was assessed": lambda r: bool(r.brief.judged) and r.was_passed,
    "a child may be in danger now": lambda r: "danger" in r.brief.urgencies,
    "a person contacts or threatens a child": lambda r: "contact" in r.brief.urgencies,
    "they are the person shown": lambda r: "shown" in r.brief.urgencies,
    "the report was then withdrawn. We no longer hold its words": lambda r: "withdrawn" in r.brief.urgencies,
    "a person marked this as urgent": lambda r: "marked" in r.brief.urgencies,
    "Address:": lambda r: bool(r.brief.address),
    "The address may show illegal material": lambda r: bool(r.brief.address),
    SAID: lambda r: bool(r.brief.reporter_texts),
    "What we know": lambda r: bool(r.brief.summary),
    "What the law makes of it": lambda r: bool(r.brief.opinions),
    "File hashes": lambda r: bool(r.brief.file_hashes),
    "The host is asked to remove the material as soon as": lambda r: (
        r.tells_host and not r.host_is_informed and r.is_host_known
    ),
    "you can hold or release it there": lambda r: r.tells_host and not r.host_is_informed,
    "The host has already been asked": lambda r: r.tells_host and r.host_is_informed,
}
# The same of notices.
TO_CONTACTS: dict[str, Callable[[Rows], bool]] = {
    "Our staff have assessed": lambda r: r.brief.judged == "person",
    "already judged to be child sexual abuse material": lambda r: r.brief.judged == "record",
    "likely illegal where it is hosted": lambda r: r.brief.judged == "person" and r.verdict == "likely",
    "by the international baseline": lambda r: (
        r.brief.judged == "person" and r.verdict != "likely" and r.brief.meets_baseline
    ),
    "nobody here has looked at a picture or video": lambda r: r.brief.is_unseen and r.brief.judged == "person",
    "this address shows child sexual abuse material": lambda r: r.brief.judged == "record" or not r.brief.is_unseen,
    "this address may show child sexual abuse material": lambda r: r.brief.judged == "person" and r.brief.is_unseen,
    "this material is likely illegal under": lambda r: r.verdict == "likely",
    "We have written to you about this before": lambda r: r.told[0] > 0 and r.kind != "foreign_police",
    "The host has been told before": lambda r: (
        r.told[1] > 0 and (r.kind == "owner" or (r.kind in ("upstream", "registrar") and r.told[2] == 0))
    ),
    "The host and the owner have been told before": lambda r: (
        r.kind in ("upstream", "registrar") and r.told[1] == 1 and r.told[2] > 0
    ),
    "each been told several times": lambda r: r.kind in ("upstream", "registrar") and min(r.told[1], r.told[2]) > 1,
    "Our checks have found it still there since": lambda r: (
        r.told[3]
        and r.kind != "foreign_police"
        and (r.told[0] > 0 or (r.told[1] > 0 and r.kind in ("owner", "upstream", "registrar")))
    ),
    "it is hosted in your country": lambda r: r.kind == "foreign_police",
    "you are named as the owner": lambda r: r.kind == "owner",
    "you run the network": lambda r: r.kind == "upstream",
    "the domain name is registered through you": lambda r: r.kind == "registrar",
}
NEVER = ("several times and the material is still there", "trained staff", "illegal: it is", SAID)


@pytest.fixture
def written_down(cast: Cast) -> Iterator[Callable[[Rows], NoticeCase]]:
    """Write a history into the database."""
    numbers = itertools.count(1)

    def write(rows: Rows) -> NoticeCase:
        number = next(numbers)
        location = open_location(
            hotline_id=cast.hotline_id,
            kind=rows.brief.kind,
            display=rows.brief.address,
            comparable=f"x{number}",
            service="",
        )
        if rows.is_host_known:
            values = {"kind": "abuse_email", "value": "abuse@harbour-host.example", "source": "network", "at": NOW}
            Finding.objects.create(hotline_id=cast.hotline_id, location_id=location, **values)
        brief = {**written(rows.brief), "case_id": number, "location_id": location}
        common = {"hotline_id": cast.hotline_id, "case_id": number, "location_id": location}
        return NoticeCase.objects.create(
            **common, portal_id=cast.portal_id, brief=brief, state="open", started_at=NOW - timedelta(days=9),
            reporter_texts=json.dumps(rows.brief.reporter_texts), tells_police=True, tells_host=rows.tells_host or bool(rows.kind),
        )  # fmt: skip

    with scope(hotline=cast.hotline_id):
        yield write


def contact(cast: Cast, kind: str, email: str) -> Contact:
    values = {"hotline_id": cast.hotline_id, "kind": kind, "country": "", "email": email}
    found: Contact = Contact.objects.get_or_create(**values)[0]
    return found


def sent(notice_case: NoticeCase, to: Contact, kind: str, *, at: datetime | None) -> Notice:
    notice: Notice = Notice.objects.create(
        hotline_id=notice_case.hotline_id,
        contact=to,
        kind=kind,
        created_at=NOW,
        sent_at=at,
        state="sent" if at else "waiting",
    )
    NoticeItem.objects.create(
        hotline_id=notice_case.hotline_id, notice=notice, notice_case=notice_case, case_id=notice_case.case_id,
        location_id=notice_case.location_id, address=notice_case.brief["address"],
    )  # fmt: skip
    return notice


def brief(**changes: Any) -> CaseBrief:
    values: dict[str, Any] = {
        "case_id": 1, "reference": "2026-0001", "hotline_id": 1, "portal_id": 1, "location_id": 1, "received_at": NOW,
        "address": "https://pictures.harbour-host.example/a", "country": "JM", "kind": "url",
    }  # fmt: skip
    return CaseBrief(**values | changes)


def judged_brief(judged: str, assessments: str, verdict: str, country: str | None, **changes: Any) -> CaseBrief:
    """A brief as the desk makes it: facts, opinions and hashes only where somebody judged."""
    facts: dict[str, Any] = {}
    if judged:
        opinions = tuple((one, verdict, "s 3") for one in dict.fromkeys(("JM", country)) if one) if verdict else ()
        facts = {"summary": ("Medium: photograph",), "opinions": opinions, "file_hashes": (("sha256", "0" * 64),)}
        facts |= {"differing": ("Severity",)} if assessments == "differ" else {}
    return brief(judged=judged, assessments=assessments, country=country, **facts | changes)


def check(text: str, sentences: dict[str, Callable[[Rows], bool]], rows: Rows, said: Counter[tuple[str, bool]]) -> None:
    for sentence, is_so in sentences.items():
        assert (sentence in text) == is_so(rows), (sentence, rows, text)
        said[sentence, is_so(rows)] += 1


def as_line(mail: Any) -> str:
    return " ".join(mail.body.split())


def test_the_police_are_told_what_is_so(cast: Cast, written_down: Any) -> None:
    grid = itertools.product(
        JUDGED, ("likely", ""), ("JM", "CA", None), URGENT, (True, False), ("url", "words"), ("no", "waits", "told"), (True, False),
        ("", "2026-10-01"), (True, False), (True, False),
    )  # fmt: skip
    said: Counter[tuple[str, bool]] = Counter()
    police = contact(cast, "police", "police@constabulary.example")
    for number, (judging, verdict, country, urgent, read, kind, host, passed, earlier, referred, unseen) in enumerate(
        grid
    ):
        judged, assessments = judging
        if number % 227:  # each value meets each other one; the whole grid would take a minute
            continue
        address = {"address": ""} if kind == "words" else {}
        made = judged_brief(
            judged, assessments, verdict, country, was_read=read, kind=kind, urgent=bool(urgent), urgencies=urgent,
            reporter_texts=(f"Report of 2026-11-24: “{SAID}”",) if urgent or kind == "words" else (),
            assessed_before=earlier, is_unseen=unseen and kind == "url", **address,
        )  # fmt: skip
        rows = Rows(
            made, tells_host=host != "no", host_is_informed=host == "told", was_passed=passed, was_referred=referred,
            is_host_known=bool(number % 2),
        )  # fmt: skip
        notice_case = written_down(rows)
        common = {
            "notice_case": notice_case,
            "hotline_id": cast.hotline_id,
            "case_id": notice_case.case_id,
            "reference": "2026-0001",
        }
        common |= {"portal_id": cast.portal_id, "contact": police, "created_at": NOW}
        if passed:
            Referral.objects.create(**common, kind="forward", sent_at=NOW)
        if referred:
            Referral.objects.create(**common, kind="referral", sent_at=NOW)
        if host == "told":
            sent(notice_case, contact(cast, "host", "abuse@harbour-host.example"), "host", at=NOW)
        referral = Referral.objects.create(**common, kind="referral" if judged else "forward")
        mail = compose.mail_of(Message(kind=referral.kind, subject_id=referral.pk), datetime.now(UTC))
        assert mail is not None
        check(as_line(mail), TO_POLICE, rows, said)
        assert ("child sexual abuse material" in mail.subject) == bool(judged)
        assert ("passed on unassessed" in mail.subject) == unassessed(rows)
    assert {sentence for sentence, is_so in said if is_so} == set(TO_POLICE), "each sentence is said of some case"
    assert {sentence for sentence, is_so in said if not is_so} == set(TO_POLICE), "and not of another"


@pytest.mark.parametrize("kind", NOTICE_KINDS)
def test_contacts_are_told_what_is_so(cast: Cast, written_down: Any, kind: str) -> None:
    said: Counter[tuple[str, bool]] = Counter()
    reader = contact(cast, "hotline" if kind == "foreign_police" else "host", "reader@contact.example")
    host, owner = contact(cast, "host", "abuse@other.example"), contact(cast, "owner", "owner@other.example")
    grid = itertools.product(JUDGED[1:], ("likely", "undetermined", ""), (True, False), (True, False), TOLD)
    for number, ((judged, assessments), verdict, baseline, unseen, told) in enumerate(grid):
        if number % 47 or (kind in ("host", "foreign_host") and told[0] > told[1]):
            continue
        made = judged_brief(
            judged, assessments, verdict, "CA", meets_baseline=baseline, is_unseen=unseen, reporter_texts=(SAID,)
        )
        rows = Rows(made, told=told, kind=kind)
        notice_case = written_down(rows)
        is_host, is_owner = kind in ("host", "foreign_host"), kind == "owner"
        others = ((host, "host", told[1] - told[0] * is_host), (owner, "owner", 0 if is_owner else told[2]))
        for to, as_kind, times in ((reader, kind, told[0]), *others):
            for _ in range(times):
                sent(notice_case, to, as_kind, at=NOW - timedelta(days=1))
        Watch.objects.create(
            hotline_id=cast.hotline_id, location_id=notice_case.location_id, state="up", since=NOW,
            last_good_at=NOW if told[3] else NOW - timedelta(days=5),
        )  # fmt: skip
        mail = compose.mail_of(
            Message(kind="notice", subject_id=sent(notice_case, reader, kind, at=None).pk), datetime.now(UTC)
        )
        assert mail is not None
        text = as_line(mail)
        sentences = {name: is_so for name, is_so in TO_CONTACTS.items() if is_said_to(kind, name)}
        check(text, sentences, rows, said)
        assert not [sentence for sentence in NEVER if sentence in text]
        assert ("Reminder" in mail.subject) == (told[0] > 0 and kind != "foreign_police")
    assert said


def is_said_to(kind: str, sentence: str) -> bool:
    """Sentences that a kind of letter has no room for."""
    return kind != "foreign_police" or "told" not in sentence


@pytest.mark.parametrize("what", ["withdrawn", "kept"])
@pytest.mark.parametrize("address", ["https://pictures.harbour-host.example/a", ""])
def test_who_was_told_hears_of_a_review_without_empty_lines(
    cast: Cast, written_down: Any, what: str, address: str
) -> None:
    notice_case = written_down(Rows(judged_brief("person", "one", "likely", "JM", address=address), kind="host"))
    notice_case.stopped_why = WITHDRAWN_AFTER_REVIEW if what == "withdrawn" else ""
    notice_case.save()
    to = contact(cast, "host", "abuse@harbour-host.example")
    item = sent(notice_case, to, "host", at=NOW).items.get()
    reply = Reply.objects.create(
        hotline_id=cast.hotline_id, what=what, contact=to, item=item, reasons="It is a harbour.", created_at=NOW
    )
    mail = compose.mail_of(Message(kind="reply", subject_id=reply.pk), datetime.now(UTC))
    assert mail is not None
    text = as_line(mail)
    assert ("Address:" in text) == bool(address)
    assert ("we withdraw what we wrote" in text) == (what == "withdrawn")
    assert ("and it stands" in text) == (what == "kept")


@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("state", ["waiting", "acknowledged", "held", "timed_out", "withdrawn"])
@pytest.mark.parametrize("kind", ["referral", "forward", "protection"])
def test_the_page_of_a_referral_says_what_is_so(
    cast: Cast, written_down: Any, kind: str, state: str, urgent: bool
) -> None:
    notice_case = written_down(
        Rows(judged_brief("person" if kind == "referral" else "", "one", "likely", "JM"), tells_host=True)
    )
    if state == "withdrawn":
        NoticeCase.objects.filter(pk=notice_case.pk).update(
            state="stopped", stopped_why="withdrawn_after_review", stopped_at=NOW
        )
    answered = NOW if state in ("acknowledged", "held") else None
    referral = Referral.objects.create(
        hotline_id=cast.hotline_id, notice_case=notice_case, case_id=notice_case.case_id, reference="2026-0001", kind=kind, urgent=urgent,
        portal_id=cast.portal_id, contact=contact(cast, "police", "police@constabulary.example"), created_at=NOW, sent_at=NOW,
        state="waiting" if state == "withdrawn" else state, acknowledged_at=answered, answered_at=answered,
        hold_until=NOW + timedelta(days=1) if state == "held" else None,
    )  # fmt: skip
    token = make_token(settings.LEEWARD.secret_bytes, "referral", referral.pk)
    page = re.sub(r"<[^>]+>|\s+", " ", Client().get(f"/referral/{token}").content.decode())
    page = " ".join(page.split())
    assert ("referral to the police" in page) == (kind != "protection")
    assert ("Confirm receipt" in page) == (answered is None)
    assert ("the hotline keeps the case open until this is recorded" in page) == urgent
    is_withdrawn = state == "withdrawn" and kind != "protection"  # an office was told of no assessment
    assert ("What was reported still stands" in page) == (is_withdrawn and urgent)
    assert ("You don’t need to do anything because of it" in page) == (is_withdrawn and not urgent)
    assert ("Put a hold on the notice" in page) == (
        kind != "protection" and state in ("waiting", "acknowledged", "timed_out")
    )
