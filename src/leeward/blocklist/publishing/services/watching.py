"""Monitor subscribers: alarms for stale lists, the quarterly test, evidence of commitments."""

from collections.abc import Collection
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import queries
from leeward.blocklist.publishing.models import ANSWERS, COMMITMENTS, Evidence, ListTest, Subscriber
from leeward.blocklist.publishing.queries import FetchRow, SubscriberRow
from leeward.blocklist.publishing.rules.alarms import Standing, alarm_of, quarter_of
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.foundation.whole_text import whole
from leeward.jobs.services import publish_event
from leeward.people.errors import FieldIsWrong
from leeward.people.services import authorize

MOST_DESCRIPTION, MOST_SOURCE = 500, 300


def ask_tests(hotline_id: int, *, now: datetime) -> int:
    """Create this quarter's test of every list for all its subscribers; return how many are new. Safe to run twice."""
    quarter, made = quarter_of(now.date()), 0
    published = {row.id for row in blocklist_queries.block_lists() if queries.newest(row.id)}
    for found in queries.subscribers():
        for list_id in queries.subscriber_row(found).list_ids & published:
            with hotline_transaction(hotline_id):
                test, is_new = ListTest.objects.get_or_create(
                    subscriber_id=found.pk,
                    list_id=list_id,
                    quarter=quarter,
                    defaults={"hotline_id": hotline_id, "asked_at": now},
                )
                if is_new:
                    _note(test, "list_test.asked", SYSTEM)
                    made += 1
    return made


def answer_test(
    subscriber_id: int,
    list_id: int,
    *,
    answer: str,
    actor: Actor,
    by_programme: bool = False,
    now: datetime | None = None,
) -> str:
    """Record the result of this quarter's test of a list; the last answer counts. Return the quarter. Raises
    FieldIsWrong, NotFound.
    """
    if answer not in ANSWERS:
        raise FieldIsWrong(field="answer", why=_("Choose one from the list."))
    subscriber = queries.subscriber(subscriber_id)
    if subscriber is None or list_id not in subscriber.list_ids:
        raise NotFound(what=_("subscriber"))
    if actor.kind != "token":
        authorize(actor, "publication.make", subscriber.hotline_id)
    at = now or datetime.now(UTC)
    quarter = quarter_of(at.date())
    with hotline_transaction(subscriber.hotline_id):
        test, _made = ListTest.objects.get_or_create(
            subscriber_id=subscriber_id,
            list_id=list_id,
            quarter=quarter,
            defaults={"hotline_id": subscriber.hotline_id, "asked_at": at},
        )
        test.answer, test.answered_at, test.by_programme = answer, at, by_programme
        test.save(update_fields=["answer", "answered_at", "by_programme"])
        _note(test, "list_test.answered", actor)
        _set_alarm(subscriber, at)
    return quarter


def _note(test: ListTest, event: str, actor: Actor) -> None:
    facts = {"list": test.list_id, "subscriber": test.subscriber_id, "quarter": test.quarter, "answer": test.answer}
    record(event, actor=actor, hotline_id=test.hotline_id, subject=f"list_test:{test.pk}", facts=facts)


def watch_subscribers(hotline_id: int, *, now: datetime) -> int:
    """Check every subscriber and raise or clear its alarm; return how many have one now."""
    alarmed = 0
    for found in queries.subscribers():
        with hotline_transaction(hotline_id):
            alarmed += bool(_set_alarm(queries.subscriber_row(found), now))
    return alarmed


def watch_lists(hotline_id: int, *, now: datetime) -> int:
    """Report each list whose publication is overdue; return how many."""
    late = queries.overdue(now)
    for list_id, _last_at in late:
        with hotline_transaction(hotline_id):
            publish_event("publication.overdue", subject_id=list_id, hotline_id=hotline_id)
    return len(late)


def _set_alarm(row: SubscriberRow, now: datetime) -> str:
    alarm = alarm_of(_standing(row, now), now)
    if alarm != row.alarm:
        Subscriber.objects.filter(pk=row.id).update(alarm=alarm, alarm_at=now if alarm else None)
        facts = {"alarm": alarm or "none"}
        event = "subscriber.alarmed" if alarm else "subscriber.calmed"
        record(event, actor=SYSTEM, hotline_id=row.hotline_id, subject=f"subscriber:{row.id}", facts=facts)
        publish_event(event, subject_id=row.id, hotline_id=row.hotline_id)
    return alarm


def _standing(row: SubscriberRow, now: datetime) -> Standing:
    published = {list_id: one for list_id in row.list_ids if (one := queries.newest(list_id))}
    held = _held(row, published)
    fetched = {fetch.list_id for fetch in held}
    tests = ListTest.objects.filter(subscriber_id=row.id, list_id__in=published, quarter=quarter_of(now.date()))
    rows = list(tests.values_list("answer", "asked_at"))
    return Standing(
        since=row.added_at,
        last_fetch_at=min((fetch.at for fetch in held), default=None),
        has_unfetched=bool(published.keys() - fetched),
        failed=sum(answer == "open" for answer, _at in rows),
        unanswered_since=min((asked_at for answer, asked_at in rows if not answer), default=None),
    )


def _held(row: SubscriberRow, published: Collection[int]) -> list[FetchRow]:
    """Return the last fetch of each list in each format of the contract that was ever fetched.

    Formats are checked one by one: a resolver whose transfers fail is not covered by another program of the same
    operator.
    """
    fetches = queries.fetches_of([row.id])[row.id]
    return [fetch for fetch in fetches if fetch.list_id in published and fetch.form in row.formats]


def record_evidence(
    subscriber_id: int, *, commitment: str, on: date, description: str, source: str, actor: Actor, today: date
) -> int:
    """Record that an operator keeps a commitment, with the date. Raises FieldIsWrong, NotAllowed, NotFound."""
    found = queries.subscriber(subscriber_id)
    if found is None or found.kind != "mobile":
        raise NotFound(what=_("mobile operator"))
    authorize(actor, "subscriber.edit", found.hotline_id)
    if commitment not in COMMITMENTS:
        raise FieldIsWrong(field="commitment", why=_("Choose one from the list."))
    if not description.strip():
        raise FieldIsWrong(field="description", why=_("Describe what was seen."))
    if on > today:
        raise FieldIsWrong(field="on", why=_("This day is still to come."))
    with hotline_transaction(found.hotline_id):
        made = Evidence.objects.create(
            hotline_id=found.hotline_id,
            subscriber_id=subscriber_id,
            commitment=commitment,
            on=on,
            description=whole(description, MOST_DESCRIPTION),
            source=whole(source, MOST_SOURCE),
        )
        facts = {"subscriber": subscriber_id, "commitment": commitment, "on": on.isoformat()}
        record(
            "evidence.recorded", actor=actor, hotline_id=found.hotline_id, subject=f"evidence:{made.pk}", facts=facts
        )
    return int(made.pk)
