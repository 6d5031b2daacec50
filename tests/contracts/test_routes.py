"""Every address × every persona × GET and POST has its expected status in one table, `routes.txt`; a new address without a row fails.

After a change that is meant: WRITE_ROUTES=1 python -m pytest tests/contracts/test_routes.py, then read the difference line by line.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django_scopes import scope

from leeward.people.rules.permissions import ACTS
from leeward.site import health
from tests.personas import DORAS_ROLES, ROLES, Cast, Persona

TABLE = Path(__file__).with_name("routes.txt")
PARTS = 8
PERSONAS = ("nobody", "ana", "carl", "adam", "pia", "otto", "tara", "dora")
TWO_OF_THEM = ("nobody", "adam")  # for who asks makes no difference outside the desk, and by a method that is no page's
# What a translator sees of the desk beside the door and their own account: the texts, and care for whoever works here.
OF_TRANSLATORS = ("/desk/languages", "/desk/account", "/desk/care")
VALUES = {
    "<int:chain>": "1",
    "<path:tile>": "0/000",
    "<reference:reference>": "2026-0001",
    "<slug:name>": "national",
    "<slug:kind>": "first_assessment",
    "<slug:code>": "still-there",
    "<slug:group>": "mail",
    "<slug:portal>": "jm",
    "<str:identifier>": "a" * 32,
    "<int:peer_id>": "999999",
    "<str:number>": "a" * 16,
    "<str:token>": "1-aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "<str:code>": "jm",
    "<str:sha256>": "a",
    "<str:kind>": "html",
    "<str:language>": "fr",
    "<int:pk>": "999999",
    "<int:appeal_id>": "999999",
    "<int:entry_id>": "999999",
    "<int:adjudication_id>": "999999",
    "<int:item>": "999999",
    "<int:number>": "999999",
    "<int:run_id>": "999999",
    "<int:report_id>": "999999",
    "<int:quarantine_id>": "999999",
    "<int:import_id>": "999999",
    "<int:upload_id>": "999999",
    "<int:hash_id>": "999999",
    "<int:record_id>": "999999",
    "<int:source_id>": "999999",
    "<int:live_id>": "999999",
    "<int:request_id>": "999999",
    "<int:token_id>": "999999",
    "<int:change_id>": "999999",
    "<int:offer_id>": "999999",
    "<int:invitation_id>": "999999",
    "<int:page_id>": "999999",
    "<int:year>": "2019",
}


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, path)
        else:
            yield path, pattern


def routes() -> list[str]:
    return sorted({f"/{path}" for path, _ in patterns(get_resolver())})


def address(route: str, cast: Cast) -> str:
    for name, value in VALUES.items():
        route = route.replace(name, value)
    return route.replace("<int:account_id>", str(cast["bela"].account_id)).replace(
        "<int:portal_id>", str(cast.portal_id)
    )


@pytest.fixture
def case(cast: Cast) -> None:
    """One case of Jamaica's hotline with one report, waiting for its first assessment."""
    from leeward.casework.models import Case
    from leeward.casework.queue.services.opening import put_in_queue
    from leeward.casework.services import take_in
    from leeward.intake.rules.draft import ReportDraft
    from leeward.intake.rules.where import ItemDraft
    from leeward.intake.services import enter_report
    from leeward.web_security.keys import new_form_key

    with scope(hotline=cast.hotline_id):
        report = enter_report(
            ReportDraft(kind="page", items=(ItemDraft(kind="words"),), text="I found a bad page."),
            hotline_id=cast.hotline_id,
            portal_id=cast.portal_id,
            source="telephone",
            language="en",
            actor=cast["ana"].actor,
            form_key=new_form_key(),
        )
        take_in(report.report_id)
        put_in_queue(Case.objects.get().pk)
        Case.objects.update(reference="2026-0001")


