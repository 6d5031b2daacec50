"""Two hotlines on one installation try to write each other's texts and law: with the pages, and with forged requests, on real sockets."""

import re
from collections.abc import Callable
from http.cookiejar import Cookie, CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from django_scopes import scopes_disabled

from leeward.audit.queries import log_page
from leeward.jobs.worker import run_until_idle
from leeward.languages.models import TextProposal
from leeward.languages.texts import key_of, sources
from leeward.laws.files.packaged import packaged_text
from leeward.laws.models import LawRevision
from leeward.notices.models import StaffNote
from leeward.people.models import Hotline, Portal
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.languages.test_translating import own_overlay
from tests.people.signing import signed_in
from tests.personas import Cast, add_person

__all__ = ["own_overlay"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RECEIPT = key_of("", "Your receipt", "")
WANTED = "Votre reçu (Barbade)"
LAW = packaged_text("JM.yaml").replace("review: unreviewed", "review: reviewed")
REASON = "Read by counsel in Barbados"


class Person:
    """Somebody of the staff, with the cookies of a sign-in and whatever they care to send."""

    def __init__(self, base: str, cast: Cast, who: str) -> None:
        self.base, self.jar = base, CookieJar()
        session = signed_in(cast, who).cookies["sessionid"].value
        self.jar.set_cookie(_cookie("sessionid", session))
        self._open = build_opener(HTTPCookieProcessor(self.jar)).open

    def get(self, path: str) -> tuple[int, str]:
        return self._answer(Request(self.base + path))

    def post(self, path: str, **values: Any) -> int:
        """Send a form with a token of this person's own, as somebody does who writes the request by hand."""
        _status, page = self.get("/desk/account/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        shown = self.get(path)[1] if path.startswith("/desk/law/") else ""
        seen = {"seen": seen_on(shown)} if 'name="seen"' in shown else {}
        sent = {"csrfmiddlewaretoken": token[1], "once": new_form_key(), **seen, **values}
        body = urlencode(sent, doseq=True).encode()
        status, _page = self._answer(Request(self.base + path, body, {"Origin": self.base}))
        return status

    def _answer(self, request: Request) -> tuple[int, str]:
        try:
            with self._open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()


def _cookie(name: str, value: str) -> Cookie:
    return Cookie(
        0, name, value, None, False, "localhost.local", True, False, "/desk", True, False, None, True, None, None, {}
    )


@pytest.fixture
def people(live_server: Any, cast: Cast, own_overlay: None) -> Callable[[str], Person]:
    """Staff of Jamaica, which runs the installation, of Barbados, and of Saint Kitts and Nevis."""
    kitts = Hotline.objects.create(slug="kn", name="Hotline of Saint Kitts", country="KN", email="desk@kn.example")
    cast.people["kira"] = add_person("kira", ["administrator", "supervisor"], kitts.pk)
    cast.people["olga"] = add_person("olga", ["administrator", "translator"], cast.hotline_id)
    known: dict[str, Person] = {}

    def person(who: str) -> Person:
        if who not in known:
            known[who] = Person(live_server.url.replace("127.0.0.1", "localhost"), cast, who)
        return known[who]

    return person


@pytest.fixture
def public(people: Callable[[str], Person]) -> Callable[[str], str]:
    """What anybody reads."""
    return lambda path: people("adam").get(path)[1]


def test_nothing_of_another_portal_can_be_written(cast: Cast, people: Callable[[str], Person]) -> None:
    before = Portal.objects.values().get(pk=cast.portal_id)
    for path, values in (
        (f"/desk/portals/{cast.portal_id}", {"name": "Barbados was here", "country": "JM", "languages": "en"}),
        (f"/desk/portals/{cast.portal_id}", {"hotline": cast.other_hotline_id, "emergency_number": "1"}),
        (f"/desk/portals/{cast.portal_id}/numbers/helpline", {"name": "Taken", "whom": "child", "number": "1"}),
        (f"/desk/portals/{cast.portal_id}/numbers/remove", {"name": "Child helpline"}),
        (f"/desk/people/{cast['ana'].account_id}", {"name": "Anna", "roles": "auditor"}),
        (f"/desk/people/{cast['ana'].account_id}/confirm", {}),
    ):
        assert people("dora").get(path)[0] in (404, 405), path
        assert people("dora").post(path, **values) == 404, path
    assert Portal.objects.values().get(pk=cast.portal_id) == before
    assert people("adam").post(f"/desk/portals/{cast.other_portal_id}", name="Jamaica was here") == 404


def test_shared_texts_take_two_people_of_the_hotline_that_runs_the_installation(
    cast: Cast, people: Callable[[str], Person], public: Callable[[str], str]
) -> None:
    assert "Votre reçu" in sources("fr")[RECEIPT].machine[0]
    dora = people("dora")
    assert dora.post("/desk/languages/fr", show="all", key=RECEIPT, why=REASON, **{f"t-{RECEIPT}": WANTED}) == 200
    (number,) = TextProposal.objects.values_list("pk", flat=True)
    path = f"/desk/languages/proposals/{number}"
    assert WANTED in dora.get(path)[1]
    assert WANTED not in public("/jm/fr/receipt")
    # What isn't offered is forged: accepting one's own, and another hotline's, and what nobody here may see.
    assert dora.post(path, act="accept") == 403
    cast.people["dean"] = add_person("dean", ["administrator", "translator"], cast.other_hotline_id)
    assert people("dean").post(path, act="accept") == 403, "two people of another hotline are not enough"
    assert people("dean").post(path, act="refuse", answer="No.") == 403
    assert people("kira").get(path)[0] == 404
    assert people("kira").post(path, act="accept") == 404
    assert REASON not in people("kira").get("/desk/languages/proposals")[1]
    run_until_idle()
    assert {row.hotline_id for row in told("texts_proposed")} == {cast.hotline_id}
    # Two people of Jamaica: the first one stands for it, the second one brings it into force.
    page = people("adam").get(path)[1]
    assert REASON in page
    assert "Hotline of Barbados" in page
    assert people("adam").post(path, act="accept") == 409, "nothing is accepted that was not seen"
    assert people("adam").post(path, act="accept", seen=mark_in(page)) == 200
    assert people("adam").post(path, act="accept") == 403, "one person is not two"
    assert WANTED not in public("/jm/fr/receipt")
    assert people("olga").post(path, act="accept", seen=mark_in(page)) == 409, (
        "it was not yet approved when this was shown"
    )
    assert people("olga").post(path, act="accept", seen=mark_in(people("olga").get(path)[1])) == 200
    assert_soon_says(public, "/jm/fr/receipt", WANTED)
    run_until_idle()
    assert [(row.person_id, row.path) for row in told("texts_decided")] == [(cast["dora"].account_id, path)]
    assert [line.event for line in log_page(0, event="shared_text")] == [
        "shared_text.accepted",
        "shared_text.endorsed",
        "shared_text.proposed",
    ]


def mark_in(page: str) -> str:
    """What stands for what a page shows, as its form sends it back."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def told(what: str) -> list[StaffNote]:
    """Whom of the staff of any hotline the outbox writes to about this."""
    with scopes_disabled():
        return list(StaffNote.objects.filter(what=what))


def assert_soon_says(public: Callable[[str], str], path: str, words: str) -> None:
    """Other processes look every other second; this one knows at once."""
    from leeward.languages import overlay

    overlay._Seen.next_poll = 0.0
    assert words in public(path)


def test_a_refusal_reaches_whoever_proposed_with_its_reason(cast: Cast, people: Callable[[str], Person]) -> None:
    people("dora").post("/desk/languages/fr", show="all", key=RECEIPT, **{f"t-{RECEIPT}": WANTED})
    path = f"/desk/languages/proposals/{TextProposal.objects.get().pk}"
    assert people("adam").post(path, act="refuse") == 400, "a refusal says why"
    assert people("adam").post(path, act="refuse", answer="This is for all of us.") == 200
    assert "This is for all of us." in people("dora").get(path)[1]
    assert people("olga").post(path, act="accept") == 409


def test_what_the_running_hotline_proposes_is_its_own_until_it_is_in_force(
    cast: Cast, people: Callable[[str], Person], public: Callable[[str], str]
) -> None:
    people("adam").post("/desk/languages/fr", show="all", key=RECEIPT, **{f"t-{RECEIPT}": WANTED})
    path = f"/desk/languages/proposals/{TextProposal.objects.get().pk}"
    assert people("dora").get(path)[0] == 404
    assert people("dora").post(path, act="accept") == 404
    assert people("adam").post(path, act="accept") == 403
    assert people("olga").post(path, act="accept", seen=mark_in(people("olga").get(path)[1])) == 200
    assert_soon_says(public, "/jm/fr/receipt", WANTED)


def test_the_register_of_law_takes_two_people_of_the_hotline_that_runs_the_installation(
    cast: Cast, people: Callable[[str], Person], public: Callable[[str], str]
) -> None:
    dora, before = people("dora"), public("/law/jm")
    assert dora.post("/desk/law/jm", text=LAW, reason=REASON) == 200
    (number,) = LawRevision.objects.values_list("pk", flat=True)
    path = f"/desk/law/changes/{number}"
    cast.people["dean"] = add_person("dean", ["administrator", "supervisor"], cast.other_hotline_id)
    for who in ("dora", "dean"):
        assert people(who).post(path, act="accept") == 403, who
    assert people("kira").get(path)[0] == 404
    assert people("kira").post(path, act="refuse", answer="No.") == 404
    assert REASON not in people("kira").get("/desk/law")[1]
    assert people("adam").post(path, act="accept") == 200
    assert people("adam").post(path, act="accept") == 403
    assert public("/law/jm") == before
    assert people("carl").post(path, act="accept") == 200
    assert public("/law/jm") != before
    run_until_idle()
    assert [row.person_id for row in told("law_decided")] == [cast["dora"].account_id]
    events = ["law.edit_accepted", "law.edit_endorsed", "law.edit_proposed"]
    assert [line.event for line in log_page(0, event="law.edit")] == events


def test_a_puppet_of_one_administrator_changes_no_law(cast: Cast, people: Callable[[str], Person]) -> None:
    """One administrator of the running hotline with an account that they made: not on the first day, and not a year later."""
    from datetime import UTC, datetime, timedelta

    from leeward.people.models import RoleGrant, User

    puppet = add_person("puppet", ["supervisor"], cast.hotline_id, made_at=datetime.now(UTC))
    User.objects.filter(pk=puppet.account_id).update(made_by=cast["adam"].account_id)
    cast.people["puppet"] = puppet
    people("adam").post("/desk/law/jm", text=LAW, reason=REASON)
    path = f"/desk/law/changes/{LawRevision.objects.get().pk}"
    status, page = people("puppet").get(path)
    assert (status, "This needs two people" in page) == (200, True)
    assert people("puppet").post(path, act="accept") == 403
    long_ago = datetime.now(UTC) - timedelta(days=365)
    User.objects.filter(pk=puppet.account_id).update(made_at=long_ago)
    RoleGrant.objects.filter(account_id=puppet.account_id).update(given_at=long_ago)
    assert people("puppet").post(path, act="accept") == 403


def test_where_no_hotline_runs_it_nobody_on_the_desk_decides(
    cast: Cast, people: Callable[[str], Person], settings: Any
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"run_by": "nobody"})
    people("adam").post("/desk/law/jm", text=LAW, reason=REASON)
    path = f"/desk/law/changes/{LawRevision.objects.get().pk}"
    for who in ("adam", "carl", "olga"):
        assert people(who).post(path, act="accept") == 403, who
