"""What must hold whatever broke. Each is a pure function over rows that returns a sentence for each violation."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.police_first import OthersBeforePolice, assert_police_first

# After everything is quiet nothing due waits longer than this, and no lease reaches further ahead than any job's.
LATE, LONGEST_LEASE, LONGEST_CLAIM = timedelta(minutes=2), timedelta(hours=7), timedelta(hours=13)
ENDED_MESSAGES = frozenset({"sent", "stopped"})


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report of the database: its address, and the case of it ("": none)."""

    number: int
    address: str
    case: str


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail that the world's mail server kept."""

    recipient: str
    message_id: str
    cases: frozenset[str]
    link: str  # to the page of this referral or notice; "" without one
    subject: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job that is still there."""

    kind: str
    subject: int
    due_at: datetime
    leased_until: datetime | None
    is_dead: bool
    problem: str


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A publication, and what is on the disk of it: the digest of the file of its entries (None: there is none)."""

    list_name: str
    serial: int
    sha256: str
    entries: int
    found_sha256: str | None
    found_entries: int


def one_case_each(taken: Mapping[str, tuple[int, int]], reports: Iterable[ReportRow]) -> list[str]:
    """Each receipt stands for one report, and all reports of an address for one case. `taken` says of each address how many
    receipts were given, and how many answers never came."""
    by_address: dict[str, list[ReportRow]] = defaultdict(list)
    for report in reports:
        by_address[report.address].append(report)
    found = []
    for address, (receipts, unknown) in taken.items():
        rows = by_address.get(address, [])
        if not receipts <= len({row.number for row in rows}) <= receipts + unknown:
            found.append(f"{address}: {receipts} receipts and {unknown} without an answer, but {len(rows)} reports")
        if rows and (cases := {row.case for row in rows}) and (len(cases) != 1 or "" in cases):
            found.append(f"{address}: cases {sorted(cases)}")
    return found