class Doors:
    """Every persona at the door, signed in once; whatever a request changes is taken back after it."""

    def __init__(self, cast: Cast) -> None:
        from leeward.people.models import User

        self._cast = cast
        self._clients: dict[str, Client] = {}
        self._cookies: dict[str, str] = {}
        for name in PERSONAS:
            client = self._clients[name] = Client(raise_request_exception=False)
            if name != "nobody":
                client.force_login(User.objects.get(pk=cast[name].account_id))
            self._cookies[name] = client.cookies.output(header="", sep=";")

    def statuses(self, route: str, method: str, personas: Sequence[str] = PERSONAS) -> list[int]:
        """What each persona is answered at an address."""
        where, found = address(route, self._cast), []
        with transaction.atomic():
            for name in personas:
                client = self._clients[name]  # it has all middleware loaded
                client.cookies = SimpleCookie(self._cookies[name])
                answer = client.get(where) if method == "GET" else client.post(where, {})
                found.append(answer.status_code)
            transaction.set_rollback(True)
        return found


def expected() -> dict[tuple[str, str], list[int]]:
    table = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            method, route, *numbers = line.split()
            table[method, route] = [int(number) for number in numbers]
    return table


@pytest.mark.django_db
@pytest.mark.skipif(not os.environ.get("WRITE_ROUTES"), reason="only on request: it writes the table")
def test_write_the_table(cast: Cast, tara: Persona, case: None) -> None:
    doors = Doors(cast)
    lines = [f"# method route {' '.join(PERSONAS)}"]
    for route in routes():
        for method in ("GET", "POST"):
            lines.append(f"{method:4} {route:52} {' '.join(map(str, doors.statuses(route, method)))}")
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_every_route_has_its_rows() -> None:
    wanted = {(method, route) for route in routes() for method in ("GET", "POST")}
    assert wanted - set(expected()) == set(), "a new address needs its row"
    assert set(expected()) - wanted == set(), "a row without an address"


def who_asks(route: str, numbers: list[int]) -> tuple[str, ...]:
    """Whom to try where the table expects these: everybody, or two where all are answered alike by what stands before any role."""
    return PERSONAS if route.startswith("/desk") and set(numbers) != {405} else TWO_OF_THEM


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_who_gets_what(
    part: int, cast: Cast, tara: Persona, case: None, bare_refusals: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SILENT", "URGENT_WAITS", "LATE", "UNOPENED"):  # asking takes minutes on a busy machine
        monkeypatch.setattr(health, name, timedelta(days=1))
    doors, wrong = Doors(cast), []
    for (method, route), numbers in list(expected().items())[part::PARTS]:
        asking = who_asks(route, numbers)
        wanted = [numbers[PERSONAS.index(name)] for name in asking]
        found = doors.statuses(route, method, asking)
        if found != wanted:
            wrong.append(f"{method} {route}: {found} instead of {wanted} for {asking}")
    assert wrong == [], "\n".join(wrong)


def test_whoever_lacks_the_act_of_a_page_is_refused() -> None:
    """Bela has Ana's roles; and the front of the desk leads everybody to a part of their own."""
    acts = {f"/{path}": getattr(pattern.callback, "act", "") for path, pattern in patterns(get_resolver())}
    roles = {name: set(held) for name, held in ROLES.items()} | {"tara": {"translator"}, "dora": set(DORAS_ROLES)}
    lacking = [
        (method, route, name, numbers[PERSONAS.index(name)])
        for (method, route), numbers in expected().items()
        for name in PERSONAS
        if name != "nobody" and acts[route] and route != "/desk/" and not roles[name] & ACTS[acts[route]]
    ]
    assert len(lacking) > 500
    assert [row for row in lacking if row[-1] not in (403, 405)] == []


def test_the_table_itself_makes_sense() -> None:
    for (method, route), numbers in expected().items():
        assert len(numbers) == len(PERSONAS), f"{method} {route}: one number for each of {PERSONAS}"
        nobody, tara, dora = numbers[0], numbers[-2], numbers[-1]
        assert 500 not in numbers, f"{method} {route}"
        assert route.startswith("/desk") or len(set(numbers)) == 1, f"{method} {route} differs by who asks"
        if route.startswith("/desk") and not route.startswith("/desk/account"):
            assert nobody in (302, 403, 405), f"{method} {route} is open to nobody in particular"
        if route.startswith("/desk") and not route.startswith(OF_TRANSLATORS):
            assert tara in (302, 403, 405), f"{method} {route} is open to a translator"
        if "<reference" in route:
            assert dora in (404, 405), f"{method} {route}: another hotline's case must not exist"
