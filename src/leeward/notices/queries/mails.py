"""Mail that answers letters about a case, as its history shows it: which letter each answers, and what isn't shown of very many."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, F, Q, Window
from django.db.models.functions import Least, RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leeward.notices.models import InboundMail, Message, NoticeItem, PaymentAlert, Referral
from leeward.notices.queries.history_row import HistoryRow
from leeward.notices.queries.labels import kind_word
from leeward.notices.rules.senders import is_of
from leeward.sealing.fields import open_rows, opened_rows
from leeward.web_security.paging import Page, page_of

# Of the mails that answer one letter; so nobody's mails push out those of others, nor their own first ones.
MOST_FIRST, MOST_LAST = 10, 90
# Of all in one history: how many mails, how many characters of whole ones, and how many of each that finds no room among these.
MOST_MAILS, MOST_CHARACTERS, BEGINNING = 200, 400_000, 1000
PER_PAGE = 20
_LETTER = ("notice_id", "referral_id", "payment_alert_id")

# A notice (N), a referral (R) or an alert to a payment firm (P).
type Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of ours: what is said of it, the addresses that it went to, and whether what answers it may be read only elsewhere."""

    title: str
    addresses: frozenset[str]
    is_read_elsewhere: bool = False


def letters_about(
    referrals: Iterable[Referral], items: Iterable[NoticeItem], messages: Mapping[Key, Message]
) -> dict[Key, Letter]:
    """Return the letters about a case, also those that carried several."""
    found = dict[Key, Letter]()
    for one in referrals:
        now = one.contact.email if one.contact else ""
        for number in (one.pk, one.mail_of_id):
            if number:
                found["R", number] = _to_office(
                    one.kind, _addresses(now, messages.get(("R", one.mail_of_id or one.pk)))
                )
    for item in items:
        addresses = _addresses(item.notice.contact.email, messages.get(("N", item.notice_id)))
        named = {"number": item.step, "whom": kind_word(item.notice.kind), "address": ", ".join(sorted(addresses))}
        title = _("This is about notice %(number)s to %(whom)s (%(address)s).") % named
        found["N", item.notice_id] = Letter(title, addresses)
    return found


def letters_of_each(
    case_ids: Iterable[int], referrals: Iterable[Referral], items: Iterable[NoticeItem], messages: Mapping[Key, Message]
) -> dict[int, dict[Key, Letter]]:
    """Return the same by case."""
    ours, theirs = by_case(referrals), by_case(items)
    return {number: letters_about(ours.get(number, ()), theirs.get(number, ()), messages) for number in case_ids}


