"""The answers of a second person who has read what waits now: for tests that are not about what they read."""

import re
from typing import Any

from django.test import Client

from leeward.capacity.certificates import services as certificates_services
from leeward.capacity.certificates.models import Certificate
from leeward.capacity.certificates.queries import mark_of_request
from leeward.foundation.actor import Actor
from leeward.hashbank import services as hashbank_services
from leeward.hashbank.models import LiveSource, Quarantine, Ruling, SourceChange, VoteChange
from leeward.hashbank.records.marks import mark_of_aside, mark_of_back
from leeward.hashbank.sources.queries import mark_of_agreement
from leeward.hashbank.sources.services import agreeing
from leeward.notices import services as notices_services
from leeward.notices.models import Referral
from leeward.notices.queries.entered import mark_of_waiting
from leeward.notices.queries.pages import referral_page
from leeward.notices.queries.releasing import release_of
from leeward.people import services as people_services
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key


def confirm_entered(referral_id: int, *, actor: Actor) -> None:
    seen = mark_of_waiting(Referral.objects.get(pk=referral_id))
    notices_services.confirm_entered(referral_id, seen=seen, actor=actor)


def what_follows_a_release(referral_id: int) -> str:
    """What the form of the police sends along that they have read."""
    return release_of(referral_page(referral_id), by_police=True).mark


def confirm_account(account_id: int, *, actor: Actor) -> None:
    people_services.confirm_account(account_id, seen=people_services.unconfirmed_of(account_id).mark, actor=actor)


def answer_vote(record_id: int, *, agrees: bool, actor: Actor) -> None:
    row = VoteChange.objects.filter(record_id=record_id, answered_at=None).first()
    hashbank_services.answer_vote(record_id, seen=mark_of(row.pk if row else 0), agrees=agrees, actor=actor)


def answer_ruling(record_id: int, *, agrees: bool, actor: Actor) -> None:
    row = Ruling.objects.filter(record_id=record_id, ended_at=None, needs_second=True, second_at=None).first()
    hashbank_services.answer_ruling(record_id, seen=mark_of(row.pk if row else 0), agrees=agrees, actor=actor)


def answer_change(source_id: int, *, agrees: bool, actor: Actor) -> None:
    row = SourceChange.objects.filter(source_id=source_id, answered_at=None).first()
    hashbank_services.answer_change(source_id, seen=mark_of(row.pk if row else 0), agrees=agrees, actor=actor)


def set_aside(quarantine_id: int, *, reason: str, actor: Actor) -> bool:
    seen = mark_of_aside(Quarantine.objects.get(pk=quarantine_id))
    return hashbank_services.set_aside(quarantine_id, reason=reason, seen=seen, actor=actor)


def bring_back(hash_id: int, *, reason: str, actor: Actor) -> bool:
    row = Quarantine.objects.filter(hash_id=hash_id).order_by("-id").first()
    return hashbank_services.bring_back(hash_id, reason=reason, seen=mark_of_back(row) if row else "", actor=actor)


def confirm_agreement(name: str, *, actor: Actor) -> None:
    agreeing.confirm(name, seen=mark_of_agreement(LiveSource.objects.get(name=name, removed_at=None)), actor=actor)


def confirm_revocation(number: int, *, actor: Actor) -> None:
    seen = mark_of_request(Certificate.objects.get(pk=number))
    certificates_services.confirm_revocation(number, seen=seen, actor=actor)


def seen_on(page: str) -> str:
    """The mark in a page's form."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found, "the page has no mark of what waits"
    return found[1]


def post_as_shown(client: Client, page: str, path: str = "", **values: Any) -> Any:
    """Press a form as somebody does who has just opened its page: with the first mark that the page has, and a key of its own."""
    seen = seen_on(client.get(page).content.decode())
    return client.post(path or page, {"once": new_form_key(), "seen": seen} | values)


def seen_in_form(page: str, action: str) -> str:
    """The mark in the form whose address ends so, of a page with several."""
    found = re.search(
        rf'action="[^"]*{re.escape(action)}"(?:(?!</form>).)*?name="seen" value="([^"]+)"', page, re.DOTALL
    )
    assert found, f"the page has no form {action} with a mark of what it shows"
    return found[1]


def marks_on(page: str) -> list[str]:
    """Every mark of a page that has one for each of its rows."""
    return re.findall(r'name="seen" value="([^"]+)"', page)
