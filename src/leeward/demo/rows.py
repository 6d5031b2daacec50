"""The rows in every slice that belong to a made-up case."""

import hashlib
import json
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leeward.casework.models import Assessment, Case, CaseItem, CaseSequence, Note
from leeward.casework.queue.rules.priority import priority_key
from leeward.casework.rules.clocks import Calendar, Times, first_assessment_due, rule_kind_of, timed
from leeward.casework.rules.coarse import Seen, coarse
from leeward.casework.rules.states import LAST_STATES, STATES
from leeward.clocks.models import Clock
from leeward.clocks.rules.due import due_at
from leeward.clocks.rules.recommended import RECOMMENDED
from leeward.demo.bulk import Table, moment_writer
from leeward.demo.invented import Invented
from leeward.hosting.models import Fetch, Finding, FoundFile, Location
from leeward.hosting.rules.keys import key_of
from leeward.intake.models import Item, Report
from leeward.laws.queries import law_version
from leeward.monitoring.models import Check, Watch
from leeward.notices.models import Contact, Message, Notice, NoticeCase, NoticeItem, Referral
from leeward.people.queries import PortalRow

if TYPE_CHECKING:
    from leeward.demo.fill import Chain

# In the order in which rows point to each other.
_TABLES = (
    Location, Finding, Fetch, FoundFile, Report, Item, Case, CaseItem, Assessment, Note,
    Contact, NoticeCase, Referral, Notice, NoticeItem, Message, Watch, Check, Clock,
)  # fmt: skip
_CHECKED = ("same", "same", "gone")
MOST_ROWS_A_CASE = 8  # of one table


