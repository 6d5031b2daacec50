"""What a mail server's log says of our messages; of everybody else's mail nothing is kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from leeward.notices.rules.sent_log import ReadLog, Sent, SentFate, covers, later, ours_in, read_head, read_log

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
DOMAINS = frozenset({"leeward.example"})
ONE = "<r17.0123456789abcdef0123@leeward.example>"
TWO = "<n4.ffffffffffffffffffff@leeward.example>"
THREE = "<p9.aaaaaaaaaaaaaaaaaaaa@leeward.example>"
POSTFIX = f"""\
Nov 28 23:00:01 mx postfix/cleanup[811]: 4F1A2B3C4D: message-id={ONE}
Nov 28 23:00:01 mx postfix/cleanup[811]: 4F1A2B3C7A: message-id={THREE}
Nov 28 23:00:02 mx postfix/smtp[812]: 4F1A2B3C4D: to=<Police@constabulary.example>, relay=mx1.Constabulary.example[192.0.2.9]:25, status=sent (250 ok)
Nov 28 23:00:02 mx postfix/qmgr[700]: 4F1A2B3C4D: removed
Nov 28 23:00:02 mx postfix/qmgr[700]: 4F1A2B3C00: removed
Nov 28 23:00:03 mx postfix/cleanup[811]: 4F1A2B3C8B: message-id={ONE}
Nov 28 23:00:03 mx postfix/smtp[812]: 4F1A2B3C4D: to=<other@else.example>, dsn=5.1.1, status=bounced (550 no)
2026-11-29T01:00:00.123456+02:00 mx postfix/submission/cleanup[811]: 4F1A2B3C5E: message-id={TWO}
2026-11-29T01:00:01.000000+02:00 mx postfix/smtp[812]: 4F1A2B3C5E: to=<abuse@harbour-host.example>, status=deferred (connect timed out)
2026-11-29T03:00:01.000000+02:00 mx postfix/smtp[812]: 4F1A2B3C5E: to=<abuse@harbour-host.example>, status=expired, returned to sender
Nov 29 01:00:04 mx postfix/cleanup[811]: 4F1A2B3C6F: message-id=<private@someone.example>
Nov 29 01:00:05 mx postfix/smtp[812]: 4F1A2B3C6F: to=<friend@else.example>, status=sent (250 ok)
"""
EXIM = f"""\
2026-11-28 23:00:01 1wABCd-000000001Ab-2xYz <= desk@leeward.example H=(leeward) [127.0.0.1] P=esmtp S=900 id={ONE.strip("<>")}
2026-11-28 23:00:02 1wABCd-000000001Ab-2xYz => Police@constabulary.example R=dns T=smtp H=constabulary.example [192.0.2.9] C="250 ok"
2026-11-28 23:00:02 1wABCd-000000001Ab-2xYz Completed
2026-11-28 23:00:02 1wABCg-0000Xy-2B <= desk@leeward.example id={THREE.strip("<>")}
2026-11-28 23:00:03 1wABCg-0000Xy-2B == local_user R=local defer
2026-11-28 23:00:03 1wABCe-0000Xy-2B <= desk@leeward.example id={TWO.strip("<>")}
2026-11-28 23:00:04 1wABCe-0000Xy-2B ** abuse@harbour-host.example R=dns: no such host
2026-11-28 23:00:05 1wABCf-0000Xy-2B <= me@someone.example id=private@someone.example
2026-11-28 23:00:06 1wABCf-0000Xy-2B => friend@else.example R=dns
"""


def read(text: str, zone: timezone = UTC, now: datetime = NOW) -> ReadLog:
    """A log of a server in a time zone."""
    return read_log(text.splitlines(keepends=True), domains=DOMAINS, now=now, zone=zone)


def test_postfix() -> None:
    log = read(POSTFIX)
    night = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)
    assert log.found == {
        THREE: Sent(THREE, "", "taken", night + timedelta(seconds=1)),
        ONE: Sent(ONE, "police@constabulary.example", "delivered", night + timedelta(seconds=2)),
        TWO: Sent(TWO, "abuse@harbour-host.example", "returned", night + timedelta(hours=2, seconds=1)),
    }
    assert log.since == night
    assert log.until == night + timedelta(hours=2, seconds=5)


def test_exim() -> None:
    log = read(EXIM)
    night = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)
    assert log.found == {
        THREE: Sent(THREE, "", "taken", night + timedelta(seconds=3)),
        ONE: Sent(ONE, "police@constabulary.example", "delivered", night + timedelta(seconds=2)),
        TWO: Sent(TWO, "abuse@harbour-host.example", "returned", night + timedelta(seconds=4)),
    }


@pytest.mark.parametrize(
    ("relay", "fate"),
    [
        ("constabulary.example[192.0.2.9]:25", "delivered"),
        ("mx.constabulary.example[192.0.2.9]:25", "delivered"),
        ("smtp.provider.example[192.0.2.9]:587", "taken"),
        ("notconstabulary.example[192.0.2.9]:25", "taken"),
        ("127.0.0.1[127.0.0.1]:10024", "taken"),
        ("local", "taken"),
    ],
)
def test_only_a_server_of_the_receivers_own_domain_is_the_receivers(relay: str, fate: SentFate) -> None:
    to = "police@constabulary.example"
    postfix = "Nov 28 23:00:0{} mx postfix/smtp[8]: 4F1A2B3C4D: {}"
    said = (f"message-id={ONE}", f"to=<{to}>, relay={relay}, status=sent (250 ok)")
    at = datetime(2026, 11, 28, 23, 0, 1, tzinfo=UTC)
    assert read("\n".join(map(postfix.format, range(2), said))).found == {ONE: Sent(ONE, to, fate, at)}
    odd = (said[0], said[1].replace(to, f'"a@b.example"@{to.partition("@")[2]}'))
    assert read("\n".join(map(postfix.format, range(2), odd))).found[ONE].fate == fate
    host, is_far, _port = relay.partition("[")
    host = f" H={host} [192.0.2.9]" if is_far else ""
    exim = "2026-11-28 23:00:0{} 1wABCd-000000001Ab-2xYz {}"
    said = (f"<= desk@leeward.example id={ONE}", f"=> {to} R=smarthost T=smtp{host}")
    assert read("\n".join(map(exim.format, range(2), said))).found == {ONE: Sent(ONE, to, fate, at)}
    without = (said[0], f"=> unnamed R=smarthost{host.replace(' [', '. [')}")
    assert read("\n".join(map(exim.format, range(2), without))).found == {ONE: Sent(ONE, "", "taken", at)}


@pytest.mark.parametrize(
    "refused", ["milter-reject: END-OF-MESSAGE", "reject: header X: y", "milter-discard: END", "discard: body"]
)
def test_what_the_server_refused_after_all_did_not_leave(refused: str) -> None:
    begun = f"Nov 28 23:00:00 mx postfix/cleanup[8]: 4F1A2B3C4D: message-id={ONE}\n"
    no = f"Nov 28 23:00:01 mx postfix/cleanup[8]: 4F1A2B3C4D: {refused} from mx[127.0.0.1]: 5.7.1 message-id={ONE}\n"
    again = begun.replace("4F1A2B3C4D", "4F1A2B3C5E")
    sent = "Nov 28 23:00:02 mx postfix/smtp[8]: {}: to=<a@b.example>, relay=b.example[192.0.2.9]:25, status=sent (ok)\n"
    assert read(begun + no + no).found == {}
    assert read(begun + no + sent.format("4F1A2B3C4D")).found == {}
    taken = Sent(ONE, "", "taken", datetime(2026, 11, 28, 23, 0, tzinfo=UTC))
    assert read(begun + again + no).found == read(begun + no + again).found == {ONE: taken}
    assert read(again + sent.format("4F1A2B3C5E") + begun + no).found[ONE].fate == "delivered"
    assert (
        read(again + begun + sent.format("4F1A2B3C5E") + no + no.replace("3C4D", "3C5E")).found[ONE].fate == "delivered"
    )
    assert read(begun + begun.replace("4D:", "4E:").replace(ONE, TWO) + no).found.keys() == {TWO}
    assert read(begun + f"Nov 28 23:00:01 mx postfix/qmgr[8]: 4F1A2B3C4D: no {refused}").found == {ONE: taken}


def test_what_the_server_only_took_and_no_more_than_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = f"2026-11-28 23:00:01 1wABCd-000000001Ab-2xYz <= desk@leeward.example id={ONE}"
    assert read(taken).found == {ONE: Sent(ONE, "", "taken", datetime(2026, 11, 28, 23, 0, 1, tzinfo=UTC))}
    monkeypatch.setattr("leeward.notices.rules.sent_log.MOST_FOUND", 1)
    assert list(read(f"{ONE}\n{TWO}").found) == [ONE]


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("Nov 29 11:00:00 mx: {}", datetime(2026, 11, 29, 9, 0, tzinfo=UTC)),
        ("Dec 24 11:00:00 mx: {}", datetime(2025, 12, 24, 9, 0, tzinfo=UTC)),
        ("Nov 30 02:00:00 mx: {}", datetime(2026, 11, 30, 0, 0, tzinfo=UTC)),
        ("Nov 30 14:00:01 mx: {}", datetime(2025, 11, 30, 12, 0, 1, tzinfo=UTC)),
        ("Nov 30 14:00:00 mx: {}", datetime(2026, 11, 30, 12, 0, tzinfo=UTC)),
        ("2026-11-29 11:00:00 {}", datetime(2026, 11, 29, 9, 0, tzinfo=UTC)),
        ("2026-11-29T11:00:00Z {}", datetime(2026, 11, 29, 11, 0, tzinfo=UTC)),
        ("Feb 31 11:00:00 mx: {}", None),
        ("Foo 11 11:00:00 mx: {}", None),
        ("{}", None),
    ],
)
def test_any_log_that_names_a_message_id_and_its_times(line: str, at: datetime | None) -> None:
    log = read(line.format(ONE), timezone(timedelta(hours=2)))
    assert log.found == {ONE: Sent(ONE, "", "taken", at)}
    assert log.since == log.until == at


def test_only_our_own_ids_at_our_own_domain() -> None:
    assert ours_in(f"seen: {ONE}, {TWO}", DOMAINS) == ONE
    assert ours_in(f"{ONE.replace('leeward.example', 'Leeward.Example')}", DOMAINS).lower() == ONE
    for other in (
        "<r17.0123456789abcdef0123@else.example>",
        "<17.0123456789abcdef0123@leeward.example>",
        "<r17.short@leeward.example>",
    ):
        assert ours_in(other, DOMAINS) == ""
    assert read_log(["x" * 4000 + ONE], domains=DOMAINS, now=NOW, zone=UTC).found == {}, "no line is read for ever"


def test_heads_of_sent_mail() -> None:
    head = f"To: Police: desk\r\n <Police@constabulary.example>\r\nMessage-ID:\r\n {ONE}\r\nTo: second@else.example"
    assert read_head(head, NOW, DOMAINS) == Sent(ONE, "police@constabulary.example", "kept", NOW)
    assert read_head(f"Message-ID: {ONE}\nTo:\n\tA@b.example", NOW, DOMAINS) == Sent(ONE, "a@b.example", "kept", NOW)
    assert read_head(f"message-id: {ONE}", None, DOMAINS) == Sent(ONE, "", "kept", None)
    assert read_head("Message-ID: <private@someone.example>\nTo: x@y.example", NOW, DOMAINS) is None
    assert read_head(f"Subject: {ONE}", NOW, DOMAINS) is None


def test_what_says_more_holds() -> None:
    kept, sent = Sent(ONE, "", "kept", NOW), Sent(ONE, "a@b.example", "delivered", None)
    assert later(kept, sent) == later(sent, kept) == Sent(ONE, "a@b.example", "delivered", NOW)
    again = Sent(ONE, "", "delivered", NOW)
    assert later(again, Sent(ONE, "", "delivered", NOW + timedelta(hours=1))).at == NOW + timedelta(hours=1)
    back = Sent(ONE, "", "returned", NOW)
    assert later(sent, back) == later(back, sent) == Sent(ONE, "a@b.example", "returned", NOW)


@pytest.mark.parametrize(
    ("spans", "whole"),
    [
        ([(0, 10)], True),
        ([(1, 9)], True),
        ([(2, 10)], False),
        ([(0, 8)], False),
        ([(6, 10), (0, 5)], True),
        ([(7, 10), (0, 5)], False),
        ([(0, 10), (2, 3)], True),
        ([], False),
    ],
)
def test_logs_cover_a_time_where_they_follow_one_another(spans: list[tuple[int, int]], whole: bool) -> None:
    hour = timedelta(hours=1)
    given = [(NOW + begins * hour, NOW + ends * hour) for begins, ends in spans]
    assert covers(given, NOW, NOW + 10 * hour, gap=hour) is whole
