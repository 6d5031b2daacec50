"""Mail that answers letters about a case, as its history shows it: which letter each answers, and what isn't shown of very many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leeward.notices.models import InboundMail, Message, NoticeItem, PaymentAlert, Referral
from leeward.notices.queries.history_row import HistoryRow
from leeward.notices.queries.labels import kind_word
from leeward.notices.rules.senders import is_of
from leeward.sealing.fields import opened_rows

# Of the mails that answer one letter; so nobody's mails push out those of others, nor their own first ones.
MOST_FIRST, MOST_LAST = 10, 90
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
    return sorted(mails_to(readable), key=lambda row: row.at)


def _to_office(kind: str, addresses: frozenset[str]) -> Letter:
    if kind == "protection":
        return Letter(_("This is about our letter to child protection."), addresses)
    named = {"address": ", ".join(sorted(addresses))}
    return Letter(_("This is about our letter to the police (%(address)s).") % named, addresses)


def _addresses(now: str, message: Message | None) -> frozenset[str]:
    """Return where a letter went, and where it would go now, which may have been corrected since."""
    return frozenset(filter(None, (now, message.to if message else "")))


def mails_to(letters: Mapping[Key, Letter]) -> list[HistoryRow]:
    """Return the mails that answer these letters, of each the first and the last ones, and how many lie between; two queries at most."""
    found = _found(letters)
    per_letter = {key: [mail for mail in found if _key(mail) == key] for key in letters}
    is_full = any(len(mails) >= MOST_FIRST + MOST_LAST for mails in per_letter.values())
    counts = _counts(letters) if is_full else {}
    rows = [_row(mail, letters[_key(mail)]) for mail in found]
    for key, mails in per_letter.items():
        if (number := counts.get(key, 0) - len(mails)) > 0:
            rows.append(_left_out_between(mails[MOST_FIRST], letters[key], number))
    return rows


def _about(letters: Iterable[Key]) -> Q:
    numbers = {letter: [number for one, number in letters if one == letter] for letter in "NRP"}
    named = ("notice_id__in", "N"), ("referral_id__in", "R"), ("payment_alert_id__in", "P")
    found = Q()
    for name, letter in named:
        if numbers[letter]:
            found |= Q((name, numbers[letter]))
    return found


def _found(letters: Mapping[Key, Letter]) -> list[InboundMail]:
    if not letters:
        return []
    ranked = InboundMail.objects.filter(_about(letters)).annotate(
        from_first=Window(RowNumber(), partition_by=_LETTER, order_by="pk"),
        from_last=Window(RowNumber(), partition_by=_LETTER, order_by="-pk"),
    )
    shown = ranked.filter(Q(from_first__lte=MOST_FIRST) | Q(from_last__lte=MOST_LAST))
    return opened_rows(InboundMail.objects.filter(pk__in=shown.values("pk")).order_by("pk"))


def _counts(letters: Mapping[Key, Letter]) -> dict[Key, int]:
    found = InboundMail.objects.filter(_about(letters)).order_by().values_list(*_LETTER).annotate(count=Count("pk"))
    return {_key_of(notice, referral, alert): count for notice, referral, alert, count in found}


def _key(mail: InboundMail) -> Key:
    return _key_of(mail.notice_id, mail.referral_id, mail.payment_alert_id)


def _key_of(notice: int | None, referral: int | None, alert: int | None) -> Key:
    return ("N", notice) if notice else ("R", referral) if referral else ("P", alert or 0)


def _row(mail: InboundMail, letter: Letter) -> HistoryRow:
    about = [letter.title]
    if not (mail.is_bounce or is_of(mail.sender, letter.addresses)):
        about.append(_("Its sender isn’t whom we wrote to. It may be from anybody who has that letter."))
    shown = [mail.subject, *left_out_of(mail)]
    if letter.is_read_elsewhere:
        shown = [_("What it says stands under Money, with what is paid to.")]
    return HistoryRow(
        mail.received_at,
        "mail_bounced" if mail.is_bounce else "mail_received",
        _("Mail bounced") if mail.is_bounce else _("Answer by mail from %(who)s") % {"who": mail.sender},
        "\n".join(filter(None, (*about, *shown))),
        subject_id=mail.pk,
        mail_text="" if letter.is_read_elsewhere else mail.text,
    )


def _left_out_between(after: InboundMail, letter: Letter, number: int) -> HistoryRow:
    """Return the line of the mails that aren't shown, before the first that is again."""
    title = ngettext("%(number)s mail is not shown here", "%(number)s mails are not shown here", number)
    return HistoryRow(after.received_at, "mails_left_out", title % {"number": number}, letter.title)


def left_out_of(mail: InboundMail) -> list[str]:
    """Return what isn't kept of a mail, in the words of the list of mail that matches nothing."""
    dropped = ngettext("%(number)s attachment was dropped", "%(number)s attachments were dropped", mail.dropped)
    cut = _("The rest was too long and was not stored.")
    return [*([dropped % {"number": mail.dropped}] if mail.dropped else []), *([cut] if mail.was_cut else [])]