class Rows:
    """Rows to be written, case by case."""

    def __init__(self, *, hotline_id: int, portal: PortalRow, people: list[int], chain: "Chain") -> None:
        self.hotline_id, self.portal, self.people, self.chain = hotline_id, portal, people, chain
        self.calendar = Calendar(portal.time_zone, portal.working_days, portal.holidays)
        self.tables = {model: Table(model) for model in _TABLES}
        self.at = moment_writer()
        self.law = law_version()
        self.serial = self.tables[Location].last
        self.counted: Counter[str] = Counter()
        self._contacts: dict[tuple[str, str], int] = {
            (kind, email): pk for pk, kind, email in Contact.objects.values_list("pk", "kind", "email")
        }
        self._sequence: dict[int, int] = {}

    def begin(self, cases: int) -> None:
        """In the hotline's transaction, continue from the numbers now in use, since others may have written after the last batch."""
        for table in self.tables.values():
            table.reserve(cases * MOST_ROWS_A_CASE)
        self.chain.begin(cases * MOST_ROWS_A_CASE)
        self._sequence = {row.year: row.last for row in CaseSequence.objects.filter(hotline_id=self.hotline_id)}

    def add(self, model: type[Any], **values: Any) -> int:
        """Queue a row of this hotline."""
        written = {name: self.at(value) if isinstance(value, datetime) else value for name, value in values.items()}
        return self.tables[model].add(hotline_id=self.hotline_id, **written)

    def write(self) -> None:
        """Write all queued rows in the caller's transaction."""
        for model, table in self.tables.items():
            self.counted[model._meta.label_lower] += table.write()
        self.counted["audit.auditrow"] += self.chain.write()
        for year, last in self._sequence.items():
            CaseSequence.objects.update_or_create(hotline_id=self.hotline_id, year=year, defaults={"last": last})

    def write_case(self, made: Invented) -> None:
        """Queue every row of one case."""
        location = self._place(made)
        case = self.tables[Case].last + 1
        items = [self._report(made, number) for number in range(made.reports)]
        reference = self._case(made, location)
        for item in items:
            self.add(CaseItem, case_id=case, item_id=item)
        if made.assessed_at:
            self._write_assessment(made, case)
            self._note(made, case)
        if made.has_gone_out:
            self._tell(made, case, location, reference)
        if made.state not in LAST_STATES:
            self._clocks(made, case, reference)
        self._log(made, case)

    def _place(self, made: Invented) -> int:
        comparable = f"{made.host}{made.path}"
        location = self.add(
            Location,
            kind="url",
            key=key_of("url", comparable),
            display=made.url,
            comparable=comparable,
            host=made.host,
            created_at=made.received_at,
        )
        site = made.host.partition(".")[2]
        found = {
            "ip": (made.ip, "DNS"),
            "country_ip": (made.country, "offline table"),
            "network": (site.removesuffix(".example").upper(), "RDAP"),
            "abuse_email": (f"abuse@{site}", "RDAP"),
            "registrar": ("Good Names", "RDAP"),
        }
        for kind, (value, source) in found.items():
            self.add(Finding, location_id=location, kind=kind, value=value, source=source, at=made.received_at)
        digest = hashlib.sha256(made.url.encode()).hexdigest()
        fetch = self.add(
            Fetch,
            location_id=location,
            at=made.received_at,
            outcome="answered",
            status=200,
            final_url=made.url,
            content_type="text/html",
            bytes=20_000,
            sha256=digest,
            files_named=1,
            duration_ms=300,
        )
        self.add(
            FoundFile,
            fetch_id=fetch,
            position=1,
            url=f"{made.url}.jpg",
            media="image",
            content_type="image/jpeg",
            bytes=90_000,
            width=800,
            height=600,
            sha256=_in_order(made.serial, digest),
            md5=_in_order(made.serial, digest)[:32],
            sha1=_in_order(made.serial, digest)[:40],
            pdq=_in_order(made.serial, digest[::-1]),
        )
        return location

    def _coarse(self, made: Invented) -> tuple[str, str]:
        seen = Seen(
            state=made.state,
            outcome=made.outcome,
            close_reason=made.reason,
            was_removed=made.removed_at is not None,
            was_assessed=made.assessed_at is not None,
            police_told=made.police_at is not None,
            host_told=made.host_at is not None,
            abroad_told=not made.is_home,
        )
        return coarse(seen)

    def _report(self, made: Invented, number: int) -> int:
        state, reason = self._coarse(made)
        report = self.add(
            Report,
            portal_id=self.portal.id,
            kind="danger" if made.urgent else "page",
            urgency="danger" if made.urgent else "",
            text="I found a bad page." if number == 0 else "",
            received_at=made.received_at,
            closed_at=made.closed_at,
            receipt_hash=_in_order(made.serial, str(number)),
        )
        changed = made.closed_at or made.police_at or made.assessed_at or made.received_at
        return self.add(
            Item,
            report_id=report,
            kind="url",
            typed=made.url,
            display=made.url,
            comparable=f"{made.host}{made.path}",
            state=state,
            reason=reason,
            state_changed_at=changed,
        )

    def _case(self, made: Invented, location: int) -> str:
        year = made.received_at.year
        self._sequence[year] = self._sequence.get(year, 0) + 1
        reference = f"{year}-{self._sequence[year]:04d}"
        due = first_assessment_due(made.received_at, urgent=made.urgent, calendar=self.calendar)
        self.add(
            Case,
            portal_id=self.portal.id,
            reference=reference,
            location_id=location,
            state=made.state,
            lane=STATES[made.state].lane.name,
            priority=priority_key(urgent=made.urgent, known=False, first_assessment_due=due),
            urgent=made.urgent,
            report_count=made.reports,
            place="here" if made.is_home else "abroad",
            country=made.country,
            first_assessor_id=self._who(made) if made.assessed_at else None,
            acted_by_id=self._who(made) if made.has_gone_out else None,
            outcome=made.outcome,
            close_reason=made.reason,
            received_at=made.received_at,
            first_assessed_at=made.assessed_at,
            decided_at=made.decided_at,
            police_told_at=made.police_at,
            host_told_at=made.host_at,
            removed_at=made.removed_at,
            closed_at=made.closed_at,
        )
        return reference

    def _clocks(self, made: Invented, case: int, reference: str) -> None:
        """What runs for a case that is open; what was met before is written down on the case."""
        times = Times(
            received_at=made.received_at,
            first_assessed_at=made.assessed_at,
            decided_at=made.decided_at,
            police_told_at=made.police_at,
            host_told_at=made.host_at,
            removed_at=made.removed_at,
        )
        for one in timed(times, tells_host=made.is_home):
            if one.started_at is None or one.met_at is not None:
                continue
            rule_kind = rule_kind_of(one.kind, urgent=made.urgent)
            self.add(
                Clock,
                portal_id=self.portal.id,
                case_id=case,
                reference=reference,
                kind=one.kind,
                rule_kind=rule_kind,
                started_at=one.started_at,
                due_at=due_at(one.started_at, RECOMMENDED[rule_kind], self.calendar),
            )

    def _who(self, made: Invented) -> int:
        return self.people[made.serial % len(self.people)]

    def _write_assessment(self, made: Invented, case: int) -> None:
        self.add(
            Assessment,
            case_id=case,
            by_id=self._who(made),
            round="first",
            outcome=made.outcome or "illegal",
            reason=made.reason,
            facts=json.dumps(made.facts if made.outcome in ("illegal", "") else {}),
            law_version=self.law,
            at=made.assessed_at,
        )

    def _note(self, made: Invented, case: int) -> None:
        """Add a note to every tenth case."""
        if made.serial % 10 == 0:
            text = f"Asked the host about {made.host.partition('.')[0]} by telephone, call {made.serial}."
            self.add(Note, case_id=case, by_id=self._who(made), text=text, at=made.assessed_at)

    def _tell(self, made: Invented, case: int, location: int, reference: str) -> None:
        is_over = made.removed_at is not None
        notice_case = self.add(
            NoticeCase,
            portal_id=self.portal.id,
            case_id=case,
            location_id=location,
            address_key=key_of("url", f"{made.host}{made.path}"),
            brief=json.dumps(self._brief(made, case, location, reference)),
            tells_police=True,
            tells_host=made.is_home,
            tells_abroad=not made.is_home,
            state="stopped" if is_over else "open",
            abroad_asked=not made.is_home,
            stopped_why="removed" if is_over else "",
            step=1,
            started_at=made.decided_at,
            stopped_at=made.removed_at,
        )
        police = self._contact("police", self.portal.police_email or "police@constabulary.example", self.portal.country)
        referral = self.add(
            Referral,
            notice_case_id=notice_case,
            case_id=case,
            reference=reference,
            portal_id=self.portal.id,
            contact_id=police,
            state="released",
            told_how="mail" if made.police_at else "",
            created_at=made.decided_at,
            sent_at=made.police_at,
            answered_at=made.host_at,
            decided_at=made.host_at,
        )
        self._message("referral", referral, self.portal.police_email, made.police_at)
        if made.host_at:
            email = f"abuse@{made.host.partition('.')[2]}"
            values = {"state": "sent", "created_at": made.police_at, "sent_at": made.host_at}
            notice = self.add(Notice, contact_id=self._contact("host", email), kind="host", **values)
            self.add(
                NoticeItem,
                notice_id=notice,
                notice_case_id=notice_case,
                case_id=case,
                location_id=location,
                address=made.url,
                answer="removed" if is_over else "none",
                answered_at=made.removed_at,
            )
            self._message("notice", notice, email, made.host_at)
        self._watch(made, location)

    def _brief(self, made: Invented, case: int, location: int, reference: str) -> dict[str, Any]:
        return {
            "case_id": case,
            "reference": reference,
            "hotline_id": self.hotline_id,
            "portal_id": self.portal.id,
            "location_id": location,
            "address": made.url,
            "received_at": made.received_at.isoformat(),
            "country": made.country,
            "urgent": made.urgent,
            "summary": [],
            "opinions": [],
            "file_hashes": [],
        }

    def _contact(self, kind: str, email: str, country: str = "") -> int:
        known = self._contacts.get((kind, email))
        if known is None:
            known = self.add(Contact, kind=kind, email=email, country=country, source="network")
            self._contacts[kind, email] = known
        return known

    def _message(self, kind: str, subject: int, to: str, at: datetime | None) -> None:
        self.add(
            Message,
            kind=kind,
            subject_id=subject,
            to=to,
            message_id=f"<made-up-{kind}-{subject}@leeward.example>",
            state="sent",
            attempts=1,
            next_at=at,
            created_at=at,
            sent_at=at,
        )

    def _watch(self, made: Invented, location: int) -> None:
        gone = made.removed_at is not None
        watch = self.add(
            Watch,
            location_id=location,
            state="removed" if gone else "up",
            since=made.police_at,
            removed_at=made.removed_at,
            checked_at=made.removed_at or made.police_at,
            created_at=made.police_at,
        )
        for outcome in _CHECKED if gone else _CHECKED[:2]:
            at = made.removed_at if outcome == "gone" else made.police_at
            status = 404 if outcome == "gone" else 200
            self.add(Check, watch_id=watch, at=at, outcome=outcome, counted=True, status=status)

    def _log(self, made: Invented, case: int) -> None:
        subject, who = f"case:{case}", f"staff:{self._who(made)}"
        self.chain.add("case.opened", "system", subject, made.received_at)
        self.chain.add("case.prepared", "system", subject, made.received_at)
        if made.assessed_at:
            self.chain.add("case.claimed", who, subject, made.assessed_at)
            outcome = made.outcome or "illegal"
            self.chain.add("case.assessed", who, subject, made.assessed_at, outcome=outcome, reason=made.reason)
        if made.police_at:
            self.chain.add("case.acted", who, subject, made.police_at, police=True, host=made.is_home)
        if made.removed_at:
            self.chain.add("case.removed", "system", subject, made.removed_at)


def _in_order(serial: int, rest: str) -> str:
    """Something that looks like a SHA-256 but is in order: a million rows at random places of an index take hours."""
    return f"{serial:016x}{rest:0<48.48}"