def police_first_in_log(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """No row of the log says that somebody was told of a case before the police had it."""
    try:
        assert_police_first(rows)
    except OthersBeforePolice as error:
        return [str(error)]
    return []


def police_first_in_mail(mails: Iterable[MailRow], *, police: str, staff: str) -> list[str]:
    """No mail about a case reached others before one about it reached the police. Our own people (`staff`: the end of
    their addresses) may know."""
    had: set[str] = set()
    found = []
    for mail in mails:
        if mail.recipient == police:
            had |= mail.cases
        elif not mail.recipient.endswith(staff):
            found += [f"{mail.recipient} was told of {case} before the police" for case in sorted(mail.cases - had)]
    return found


def nothing_twice(mails: Iterable[MailRow]) -> list[str]:
    """No message arrived twice, neither under its own identifier nor composed anew with the same link and subject."""
    found = []
    by_id: Counter[tuple[str, str]] = Counter()
    by_link: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for mail in mails:
        by_id[mail.recipient, mail.message_id] += 1
        if mail.link:
            by_link[mail.recipient, mail.link, mail.subject].add(mail.message_id)
    found += [f"{to} got {number} {times} times" for (to, number), times in by_id.items() if times > 1]
    found += [
        f"{to} got “{subject}” in {len(numbers)} messages"
        for (to, _link, subject), numbers in by_link.items()
        if len(numbers) > 1
    ]
    return found


def sent_means_arrived(states: Mapping[str, str], mails: Iterable[MailRow]) -> list[str]:
    """What the outbox calls sent arrived, what it calls stopped did not, and nothing is left between."""
    arrived = {mail.message_id for mail in mails}
    found = []
    for number, state in states.items():
        if state == "sent" and number not in arrived:
            found.append(f"{number} is called sent and never arrived")
        elif state not in ENDED_MESSAGES:
            found.append(f"{number} is still {state}")
    return found


def nothing_claimed_for_ever(
    jobs: Iterable[JobRow], claims: Mapping[str, datetime], now: datetime, *, begun_at: datetime
) -> list[str]:
    """No job is leased beyond its time or overdue, none was given up, and no case is held for longer than anybody may.
    A job that is due is overdue if it was due, and the worker had been at it since `begun_at`, for longer than LATE."""
    found = []
    for job in jobs:
        name = f"{job.kind}({job.subject})"
        if job.is_dead:
            found.append(f"{name} was given up: {job.problem}")
        elif job.leased_until is not None and job.leased_until - now > LONGEST_LEASE:
            found.append(f"{name} is leased until {job.leased_until:%Y-%m-%d %H:%M}")
        elif now - max(job.due_at, begun_at, job.leased_until or job.due_at) > LATE:
            found.append(f"{name} is due since {job.due_at:%Y-%m-%d %H:%M:%S}")
    return found + [
        f"case {case} is claimed until {until:%Y-%m-%d %H:%M}"
        for case, until in claims.items()
        if until - now > LONGEST_CLAIM
    ]


def nothing_left_between(kept_back: Iterable[str], waiting: int, wrong_cards: int) -> list[str]:
    """Everything that came in on a public face with a file of its own was taken in, and receipts show what the desk has."""
    found = [f"{times} arrivals were kept back: {problem}" for problem, times in sorted(Counter(kept_back).items())]
    if waiting:
        found.append(f"{waiting} arrivals and marks wait when all is quiet")
    if wrong_cards:
        found.append(
            f"{wrong_cards} cards show something else" if wrong_cards > 0 else "the cards could not be compared"
        )
    return found


def each_once_at_the_peer(
    told: Mapping[str, tuple[int, str]], there: Collection[str], twice: Iterable[str], received: int, *, is_cut: bool
) -> list[str]:
    """What was reported to the peer is there once, each case in one report, and nothing came from it: it never signed anything.
    `told` says of each exchange its case and how its report stands; after a restoring the peer may have more than we know of."""
    found = [
        f"{uid} is called {state}, and the peer has none" for uid, (_case, state) in told.items() if uid not in there
    ]
    found += [f"{uid} is still {state}" for uid, (_case, state) in told.items() if state != "sent"]
    found += [f"the peer has {uid} twice" for uid in sorted(twice)]
    if not is_cut:
        found += [f"the peer has {uid}, of which nothing is known here" for uid in sorted(set(there) - set(told))]
    times = Counter(case for case, _state in told.values())
    found += [f"case {case} was reported {count} times" for case, count in times.items() if count > 1]
    return [*found, f"{received} messages were taken in, and none was signed"] if received else found


def publications_whole(rows: Iterable[PublicationRow], leftovers: Collection[str]) -> list[str]:
    """Each publication has the file of its entries, whole; serials grow by the order of publishing; nothing half lies about."""
    found = [f"{name} was left" for name in sorted(leftovers)]
    last: dict[str, int] = {}
    for row in rows:
        name = f"{row.list_name} {row.serial}"
        if row.found_sha256 != row.sha256:
            found.append(f"{name}: the file of its entries is {'missing' if row.found_sha256 is None else 'another'}")
        elif row.found_entries != row.entries:
            found.append(f"{name}: {row.entries} entries, {row.found_entries} in the file")
        if row.serial <= last.get(row.list_name, 0):
            found.append(f"{name} follows {last[row.list_name]}")
        last[row.list_name] = row.serial
    return found


def log_whole(verdicts: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The log's own check finds nothing, has seen every row there is, and numbers have no gap."""
    count: Counter[int] = Counter()
    found = []
    for row in rows:
        count[row["chain"]] += 1
        if row["number"] != count[row["chain"]]:
            found.append(f"log {row['chain']}: row {row['number']} where {count[row['chain']]} was expected")
            count[row["chain"]] = row["number"]
    seen = {verdict["chain"]: verdict for verdict in verdicts}
    for chain, rows_there in count.items():
        if chain not in seen:
            found.append(f"log {chain} was not checked")
        elif seen[chain]["rows"] < rows_there:
            found.append(f"log {chain}: {seen[chain]['rows']} rows checked of {rows_there}")
    return found + [f"log {chain}: {verdict['problem']}" for chain, verdict in seen.items() if not verdict["ok"]]
