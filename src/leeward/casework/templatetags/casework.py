"""Template tags for the desk's pages: `{% load casework %}`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from leeward.casework import labels
from leeward.casework.assessment.labels import APPARENT_AGE, FACT_NAMES, act_words, answer_words
from leeward.casework.assessment.queries.case_page import CasePage
from leeward.casework.errors import why_refused
from leeward.casework.models import Case
from leeward.casework.queries import MOST_COUNTED, CaseRow
from leeward.casework.queue import labels as queue_labels
from leeward.casework.queue.queries.pages_sent import paged_cases
from leeward.casework.rules.transitions import Refusal
from leeward.foundation.patterns import Match, Pattern
from leeward.hosting.queries import FetchRow, Whereabouts
from leeward.hosting.rules.sentences import NOTES, SUSPICIOUS
from leeward.hosting.rules.urls import BadAddress, canonical_url
from leeward.intake import queries as intake_queries
from leeward.intake.labels import HAPPENED, REMOVAL_WISHES, WISHES
from leeward.intake.queries import MessageRow, ReportRow, wording
from leeward.notices.queries.labels import CLOCKS
from leeward.notices.queries.labels import OUTCOMES as OUTCOMES_OF_POLICE
from leeward.oncall.queries import PagedRow
from leeward.payments.labels import kind_word
from leeward.payments.queries import PayeeRow

register = template.Library()
SOON = timedelta(hours=6)
MINUTE, HOUR = 60, 3600  # in seconds
_WORDS = Pattern(r"[\w-]+")
_REFERENCE = Pattern(r"[0-9]{4}-[0-9]{4,12}")
_UNSAID: tuple[Any, ...] = (None, "", "unknown", "undetermined", [], ())


@register.filter
def in_page_language(message: MessageRow) -> str:
    """Return a question to a reporter or its answer, in the language of the page as far as available."""
    return wording(message)[0]


@register.filter
def counted(number: int) -> str:
    """Return a count that stops at MOST_COUNTED."""
    return f"{number}+" if number >= MOST_COUNTED else str(number)


@register.filter
def at(values: Mapping[Any, Any], key: Any) -> Any:
    """Return the value under a key, or the key itself if there is none."""
    return values.get(key, key) if values else key


def _word(table: Mapping[Any, Any], key: Any) -> str:
    return str(table.get(key) or str(key).replace("_", " ").capitalize())


@register.filter
def linked_cases(text: str) -> SafeString:
    """Return a text with references of cases turned into links."""

    def link(found: Match[str]) -> str:
        if not _REFERENCE.fullmatch(found[0]):
            return found[0]
        return f'<a href="{reverse("casework:show-case", args=[found[0]])}">{found[0]}</a>'

    return mark_safe(_WORDS.sub(link, escape(text)))  # noqa: S308 - escaped just now


@register.filter
def thing_word(kind: str) -> str:
    """Return the label of the kind of item that a case is about."""
    return _word(labels.THINGS, kind)


@register.simple_tag
def payee_words(payee: PayeeRow) -> str:
    """Return what kind of payment it is, and who runs it where the kind doesn't say that."""
    kind = str(kind_word(payee.kind))
    return f"{kind}: {payee.brand}" if payee.brand and payee.brand != payee.value else kind


@register.filter
def urgency_word(name: str) -> str:
    """Return why a case is urgent, in words."""
    return _word(labels.URGENCIES, name)


@register.filter
def seen_when(report: ReportRow) -> str:
    """Return when a reporter saw it, in words."""
    return intake_queries.seen_when(report)


