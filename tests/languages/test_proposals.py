"""What is accepted is what the page of a proposal shows: no text that nobody saw, and no older text over a newer one."""

import re

import pytest
from django.test import Client

from leeward.foundation.actor import Actor
from leeward.languages import proposals
from leeward.languages.errors import NothingToAccept
from leeward.languages.models import ReviewedText, TextProposal
from leeward.languages.proposals import MOST_AT_ONCE
from leeward.languages.services import accept_proposal, propose_texts, review_texts
from leeward.languages.texts import key_of, sources
from leeward.people.errors import EnteredSince
from tests.languages.test_translating import RECEIPT, by_two, mark, own_overlay
from tests.people.signing import events, signed_in
from tests.personas import Cast, add_person

__all__ = ["own_overlay"]

pytestmark = pytest.mark.django_db
COMMAND = Actor(kind="command")
ADDRESS = key_of("", "Address", "")
READ = " ✓"


def many(texts: int) -> dict[str, tuple[str, ...]]:
    """So many texts as somebody read them."""
    whole = [one for one in sources("fr").values() if any(one.machine)][:texts]
    return {one.key: tuple(f"{form.rstrip()}{READ}" for form in one.machine) for one in whole}


def in_force(key: str = RECEIPT) -> str:
    """What pages say, or "" for what the catalogue says."""
    return next((row.forms[0] for row in ReviewedText.objects.filter(key=key)), "")


def look(client: Client, number: int) -> str:
    return client.get(f"/desk/languages/proposals/{number}").content.decode()


def accept(client: Client, number: int, page: str) -> str:
    """Press the button of a page that somebody has open; return what the next one shows."""
    sent = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in ("once", "seen")}
    answer = client.post(f"/desk/languages/proposals/{number}", {"act": "accept", **sent}, follow=True)
    return " ".join(answer.content.decode().split())


def olga(cast: Cast) -> Client:
    """A second person at the hotline that runs the installation."""
    cast.people["olga"] = add_person("olga", ["translator"], cast.hotline_id)
    return signed_in(cast, "olga")


def test_only_the_texts_on_the_page_are_accepted_and_the_others_wait_for_a_look(cast: Cast) -> None:
    wanted = many(MOST_AT_ONCE + 3)
    number = propose_texts("fr", wanted, actor=cast["adam"].actor, why="A file")
    client = olga(cast)
    page = " ".join(look(client, number).split())
    assert f"{MOST_AT_ONCE + 3} texts." in page
    assert f"This page has the first {MOST_AT_ONCE}." in page
    answer = accept(client, number, page)
    rest = TextProposal.objects.get(state="waiting")
    assert f"The other texts wait as proposal {rest.pk}." in answer
    assert ReviewedText.objects.count() == MOST_AT_ONCE
    assert (len(rest.texts), rest.why, rest.by_id) == (3, "A file", cast["adam"].account_id)
    assert rest.at == TextProposal.objects.get(pk=number).at, "as old as what it is the rest of"
    assert not rest.texts.keys() & set(ReviewedText.objects.values_list("key", flat=True))
    assert events(0)[:2] == ["shared_text.accepted", "shared_text.parted"]
    assert "The other texts" not in accept(client, rest.pk, look(client, rest.pk))
    assert {row.key: tuple(row.forms) for row in ReviewedText.objects.all()} == wanted


def test_the_first_of_two_approves_only_what_was_shown(cast: Cast) -> None:
    number = propose_texts("fr", many(MOST_AT_ONCE + 1), actor=cast["dora"].actor)
    client = olga(cast)
    accept(client, number, look(client, number))
    approved, rest = TextProposal.objects.order_by("id")
    assert (len(approved.texts), approved.endorsed_by_id) == (MOST_AT_ONCE, cast["olga"].account_id)
    assert (len(rest.texts), rest.endorsed_by_id, rest.proposed_in_id) == (1, None, cast.other_hotline_id)
    assert not ReviewedText.objects.exists()


