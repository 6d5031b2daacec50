"""The pages of subscribers: contracts, what they hold, their tests."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import labels, queries, services, zones
from leeward.blocklist.publishing.errors import CertificateUnusable
from leeward.blocklist.publishing.forms import ContractForm, NewSubscriberForm, SettingsForm
from leeward.blocklist.publishing.queries import SettingsRow, SubscriberRow, TestRow
from leeward.blocklist.publishing.rules.alarms import quarter_of
from leeward.blocklist.publishing.rules.test_names import test_entries_of
from leeward.blocklist.publishing.services import Contract
from leeward.blocklist.publishing.views.publications import acts_of
from leeward.blocklist.publishing.views.sending import blame, first_time, hotline_of
from leeward.foundation.errors import NotFound
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince, FieldIsWrong
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of


@require_safe
@staff("publication.read")
def subscribers(request: HttpRequest) -> HttpResponse:
    """List all subscribers: last fetch, serial held, problems."""
    find, ended = request.GET.get("q", "").strip()[:100], request.GET.get("ended") == "1"
    page = page_of(queries.subscribers(find=find, with_ended=ended), request.GET.get("page"))
    rows = [queries.subscriber_row(found) for found in page.rows]
    fetches = queries.fetches_of([row.id for row in rows])
    names = {row.id: row.name for row in blocklist_queries.block_lists()}
    shown = [
        {
            "row": row,
            "kind": labels.KINDS[row.kind],
            "lists": sorted(names[pk] for pk in row.list_ids),
            "fetch": fetches[row.id][0] if fetches[row.id] else None,
            "alarm": labels.ALARMS.get(row.alarm, ""),
        }
        for row in rows
    ]
    values = {"page": page, "rows": shown, "find": find, "ended": ended, "view": "subscribers"}
    return render(request, "publishing/subscribers.html", values | acts_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
@staff("subscriber.edit")
def add(request: HttpRequest) -> HttpResponse:
    """Add a subscriber and show its key, once."""
    form = NewSubscriberForm(
        request.POST or None,
        lists=_choices(),
        initial={"kind": "access", "dns_action": "no_such_name", "formats": ["hashes"]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            contract, slug = Contract(**form.values()), form.cleaned_data["slug"]
            if not first_time(request, "subscriber"):
                return redirect("publishing_desk:list-subscribers")
            pk, key = services.add_subscriber(slug, contract, hotline_id=hotline_of(request), actor=actor_of(request))
            return _keys_page(request, pk, key)
        except FieldIsWrong as error:
            blame(form, error)
        except CertificateUnusable as error:
            form.add_error("certificate", error.text)
    values = {"form": form, "once": new_form_key(), "row": None}
    return render(request, "publishing/contract.html", values, status=422 if form.errors else 200)


@require_safe
@staff("publication.read")
def show(request: HttpRequest, number: int) -> HttpResponse:
    """Show one subscriber: contract, what it holds, this quarter's tests, the configuration of its name servers."""
    row = _row(number)
    today = datetime.now(UTC).date()
    chosen = queries.list_settings(row.hotline_id)
    lists = [one for one in blocklist_queries.block_lists() if one.id in row.list_ids]
    tests = {one.list_id: one for one in queries.tests_of(row.id, quarter_of(today))}
    values = {
        "row": row,
        "seen": _mark_of_row(row),
        "kind": labels.KINDS[row.kind],
        "formats": [labels.FORMATS[form] for form in row.formats],
        "action": labels.DNS_ACTIONS[row.dns_action],
        "alarm": labels.ALARMS.get(row.alarm, ""),
        "fetches": _fetches(row),
        "quarter": quarter_of(today),
        "tests": [_test(one, tests.get(one.id), chosen) for one in lists],
        "zones": [f"{one.name}.{chosen.zone_suffix}" for one in lists] if chosen.zone_suffix else [],
        "key_name": zones.key_name(row, chosen),
        "fingerprint": queries.fingerprint(row),
        "once": new_form_key(),
        "view": "subscribers",
    }
    return render(request, "publishing/subscriber.html", values | acts_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
@staff("subscriber.edit")
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change a contract."""
    row = _row(number)
    form = ContractForm(request.POST or None, lists=_choices(), initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            if first_time(request, f"subscriber:{number}"):
                with hotline_transaction():
                    demand_as_shown(request, _mark_of(_initial(_row(number))))
                    services.change_subscriber(number, Contract(**form.values()), actor=actor_of(request))
                messages.success(request, _("The contract is saved. The lists are published again."))
            return redirect("publishing_desk:show-subscriber", number=number)
        except FieldIsWrong as error:
            blame(form, error)
        except CertificateUnusable as error:
            form.add_error("certificate", error.text)
    seen = first_shown(request, _mark_of(_initial(row)))
    values = {"form": form, "once": new_form_key(), "row": row, "seen": seen}
    return render(request, "publishing/contract.html", values, status=422 if form.errors else 200)


@require_POST
@staff("subscriber.edit")
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Issue a new key, or end the contract, by a page that shows the contract and the key that there are."""
    row, wanted, key = _row(number), request.POST.get("act"), ""
    if wanted not in ("key", "end"):
        return redirect("publishing_desk:show-subscriber", number=number)
    try:
        with hotline_transaction():
            if not first_time(request, f"{wanted}:{number}"):
                return redirect("publishing_desk:show-subscriber", number=number)
            demand_as_shown(request, _mark_of_row(_row(number)))
            if wanted == "key":
                key = services.new_key(number, actor=actor_of(request))
            else:
                services.end_subscriber(number, actor=actor_of(request))
    except EnteredSince as error:
        messages.error(request, f"{error.text} {error.hint}")
    else:
        if key:
            return _keys_page(request, row.id, key)
        messages.success(request, _("The contract has ended: the key no longer works."))
    return redirect("publishing_desk:show-subscriber", number=number)


@require_POST
@staff("publication.make")
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Record what the quarterly test of a list showed, by a page that shows what was recorded before."""
    row = _row(number)
    block_list = blocklist_queries.block_list(request.POST.get("list", ""))
    try:
        with hotline_transaction():
            if first_time(request, f"test:{number}:{block_list.id}"):
                quarter = quarter_of(datetime.now(UTC).date())
                tests = {one.list_id: one for one in queries.tests_of(row.id, quarter)}
                demand_as_shown(request, _mark_of_test(block_list.id, quarter, tests.get(block_list.id)))
                found = request.POST.get("answer", "")
                services.answer_test(row.id, block_list.id, answer=found, actor=actor_of(request))
                messages.success(request, _("The result is saved."))
    except EnteredSince as error:
        messages.error(request, f"{error.text} {error.hint}")
    return redirect("publishing_desk:show-subscriber", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("subscriber.edit")
def settings(request: HttpRequest) -> HttpResponse:
    """Show and change the settings for all lists."""
    initial = _settings_of(hotline_of(request))
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if first_time(request, "list_settings"):
                with hotline_transaction():
                    demand_as_shown(request, _mark_of(_settings_of(hotline_of(request))))
                    services.change_settings(hotline_of(request), SettingsRow(**form.values()), actor=actor_of(request))
                messages.success(request, _("The settings are saved. The lists are published again."))
            return redirect("publishing_desk:change-settings")
        except FieldIsWrong as error:
            blame(form, error)
    seen = first_shown(request, _mark_of(initial))
    values = {"form": form, "once": new_form_key(), "view": "settings", "seen": seen} | acts_of(request)
    return render(request, "publishing/settings.html", values, status=422 if form.errors else 200)


def _settings_of(hotline_id: int) -> dict[str, Any]:
    initial = asdict(queries.list_settings(hotline_id))
    return initial | {name: "\n".join(initial[name]) for name in ("canary_domains", "stop_addresses")}


def _mark_of(initial: dict[str, Any]) -> str:
    """Return a mark of the values with which a form begins: an older page would put back what a colleague has changed since."""
    return mark_of(sorted(initial.items()))


def _mark_of_row(row: SubscriberRow) -> str:
    """Return a mark of a contract and its key: by an older page nobody stops the key that a colleague has just given out."""
    return mark_of(row.id, sorted(_initial(row).items()), row.token_id, str(row.ended_at))


def _mark_of_test(list_id: int, quarter: str, test: TestRow | None) -> str:
    """Return a mark of the result of a test: by an older page nobody puts another in place of a colleague’s."""
    return mark_of(list_id, quarter, test.answer if test else "", str(test.answered_at if test else None))


def _row(number: int) -> SubscriberRow:
    found = queries.subscriber(number)
    if found is None:
        raise NotFound(what=_("subscriber"))
    return found


def _choices() -> list[tuple[int, str]]:
    return [(row.id, row.title) for row in blocklist_queries.block_lists()]


def _initial(row: SubscriberRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ("name", "kind", "contact", "is_trusted", "takes_plain_addresses")}
    return values | {
        "lists": [str(pk) for pk in row.list_ids],
        "formats": list(row.formats),
        "certificate": row.certificate,
        "dns_action": row.dns_action,
        "notify": "\n".join(row.notify),
    }


def _fetches(row: SubscriberRow) -> list[dict[str, Any]]:
    lists = {one.id: one for one in blocklist_queries.block_lists()}
    newest = {pk: queries.newest(pk) for pk in row.list_ids}
    return [
        {
            "list": lists[fetch.list_id].title,
            "form": labels.FORMATS[fetch.form],
            "fetch": fetch,
            "behind": ((found.serial or 0) - fetch.serial) % (1 << 32) if (found := newest.get(fetch.list_id)) else 0,
        }
        for fetch in queries.fetches_of([row.id])[row.id]
    ]


def _test(one: Any, test: Any, chosen: SettingsRow) -> dict[str, Any]:
    tests = test_entries_of(one.name, chosen.test_domain, domains_only=one.kind == "worst_of")
    return {
        "list": one,
        "test": test,
        "mark": _mark_of_test(one.id, quarter_of(datetime.now(UTC).date()), test),
        "answer": labels.ANSWERS[test.answer if test else ""],
        "names": [entry.comparable for entry in tests],
    }


def _keys_page(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    row = _row(pk)
    chosen = queries.list_settings(row.hotline_id)
    secret = zones.key_secret(django_settings.LEEWARD.secret_bytes, row)
    values = {
        "row": row,
        "key": key,
        "key_name": zones.key_name(row, chosen),
        "secret": zones.key_in_text(secret) if "rpz" in row.formats else "",
    }
    return render(request, "publishing/keys.html", values)