@register.filter
def withdrawn_after(report: ReportRow) -> str:
    """Return that a report was withdrawn, and how long after it had come in."""
    if report.withdrawn_at is None:
        return ""
    if report.handed_over_at is not None:
        return gettext("Handed over to another hotline with its portal.")
    seconds = max(0, int((report.withdrawn_at - report.received_at).total_seconds()))
    if seconds < 2 * MINUTE:
        return gettext("Withdrawn after %(number)s s.") % {"number": seconds}
    if seconds < 2 * HOUR:
        return gettext("Withdrawn after %(number)s min.") % {"number": seconds // MINUTE}
    return gettext("Withdrawn after %(number)s h.") % {"number": seconds // HOUR}


@register.filter
def moment_word(name: str) -> str:
    """Return when the portal's police are told, in words."""
    return _word(labels.MOMENTS, name)


@register.filter
def refusal_word(name: str) -> str:
    """Return why the table of transitions refuses a step, in words."""
    return why_refused(Refusal(name)) if name else ""


@register.filter
def outcome_of_police(name: str) -> str:
    """Return the outcome of a referral, in words."""
    return str(OUTCOMES_OF_POLICE.get(name, name))


@register.filter
def happened_word(code: str) -> str:
    """Return what somebody says happened to a picture of themselves."""
    return _word(HAPPENED, code)


@register.filter
def removal_word(code: str) -> str:
    """Return what somebody wants who reports a picture of themselves by its address."""
    return _word(REMOVAL_WISHES, code)


@register.filter
def wish_word(code: str) -> str:
    """Return what somebody wants who sent fingerprints of a picture of themselves."""
    return _word(WISHES, code)


@register.filter
def report_word(kind: str) -> str:
    """Return what a reporter chose first, in words."""
    return _word(labels.REPORT_KINDS, kind)


@register.filter
def names_of_facts(names: Sequence[str]) -> str:
    """Return the labels of some facts and of the outcome, as a list."""
    from leeward.casework.assessment.queries.differing import (
        names_of,  # imports these tags itself: only here is it not circular
    )

    return names_of(names)


@register.filter
def seen_word(seen: str) -> str:
    """Return how somebody saw the content they state facts about, in words."""
    return _word(labels.SEEN, seen)


@register.filter
def nearness_word(how: str) -> str:
    """Return how close a case's address is to one that somebody asks about, in words."""
    return _word(labels.NEARNESS, how)


@register.filter
def source_word(source: str) -> str:
    """Return how a report came, in words."""
    return _word(labels.SOURCES, source)


@register.filter
def clock_word(name: str) -> str:
    """Return what a clock measures, in words."""
    return _word(CLOCKS, name)


@register.filter
def waits_word(name: str) -> str:
    """Return what a clock waits for before it starts, in words."""
    return _word(labels.WAITS_FOR, name)


@register.filter
def round_word(name: str) -> str:
    """Return the label of an assessment's round."""
    return _word(labels.ROUNDS, name)


@register.filter
def outcome_word(outcome: str) -> str:
    """Return the label of an assessment's outcome."""
    return _word(labels.OUTCOMES, outcome)


@register.filter
def reason_word(number: int) -> str:
    """Return the label of one of ICCAM's reasons."""
    return _word(labels.REASONS, number)


@register.filter
def origin_word(origin: str) -> str:
    """Return who asks for a review, in words."""
    return _word(labels.ORIGINS, origin)


@register.filter
def message_word(kind: str) -> str:
    """Return the label of a kind of message."""
    return _word(labels.MESSAGES, kind)


@register.filter
def event_word(event: str) -> str:
    """Return the label of an event of the log."""
    return _word(labels.EVENTS, event)


@register.filter
def check_word(outcome: str) -> str:
    """Return the label of a check's outcome."""
    return _word(labels.CHECKS, outcome)


@register.filter
def linked_word(by: str) -> str:
    """Return what two cases have in common, in words."""
    return _word(queue_labels.LINKED_BY, by)


@register.filter
def finding_word(kind: str) -> str:
    """Return the label of a kind of finding."""
    return _word(labels.FINDINGS, kind)


@register.simple_tag
def fetch_words(fetched: FetchRow) -> str:
    """Return how the last fetch of a location went, in words."""
    parts = [str(fetched.status)] if fetched.status else []
    why = fetched.reason or ("" if fetched.outcome == "answered" else fetched.outcome)
    if why:
        parts.append(str(labels.FETCHES.get(why) or why.replace("_", " ")))
    else:
        parts.append(
            ngettext("%(number)s file", "%(number)s files", fetched.files_named) % {"number": fetched.files_named}
        )
    if fetched.waiting and fetched.outcome != "over_budget":
        waits = ngettext(
            "%(number)s file is still being fetched", "%(number)s files are still being fetched", fetched.waiting
        )
        parts.append(waits % {"number": fetched.waiting})
    if fetched.tls_problem:
        parts.append(gettext("its certificate is invalid"))
    return ", ".join(parts)


@register.filter
def file_problem(code: str) -> str:
    """Return what is wrong with a file of a page; a failing HTTP status stands for itself."""
    return code.removeprefix("status_") if code.startswith("status_") else _word(labels.FILE_PROBLEMS, code)


@register.filter
def address_notes(where: Whereabouts) -> list[str]:
    """Return what is suspicious about a web or onion address, a sentence each."""
    if where.kind not in ("url", "onion"):
        return []
    try:
        found = canonical_url(where.display).notes
    except BadAddress:
        return []
    return [gettext(NOTES[note]) for note in found if note in SUSPICIOUS]


@register.filter
def facts_in_words(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield name, label and answer of every stated fact."""
    for name, value in facts.items():
        if value in _UNSAID:
            continue
        if name == "act":
            yield name, str(FACT_NAMES["level"]), act_words(str(value))
        elif name == "apparent_age":
            yield name, str(APPARENT_AGE), "–".join(str(years) for years in value)
        elif name == "payments":
            yield name, str(FACT_NAMES[name]), ", ".join(answer_words(name, one) for one in value)
        else:
            yield name, _word(FACT_NAMES, name), answer_words(name, value)


@register.simple_tag
def place_words(place: str, country: str) -> SafeString:
    """Return where an item is, with the country's code if it is known."""
    if place in ("here", "abroad") and country:
        return format_html('{} <span class="muted">{}</span>', labels.PLACES[place], country)
    return format_html("{}", labels.PLACES.get(place, labels.PLACES["unknown"]))


@register.simple_tag
def step_words(step: str) -> SafeString:
    """Return one step of what follows, in words."""
    title, rest = labels.STEPS[step]
    return format_html("<b>{}</b>: {}", title, rest)


@register.simple_tag
def clock_class(due: datetime, now: datetime) -> str:
    """Return the CSS class of a clock's tile."""
    return "late" if due < now else "soon" if due - now <= SOON else ""


@register.simple_tag
def opinion_role(country: str, case_page: CasePage) -> str:
    """Return why this country's law is evaluated."""
    if country == case_page.portal.country:
        if country == case_page.case.country:
            return gettext(", this portal, and where it is")
        return gettext(", this portal")
    return gettext(", where it is") if country == case_page.case.country else gettext(", a reporter’s")


@register.simple_tag(takes_context=True)
def time_of(context: template.Context, when: datetime | None) -> SafeString | str:
    """Return the time of day in the portal's time zone."""
    if when is None:
        return ""
    local = timezone.localtime(when, ZoneInfo(str(context.get("time_zone") or "UTC")))
    return format_html('<time datetime="{}">{}</time>', when.isoformat(timespec="minutes"), local.strftime("%H:%M"))


@register.inclusion_tag("casework/acting/includes/undo.html", takes_context=True)
def undo_offer(context: template.Context) -> dict[str, object]:
    """Render the button that undoes what was just done, while it can be undone."""
    from leeward.casework.acting.views.undoing import (
        undo_offered,  # pages load these tags: only here is it not circular
    )

    return {"offered": undo_offered(context["request"], context.get("opened")), "csrf_token": context.get("csrf_token")}


@register.simple_tag
def paged_of_case(case: Case) -> PagedRow | None:
    """Return the newest page about a case, or None."""
    return paged_cases([case]).get(case.pk)


@register.simple_tag
def paged_of_rows(rows: list[CaseRow]) -> dict[int, PagedRow]:
    """Return the newest pages about rows of the queue, by case."""
    return paged_cases(rows)