def test_an_older_proposal_changes_no_text_that_was_changed_since(cast: Cast) -> None:
    older = propose_texts("fr", {RECEIPT: ["Reçu, avant"], ADDRESS: ["Adresse, avant"]}, actor=cast["adam"].actor)
    by_two(cast, propose_texts("fr", {RECEIPT: ["Reçu, après"]}, actor=cast["adam"].actor))
    client = signed_in(cast, "olga")
    page = look(client, older)
    assert "These texts were changed since this was proposed, so they stay as they are." in page
    assert "Reçu, après" in page
    accept(client, older, page)
    assert (in_force(), in_force(ADDRESS)) == ("Reçu, après", "Adresse, avant")
    rest = TextProposal.objects.get(state="waiting")
    page = look(client, rest.pk)
    assert "Nothing of this proposal can be accepted any more." in page
    assert 'value="accept"' not in page
    with pytest.raises(NothingToAccept):
        accept_proposal(rest.pk, actor=cast["olga"].actor, seen=mark(rest.pk, cast))


def test_nor_one_that_went_back_to_the_catalogue_or_that_a_command_changed(cast: Cast) -> None:
    review_texts("fr", {RECEIPT: ["Reçu, relu"]}, actor=COMMAND)
    older = propose_texts("fr", {RECEIPT: ["Reçu, avant"], ADDRESS: ["Adresse, avant"]}, actor=cast["adam"].actor)
    by_two(cast, propose_texts("fr", {RECEIPT: ()}, actor=cast["adam"].actor))
    review_texts("fr", {ADDRESS: ["Adresse, relue"]}, actor=COMMAND)
    found = proposals.content(older, cast.hotline_id)
    assert (found.shown, {one.source.key for one in found.changed}) == ([], {RECEIPT, ADDRESS})


def test_what_changed_after_the_page_was_shown_is_looked_at_again(cast: Cast) -> None:
    older = propose_texts("fr", {RECEIPT: ["Reçu, avant"], ADDRESS: ["Adresse, avant"]}, actor=cast["adam"].actor)
    client = olga(cast)
    page = look(client, older)
    by_two(cast, propose_texts("fr", {RECEIPT: ["Reçu, après"]}, actor=cast["adam"].actor))
    assert "Something else was entered since you opened this page." in accept(client, older, page)
    assert (in_force(), in_force(ADDRESS)) == ("Reçu, après", "")
    assert TextProposal.objects.get(pk=older).state == "waiting"
    with pytest.raises(EnteredSince):
        accept_proposal(older, actor=cast["olga"].actor, seen="")


def test_what_the_first_of_two_approved_before_another_text_came_is_not_accepted_over_it(cast: Cast) -> None:
    older = propose_texts("fr", {RECEIPT: ["Reçu, avant"]}, actor=cast["dora"].actor)
    accept_proposal(older, actor=cast["adam"].actor, seen=mark(older, cast))
    by_two(cast, propose_texts("fr", {RECEIPT: ["Reçu, après"]}, actor=cast["adam"].actor))
    with pytest.raises(NothingToAccept):
        accept_proposal(older, actor=cast["olga"].actor, seen=mark(older, cast))
    assert in_force() == "Reçu, après"


def test_texts_that_no_page_has_any_more_are_left_out_and_the_page_counts_them(cast: Cast) -> None:
    number = propose_texts("fr", {RECEIPT: ["Votre reçu, relu"]}, actor=cast["adam"].actor)
    found = TextProposal.objects.get()
    found.texts |= {"0" * 32: ["of an earlier version"], ADDRESS: ["<b>Adresse"]}
    found.save()
    client = olga(cast)
    page = " ".join(look(client, number).split())
    assert "2 are left out, since no page has them any more or they no longer fit." in page
    accept(client, number, page)
    assert [row.key for row in ReviewedText.objects.all()] == [RECEIPT]
    assert not TextProposal.objects.filter(state="waiting").exists()
