"""Quality's pages and the published procedure in a real browser: wide and on a phone, in both schemes, with nothing that bars anybody."""

import pytest

from leeward.casework.models import Assessment
from leeward.casework.quality.models import Adjudication, TrainingRun
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services import adjudicating, sampling, training
from leeward.casework.services import open_appeal
from tests.browser import Visit, Visitor
from tests.casework.conftest import GRAVE, PLAIN, Desk
from tests.casework.quality.test_quality import looks
from tests.casework.quality.test_training import stated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def stages(desk: Desk) -> list[tuple[str, str, str]]:
    """A page for every stage, and who opens it."""
    ana, bela, carl = (desk.cast[name].actor for name in ("ana", "bela", "carl"))
    sampling.set_rates(Rates(100, 100, 100), actor=carl)
    differ, plain = desk.case("http://a.example/1"), desk.case("http://a.example/2")
    desk.assess(differ, facts=GRAVE)
    desk.assess(differ, "bela", "not_illegal", PLAIN | {"age_band": "adult"}, reason=14)
    desk.assess(plain)
    appeal = open_appeal(plain.pk, origin="outside", origin_id=1, text="It is mine.")
    desk.work()
    sampling.take_sample(actor=bela)
    adjudication = Adjudication.objects.get()
    reasons = "We looked at it together."
    adjudicating.propose(adjudication.pk, GRAVE, outcome="illegal", reason=None, comment=reasons, actor=ana)
    run = training.start_run(actor=bela)
    item = training.items_of(run)[0]
    facts = stated(item)
    training.answer_pattern(item, {**{name: facts[name] for name in ("sex", "medium")}}, actor=bela)
    looks(desk, 14, differ=2)
    TrainingRun.objects.create(
        hotline_id=run.hotline_id, by_id=ana.id, set_name=run.set_name, started_at=run.started_at,
        finished_at=run.started_at, kappa=0.91, passed=True,
    )  # fmt: skip
    return [
        ("carl", "home", "/desk/quality"),
        ("ana", "home-own", "/desk/quality"),
        ("carl", "rates", "/desk/quality/rates"),
        ("bela", "sample", "/desk/quality/sample"),
        ("carl", "adjudications", "/desk/quality/adjudications"),
        ("bela", "adjudication", f"/desk/quality/adjudications/{adjudication.pk}"),
        ("carl", "training", "/desk/quality/training"),
        ("bela", "pattern", "/desk/quality/training/pattern"),
        ("bela", "answer", f"/desk/quality/training/{run.pk}/{item}"),
        ("carl", "changed", "/desk/quality/changed"),
        ("carl", "register", "/desk/appeals/register"),
        ("ana", "reply", f"/desk/appeals/{appeal}/reply"),
        ("nobody", "procedure", "/jm/procedure"),
        ("nobody", "procedure-ur", "/jm/ur/procedure"),
    ]


def test_every_page_of_quality_is_open_to_everybody(desk: Desk, visitor: Visit) -> None:
    guests: dict[str, Visitor] = {}
    for who, name, path in stages(desk):
        if who not in guests:
            guest = guests[who] = visitor()
            if who != "nobody":
                cookie = desk.signed_in(who).cookies["sessionid"].value
                url = f"{guest.base}/desk"
                guest.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url, "sameSite": "Strict"}])
        assert guests[who].go(path).ok, name
        guests[who].look(f"quality-{name}")
        if name == "sample":
            end_by_key(guests[who])


def end_by_key(guest: Visitor) -> None:
    """Whoever chose another end sends that one with the key that sends “illegal” elsewhere on the page."""
    guest.page.keyboard.press("n")
    guest.page.keyboard.type("it does not")  # the reason: below what the law covers
    guest.look("quality-sample-ends")
    with guest.page.expect_navigation():
        guest.page.keyboard.press("Shift+Enter")
    assert Assessment.objects.get(round="sample").outcome == "not_illegal"
