"""The desk's pages of providers: registered and approved by two, keys shown once, each line decided about and never discarded."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from leeward.foundation.errors import NotAllowed
from leeward.people.errors import FieldIsWrong, NotSecondPerson
from leeward.providers import services
from leeward.providers.errors import DecisionTooLate
from leeward.providers.models import DesignatedEntity, LineDecision, Provider, ProviderKey, ProviderLine, ProviderPerson
from leeward.providers.queries.lines import mark_of_decisions
from leeward.web_security.keys import new_form_key
from tests.people.signing import events, signed_in
from tests.personas import Cast
from tests.providers.conftest import Program, as_lines, form_on, line, make_key, make_provider, mark_of, press

pytestmark = pytest.mark.django_db
FORM = {
    "legal_name": "Harbour  Pictures Ltd", "kind": "platform", "countries": "jm, CA", "security_email": "safety@harbour.example",
    "security_phone": "555 0100", "administrator_name": "Ines", "administrator_email": "ines@harbour.example",
    "replacement_name": "", "replacement_email": "",
}  # fmt: skip


def test_who_enters_a_provider_does_not_approve_it(here: Cast) -> None:
    adam, carl = signed_in(here, "adam"), signed_in(here, "carl")
    wrong = adam.post("/desk/providers/new", FORM | {"countries": "XX", "once": new_form_key(), "portal": "1"})
    assert (wrong.status_code, Provider.objects.count()) == (422, 0)
    sent = FORM | {"once": new_form_key(), "portal": str(here.portal_id)}
    page = adam.post("/desk/providers/new", sent)
    assert adam.post("/desk/providers/new", sent).status_code == 302, "sent twice is once"
    row = Provider.objects.get()
    assert (row.state, row.legal_name, row.countries) == ("asked", "Harbour Pictures Ltd", ["JM", "CA"])
    assert ProviderPerson.objects.get().role == "administrator"
    with pytest.raises(NotSecondPerson):
        services.decide(row.pk, "approve", reason="", seen=mark_of(row.pk), actor=here["adam"].actor)
    with pytest.raises(NotAllowed):
        services.decide(row.pk, "approve", reason="", seen=mark_of(row.pk), actor=here["ana"].actor)
    waits = adam.get(page["Location"]).content.decode()
    assert "It waits for somebody else to approve it." in waits
    assert [f'value="{act}"' in waits for act in ("approve", "propose", "drop", "refuse")] == [
        False,
        False,
        False,
        True,
    ]
    assert press(carl, page["Location"], act="approve").status_code == 302
    with pytest.raises(DecisionTooLate):
        services.decide(row.pk, "refuse", reason="too late", seen=mark_of(row.pk), actor=here["carl"].actor)
    with pytest.raises(FieldIsWrong):
        services.decide(row.pk, "suspend", reason=" ", seen=mark_of(row.pk), actor=here["carl"].actor)
    press(carl, page["Location"], act="suspend", reason="Its key was seen.")
    text = signed_in(here, "ana").get(page["Location"]).content.decode()
    assert "Its key was seen." in text
    assert 'name="act"' not in text, "an analyst reads only"
    assert {"provider.registered", "provider.approved", "provider.suspended"} <= set(events(here.hotline_id))
    assert signed_in(here, "dora").get(page["Location"]).status_code == 404
    assert "Harbour" not in signed_in(here, "dora").get("/desk/providers").content.decode()
    assert "Harbour" in adam.get("/desk/providers?state=suspended").content.decode()
    assert adam.get("/desk/providers?state=x&page=" + "9" * 99).status_code == 200


def test_nobody_alone_lets_in_a_provider_that_registered_itself(here: Cast, django_assert_max_num_queries: Any) -> None:
    Client().post("/jm/providers/register", FORM | {"once": new_form_key()})
    row, carl, adam = Provider.objects.get(), signed_in(here, "carl"), signed_in(here, "adam")
    path = f"/desk/providers/{row.pk}"
    text = carl.get(path).content.decode()
    assert "Two people let a provider in" in text
    assert [f'value="{act}"' in text for act in ("approve", "propose", "refuse")] == [False, True, True]
    alone = press(carl, path, act="approve")
    assert (alone.status_code, "Nobody has proposed this yet" in alone.content.decode()) == (409, True)
    assert state_of(row) == "asked"
    sent = form_on(carl, path, act="propose")
    assert [carl.post(path, sent).status_code for _ in range(2)] == [302, 302]
    assert events(here.hotline_id).count("provider.proposed") == 1, "pressed twice is once"
    text = carl.get(path).content.decode()
    assert "It waits for somebody else to approve it." in text
    assert [f'value="{act}"' in text for act in ("approve", "propose", "drop")] == [False, False, True]
    assert press(carl, path, act="approve").status_code == 403, "the same person twice is one"
    assert state_of(row) == "asked"
    text = adam.get(path).content.decode()
    assert "<bdi>Carl</bdi>" in text, "who proposed it"
    with django_assert_max_num_queries(12):
        adam.get(path)
    assert press(adam, path, act="approve").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.proposed_by_id, row.decided_by_id) == (
        "approved",
        here["carl"].account_id,
        here["adam"].account_id,
    )


def test_a_proposal_is_withdrawn_and_then_nobody_follows_it(here: Cast) -> None:
    row, carl, adam = make_provider(here, state="asked"), signed_in(here, "carl"), signed_in(here, "adam")
    path = f"/desk/providers/{row.pk}"
    press(carl, path, act="propose")
    before = form_on(adam, path, act="approve")
    press(carl, path, act="drop")
    text = adam.post(path, before, follow=True).content.decode()
    assert "Something else was entered since you opened this page." in text
    assert press(adam, path, act="approve").status_code == 409
    assert press(adam, path, act="drop").status_code == 409, "there is none"
    assert state_of(row) == "asked"


def test_nobody_alone_lets_a_suspended_provider_in_again(here: Cast) -> None:
    row, carl, adam = make_provider(here), signed_in(here, "carl"), signed_in(here, "adam")
    path = f"/desk/providers/{row.pk}"
    Provider.objects.update(asked_by_id=here["adam"].account_id)
    press(carl, path, act="suspend", reason="Its key was seen.")
    assert press(carl, path, act="approve").status_code == 409
    assert state_of(row) == "suspended"
    waiting = "/desk/providers?state=asked"
    assert "Harbour" not in adam.get(waiting).content.decode()
    press(carl, path, act="propose")
    assert ["Approval proposed" in adam.get(at).content.decode() for at in (waiting, "/desk/providers")] == [True, True]
    assert "Its key was seen." in adam.get(path).content.decode(), "why it was suspended is still there"
    press(carl, path, act="approve")
    assert state_of(row) == "suspended"
    press(adam, path, act="approve")
    assert "Approval proposed" not in adam.get("/desk/providers").content.decode(), "it was let in"
    assert state_of(row) == "approved", "who entered it long ago is the second person to who proposes it now"
    press(adam, path, act="suspend", reason="Again.")
    assert press(adam, path, act="approve").status_code == 409, "the proposal was for the time before"


def test_a_page_from_before_lifts_no_suspension(here: Cast) -> None:
    row, carl, adam = make_provider(here, state="asked"), signed_in(here, "carl"), signed_in(here, "adam")
    path = f"/desk/providers/{row.pk}"
    press(adam, path, act="propose")
    old = form_on(carl, path, act="approve")
    assert carl.post(path, old).status_code == 302
    press(adam, path, act="suspend", reason="Its key was seen.")
    text = carl.post(path, old | {"once": new_form_key()}, follow=True).content.decode()
    assert "Something else was entered since you opened this page." in text
    assert state_of(row) == "suspended"
    press(adam, path, act="propose")
    carl.post(path, old | {"once": new_form_key()})
    carl.post(path, {"act": "approve", "once": new_form_key()})
    assert state_of(row) == "suspended", "a page without a mark does nothing either"


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "suspend", "reason": "Another reason."},
        {"act": "end"},
        {"act": "open"},
        {"act": "close"},
        {"act": "key"},
        {"act": "sandbox"},
        {"act": "letter"},
        {"act": "stop"},
        {"act": "person", "name": "Rui", "email": "rui@harbour.example", "role": "replacement"},
        {"act": "leaves"},
    ],
)
def test_no_form_of_an_older_page_does_anything(here: Cast, sent: dict[str, str]) -> None:
    row, adam = make_provider(here, page_is_open=True), signed_in(here, "adam")
    path = f"/desk/providers/{row.pk}"
    make_key(row)
    services.add_person(
        row.pk,
        name="Ines",
        email="ines@harbour.example",
        role="administrator",
        seen=mark_of(row.pk),
        actor=here["carl"].actor,
    )
    sent = sent | {"key": str(ProviderKey.objects.get().pk), "person": str(ProviderPerson.objects.get().pk)}
    old = form_on(adam, path, **sent)
    services.add_person(
        row.pk, name="Olu", email="olu@harbour.example", role="reporter", seen=mark_of(row.pk), actor=here["carl"].actor
    )
    logged = events(here.hotline_id)
    text = adam.post(path, old, follow=True).content.decode()
    assert "Something else was entered since you opened this page." in text
    assert events(here.hotline_id) == logged
    press(adam, path, **sent)
    assert len(events(here.hotline_id)) > len(logged), "the page as it is now does it"


def state_of(row: Provider) -> str:
    row.refresh_from_db()
    return row.state


def test_a_key_is_shown_once_and_stopped_at_once(here: Cast) -> None:
    provider = make_provider(here)
    adam, path = signed_in(here, "adam"), f"/desk/providers/{provider.pk}"
    sent = form_on(adam, path, act="key")
    shown = adam.post(path, sent).content.decode()
    key = re.search(r"leeward_[\w-]{43}", shown)
    assert key is not None
    assert adam.post(path, sent).status_code == 302
    assert ProviderKey.objects.count() == 1
    program = Program(here, provider, key[0], "")
    assert program.post(as_lines(line(1))).status_code == 201
    assert key[0] not in adam.get(path).content.decode()
    press(adam, path, act="stop", key=str(ProviderKey.objects.get().pk))
    assert program.post(as_lines(line(2)), once="another-key-of-16").status_code == 403
    with pytest.raises(NotAllowed):
        services.give_key(provider.pk, is_sandbox=True, seen=mark_of(provider.pk), actor=here["carl"].actor)
    Provider.objects.update(state="refused")
    with pytest.raises(DecisionTooLate):
        services.give_key(provider.pk, is_sandbox=True, seen=mark_of(provider.pk), actor=here["adam"].actor)


def test_people_come_and_go(here: Cast) -> None:
    provider = make_provider(here)
    carl, path = signed_in(here, "carl"), f"/desk/providers/{provider.pk}"
    person = {"act": "person", "name": "Rui", "email": "rui@harbour.example", "role": "replacement"}
    sent = form_on(carl, path, **person)
    assert [carl.post(path, sent).status_code for _ in range(2)] == [302, 302]
    assert ProviderPerson.objects.count() == 1, "pressed twice is once"
    page = carl.get(path).content.decode()
    assert "Rui" in page
    assert "It was carried out once." in page
    assert press(carl, path, **person | {"role": "king"}).status_code == 400
    press(carl, path, act="leaves", person=str(ProviderPerson.objects.get().pk))
    assert "Rui" not in carl.get(path).content.decode()
    assert ProviderPerson.objects.get().ended_at is not None
    assert carl.post(path, {"act": "x"}).status_code == 400


def test_a_line_is_decided_about_on_its_page(program: Program) -> None:
    here = program.cast
    program.post(as_lines(line(1, priority="P1", words="<b>Bold</b>", cybertip="77"), b"{", line(2)))
    row = ProviderLine.objects.get(number=1)
    carl, ana, path = signed_in(here, "carl"), signed_in(here, "ana"), f"/desk/providers/lines/{row.pk}"
    text = ana.get(path).content.decode()
    assert "its most urgent class" in text
    assert "&lt;b&gt;Bold" in text
    assert 'value="suspect"' not in text
    assert "it is not JSON" in ana.get(f"/desk/providers/batches/{row.batch_id}").content.decode()
    assert ana.post(path, {"act": "feedback", "feedback": "known"}).status_code == 400, "nobody says it by hand"
    assert ana.post(path, {"act": "suspect", "suspicion": "false", "reason": "x"}).status_code == 403
    assert (
        carl.post(
            path,
            {
                "act": "suspect",
                "suspicion": "malicious",
                "reason": "Ten alike in a minute.",
                "seen": mark_of_decisions(row.pk),
            },
        ).status_code
        == 302
    )
    assert ana.post(path, {"act": "take"}).status_code == 302
    row.refresh_from_db()
    assert (row.suspicion, row.state) == ("malicious", "opened"), "never discarded"
    assert "Ten alike in a minute." in ana.get(path).content.decode()
    with pytest.raises(FieldIsWrong):
        services.suspect(row.pk, "false", reason=" ", seen="", actor=here["carl"].actor)
    services.suspect(row.pk, "", reason="They explained it.", seen=mark_of_decisions(row.pk), actor=here["carl"].actor)
    assert list(LineDecision.objects.order_by("id").values_list("value", flat=True)) == ["malicious", "none"]
    assert ana.post(path, {"act": "x"}).status_code == 400
    listing = ana.get("/desk/providers/lines?state=opened").content.decode()
    assert f"P{row.batch_id:06}-00001" in listing
    assert f"P{row.batch_id:06}-00003" not in listing
    dora = signed_in(here, "dora")
    assert [dora.get(place).status_code for place in (path, f"/desk/providers/batches/{row.batch_id}")] == [404, 404]
    assert f"P{row.batch_id:06}" not in dora.get("/desk/providers/lines").content.decode()
    program.post(as_lines(line(1)), key=program.sandbox, once="another-key-of-16")
    with pytest.raises(DecisionTooLate):
        services.take_line(ProviderLine.objects.get(is_sandbox=True).pk, actor=here["ana"].actor)


def test_evidence_is_kept_as_the_law_says_held_by_an_order_and_destroyed_after(here: Cast) -> None:
    provider = make_provider(here, kind="host", countries=["CA"])
    program = Program(here, provider, make_key(provider), "")
    program.post(as_lines(line(1)))
    row = ProviderLine.objects.get()
    assert row.keep_until == row.received_at + timedelta(days=21), "Canada: 21 days after the notification"
    assert row.is_destroyed_then
    text = signed_in(here, "ana").get(f"/desk/providers/lines/{row.pk}").content.decode()
    assert "as soon as feasible" in text
    assert "the law gives no hours" in text
    assert "no tipping-off" in text
    assert "a provincial or foreign duty" in text
    assert "no such section in the Act" in text, "Jamaica’s own law has no duty, and that was read"
    provider_actor, over = here["pia"].actor, row.keep_until + timedelta(days=1)
    with pytest.raises(DecisionTooLate):
        services.say_destroyed(row.pk, provider_id=provider.pk, actor=provider_actor, now=row.received_at)
    pia = signed_in(here, "pia")
    assert pia.get(f"/desk/providers/{provider.pk}").status_code == 200
    until = timezone.now() + timedelta(days=300)
    with pytest.raises(NotAllowed):
        services.hold(row.pk, until, order="Order 7", seen="", actor=here["ana"].actor)
    with pytest.raises(FieldIsWrong):
        services.hold(row.pk, until, order=" ", seen="", actor=here["pia"].actor)
    services.hold(
        row.pk,
        until,
        order="Order 7 of the Constabulary, 28 November",
        seen=mark_of_decisions(row.pk),
        actor=here["pia"].actor,
    )
    with pytest.raises(DecisionTooLate):
        services.say_destroyed(row.pk, provider_id=provider.pk, actor=provider_actor, now=over)
    services.say_destroyed(row.pk, provider_id=provider.pk, actor=provider_actor, now=until + timedelta(days=1))
    row.refresh_from_db()
    assert row.destroyed_at is not None
    with pytest.raises(DecisionTooLate):
        services.hold(row.pk, until, order="too late", seen="", actor=here["pia"].actor)


def test_an_order_replaces_none_that_its_author_has_not_read_of(here: Cast) -> None:
    provider = make_provider(here, kind="host", countries=["CA"])
    Program(here, provider, make_key(provider), "").post(as_lines(line(1)))
    row, carl = ProviderLine.objects.get(), signed_in(here, "carl")
    path = f"/desk/providers/lines/{row.pk}"
    found = re.search(r'name="seen" value="(\w+)"', carl.get(path).content.decode())
    assert found, "the page says what its reader has read"
    today = timezone.now().date()
    far, near = (str(today + timedelta(days=days)) for days in (300, 30))
    first = {"act": "hold", "until": far, "order": "Order 7", "seen": found[1]}
    assert [carl.post(path, first).status_code for _ in range(2)] == [302, 302], "pressed twice is once"
    stale = carl.post(path, {"act": "hold", "until": near, "order": "Order 9", "seen": found[1]})
    row.refresh_from_db()
    assert (stale.status_code, str(row.held_until.date())) == (409, far), "another page from before shortens nothing"
    assert LineDecision.objects.filter(kind="hold").count() == 1
    suspicion = {"act": "suspect", "suspicion": "false", "reason": "Not so.", "seen": found[1]}
    assert carl.post(path, suspicion).status_code == 409
    read = carl.post(path, {"act": "hold", "until": near, "order": "Order 9", "seen": mark_of_decisions(row.pk)})
    row.refresh_from_db()
    assert (read.status_code, str(row.held_until.date())) == (302, near)


def test_police_liaison_holds_the_evidence_of_a_line_and_decides_nothing_else(here: Cast) -> None:
    provider = make_provider(here, kind="host", countries=["CA"])
    Program(here, provider, make_key(provider), "").post(as_lines(line(1)))
    row, pia, adam = ProviderLine.objects.get(), signed_in(here, "pia"), signed_in(here, "adam")
    path = f"/desk/providers/lines/{row.pk}"
    assert path in pia.get("/desk/providers/lines").content.decode(), "the list leads there"
    assert pia.get(f"/desk/providers/batches/{row.batch_id}").status_code == 200
    text = pia.get(path).content.decode()
    assert [f'value="{act}"' in text for act in ("hold", "take", "suspect")] == [True, False, False]
    until = str(timezone.now().date() + timedelta(days=300))
    order = {"act": "hold", "until": until, "order": "Order 7", "seen": mark_of_decisions(row.pk)}
    assert pia.post(path, order).status_code == 302
    row.refresh_from_db()
    assert str(row.held_until.date()) == until
    suspicion = {"act": "suspect", "suspicion": "false", "reason": "x", "seen": mark_of_decisions(row.pk)}
    assert [pia.post(path, sent).status_code for sent in ({"act": "take"}, suspicion)] == [403, 403]
    assert adam.get(path).status_code == 403, "an administrator reads no reports"


def test_entities_are_dated_and_end_without_being_deleted(here: Cast) -> None:
    carl = signed_in(here, "carl")
    entity = {
        "act": "add", "country": "jm", "name": "Constabulary", "for_whom": "every platform", "instrument": "Regulations 2026, r 3",
        "since": "2026-01-01", "source": "https://laws.example/2026",
    }  # fmt: skip
    assert carl.post("/desk/providers/entities", entity | {"country": "zz"}).status_code == 422
    assert carl.post("/desk/providers/entities", entity).status_code == 302
    row = DesignatedEntity.objects.get()
    assert row.country == "JM"
    assert "Regulations 2026" in carl.get("/desk/providers/entities").content.decode()
    assert signed_in(here, "ana").post("/desk/providers/entities", entity).status_code == 403
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False):  # at midnight it would be another day
        carl.post("/desk/providers/entities", {"act": "end", "entity": str(row.pk)})
    row.refresh_from_db()
    assert row.until == now.date()
    services.end_designation(row.pk, row.until + timedelta(days=9), actor=here["carl"].actor)
    assert DesignatedEntity.objects.get().until == row.until, "what ended doesn’t come back"
    with pytest.raises(FieldIsWrong):
        services.end_designation(row.pk, row.since - timedelta(days=1), actor=here["carl"].actor)
    assert (
        signed_in(here, "dora").post("/desk/providers/entities", {"act": "end", "entity": str(row.pk)}).status_code
        == 404
    )