def by_case[Row: (Referral, NoticeItem)](rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Return rows by the case that they are about."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def messages_of(referrals: Iterable[Referral], items: Iterable[NoticeItem]) -> dict[Key, Message]:
    """Return the messages that carry these; one query."""
    carriers = [referral.mail_of_id or referral.pk for referral in referrals]
    wanted = Q(kind__in=("referral", "forward", "protect"), subject_id__in=carriers)
    wanted |= Q(kind="notice", subject_id__in=[item.notice_id for item in items])
    return {
        ("N" if message.kind == "notice" else "R", message.subject_id): message
        for message in Message.objects.filter(wanted)
    }


def letter_to_firm(alert: PaymentAlert, message: Message) -> Letter:
    """Return an alert as a letter; expects its contact to be loaded."""
    addresses = _addresses(alert.contact.email, message)
    title = _("This is about our alert to a payment firm (%(address)s).") % {"address": ", ".join(sorted(addresses))}
    return Letter(title, addresses, is_read_elsewhere=True)


def mails_about_alerts(alert_ids: Iterable[int]) -> list[HistoryRow]:
    """Return the mails that answer alerts to payment firms, with their words, oldest first: only for who may read what is paid to."""
    alerts = {row.pk: row for row in PaymentAlert.objects.select_related("contact").filter(pk__in=list(alert_ids))}
    messages = Message.objects.filter(kind="payment", subject_id__in=list(alerts))
    letters = {("P", one.subject_id): letter_to_firm(alerts[one.subject_id], one) for one in messages}
    readable = {key: replace(letter, is_read_elsewhere=False) for key, letter in letters.items()}
    return sorted(mails_to({0: readable})[0], key=lambda row: row.at)


def _to_office(kind: str, addresses: frozenset[str]) -> Letter:
    if kind == "protection":
        return Letter(_("This is about our letter to child protection."), addresses)
    named = {"address": ", ".join(sorted(addresses))}
    return Letter(_("This is about our letter to the police (%(address)s).") % named, addresses)


def _addresses(now: str, message: Message | None) -> frozenset[str]:
    """Return where a letter went, and where it would go now, which may have been corrected since."""
    return frozenset(filter(None, (now, message.to if message else "")))


def mails_to(letters_of: Mapping[int, Mapping[Key, Letter]]) -> dict[int, list[HistoryRow]]:
    """Return, by case, the mails that answer its letters, of each the first and the last ones, and how many lie between; two queries at most.
    However many there are, so much of them is shown: first of each letter the first mail, then in turn the newest and the next ones."""
    wanted = {key for letters in letters_of.values() for key in letters}
    shown = defaultdict[Key, list[InboundMail]](list)
    for mail in _shown(wanted):
        shown[_key(mail)].append(mail)
    whole = _whole(shown)
    is_full = sum(map(len, shown.values())) >= MOST_MAILS or any(
        len(mails) >= MOST_FIRST + MOST_LAST for mails in shown.values()
    )
    counts = _counts(wanted) if is_full else {}
    found = {}
    for number, letters in letters_of.items():
        mails = sorted((mail for key in letters for mail in shown.get(key, ())), key=lambda mail: mail.pk)
        rows = [_row(mail, letters[_key(mail)], is_whole=mail.pk in whole) for mail in mails]
        found[number] = rows + _left_out(letters, shown, counts)
    return found


def page_of_mails(letters_of: dict[int, dict[Key, Letter]], number: str | int | None) -> Page[tuple[int, HistoryRow]]:
    """Return one page of all these mails, whole, newest first, each with the case of the letter that it answers."""
    case_of = {key: case_id for case_id, letters in reversed(letters_of.items()) for key in letters}
    asked = InboundMail.objects.filter(_about(case_of) if case_of else Q(pk__in=())).order_by("-pk")
    page = page_of(asked, number, per_page=PER_PAGE)
    open_rows(page.rows)
    found = [(case_of[_key(mail)], mail) for mail in page.rows]
    return replace(page, rows=[(case_id, _row(mail, letters_of[case_id][_key(mail)])) for case_id, mail in found])


def _whole(shown: Mapping[Key, Sequence[InboundMail]]) -> set[int]:
    """Return the mails that find room with all that they say, by the order in which they are shown."""
    ranked = [
        (min(place, len(mails) - place), -mail.pk, len(mail.text))
        for mails in shown.values()
        for place, mail in enumerate(mails)
    ]
    whole, left = set(), MOST_CHARACTERS
    for _rank, number, length in sorted(ranked):
        if length <= max(left, BEGINNING):
            whole.add(-number)
            left -= length
    return whole


def _left_out(
    letters: Mapping[Key, Letter], shown: Mapping[Key, Sequence[InboundMail]], counts: Mapping[Key, int]
) -> list[HistoryRow]:
    """Return how many mails of each letter aren't shown, before the first that is again, and of how many letters none is."""
    rows = []
    for key in letters:
        mails = shown.get(key, ())
        if mails and (number := counts.get(key, 0) - len(mails)) > 0:
            first_ones = min(MOST_FIRST, (len(mails) + 1) // 2)
            rows.append(_left_out_at(mails[min(first_ones, len(mails) - 1)].received_at, letters[key].title, number))
    if number := sum(counts.get(key, 0) for key in letters if key not in shown):
        oldest = min(mail.received_at for mails in shown.values() for mail in mails)
        rows.append(_left_out_at(oldest, "", number))
    return rows


def _about(letters: Iterable[Key]) -> Q:
    numbers = {letter: [number for one, number in letters if one == letter] for letter in "NRP"}
    named = ("notice_id__in", "N"), ("referral_id__in", "R"), ("payment_alert_id__in", "P")
    found = Q()
    for name, letter in named:
        if numbers[letter]:
            found |= Q((name, numbers[letter]))
    return found


def _shown(letters: Collection[Key]) -> list[InboundMail]:
    if not letters:
        return []
    ranked = InboundMail.objects.filter(_about(letters)).annotate(
        from_first=Window(RowNumber(), partition_by=_LETTER, order_by="pk"),
        from_last=Window(RowNumber(), partition_by=_LETTER, order_by="-pk"),
    )
    some = ranked.filter(Q(from_first__lte=MOST_FIRST) | Q(from_last__lte=MOST_LAST))
    first = some.order_by(Least(F("from_first") - 1, F("from_last")), "-pk").values("pk")[:MOST_MAILS]
    return opened_rows(InboundMail.objects.filter(pk__in=first).order_by("pk"))


def _counts(letters: Collection[Key]) -> dict[Key, int]:
    found = InboundMail.objects.filter(_about(letters)).order_by().values_list(*_LETTER).annotate(count=Count("pk"))
    return {_key_of(notice, referral, alert): count for notice, referral, alert, count in found}


def _key(mail: InboundMail) -> Key:
    return _key_of(mail.notice_id, mail.referral_id, mail.payment_alert_id)


def _key_of(notice: int | None, referral: int | None, alert: int | None) -> Key:
    return ("N", notice) if notice else ("R", referral) if referral else ("P", alert or 0)


def _row(mail: InboundMail, letter: Letter, *, is_whole: bool = True) -> HistoryRow:
    about = [letter.title]
    if not (mail.is_bounce or is_of(mail.sender, letter.addresses)):
        about.append(_("Its sender isn’t whom we wrote to. It may be from anybody who has that letter."))
    text = mail.text if is_whole else f"{mail.text[:BEGINNING]}…"
    shown = [mail.subject, *left_out_of(mail), *([] if is_whole else [_("Only its beginning is shown here.")])]
    if letter.is_read_elsewhere:
        shown = [_("What it says stands under Money, with what is paid to.")]
    return HistoryRow(
        mail.received_at,
        "mail_bounced" if mail.is_bounce else "mail_received",
        _("Mail bounced") if mail.is_bounce else _("Answer by mail from %(who)s") % {"who": mail.sender},
        "\n".join(filter(None, (*about, *shown))),
        subject_id=mail.pk,
        mail_text="" if letter.is_read_elsewhere else text,
        is_in_part=not (is_whole or letter.is_read_elsewhere),
    )


def _left_out_at(at: datetime, title_of_letter: str, number: int) -> HistoryRow:
    title = ngettext("%(number)s mail is not shown here", "%(number)s mails are not shown here", number)
    return HistoryRow(at, "mails_left_out", title % {"number": number}, title_of_letter, is_in_part=True)


def left_out_of(mail: InboundMail) -> list[str]:
    """Return what isn't kept of a mail, in the words of the list of mail that matches nothing."""
    dropped = ngettext("%(number)s attachment was dropped", "%(number)s attachments were dropped", mail.dropped)
    cut = _("The rest was too long and was not stored.")
    return [*([dropped % {"number": mail.dropped}] if mail.dropped else []), *([cut] if mail.was_cut else [])]
