"""The training set: agreed facts of abstract patterns, a run with feedback, who sees which result, and that no case is touched."""

import re
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from leeward.casework.models import Assessment, Case, DeskDay, View
from leeward.casework.quality.models import TrainingRun
from leeward.casework.quality.queries import has_passed, trained_of
from leeward.casework.quality.rules import training as training_rules
from leeward.casework.quality.rules.agreement import Kappa
from leeward.casework.quality.rules.pattern import pattern_of
from leeward.casework.quality.services import training
from leeward.laws.rules.facts import parse_facts
from tests.casework.conftest import Desk


def test_every_pattern_is_its_own_and_can_be_read_back_from_its_signs() -> None:
    seen = set()
    for item in training_rules.ITEMS:
        facts, signs = training_rules.agreed_facts(item), training_rules.signs_of(item)
        parse_facts(facts)
        read = {
            name: next(answer for answer, sign in training_rules.KEY[name].items() if sign == signs[name])
            for name in training_rules.KEY
        }
        assert read == facts
        picture = etree.fromstring(f"<svg>{pattern_of(item)}</svg>")
        dots = [dot for dot in picture.iter("circle") if dot.get("r") == "8"]
        assert len(dots) == int(signs["age_band"] or 0)
        seen.add(pattern_of(item))
    assert len(seen) == len(training_rules.ITEMS) >= 48
    for name, answers in training_rules.KEY.items():
        assert {training_rules.agreed_facts(item)[name] for item in training_rules.ITEMS} == set(answers), (
            f"every answer of {name} occurs"
        )


def test_a_pattern_holds_marks_and_nothing_else() -> None:
    """Each sign where it is looked for: dots in one centred row, stripes turned, corners filled or hollow."""
    waves = set()
    for item in training_rules.ITEMS:
        signs, picture = training_rules.signs_of(item), etree.fromstring(f"<svg>{pattern_of(item)}</svg>")
        assert not "".join(picture.itertext())
        assert {mark.tag for mark in picture} <= {"path", "rect", "circle"}
        assert len(picture.findall("rect")) == {"": 0, "double": 2}.get(signs["medium"], 1)
        row = [int(str(dot.get("cx"))) for dot in picture.findall("circle")]
        assert row == [160 - 14 * (len(row) - 1) + 28 * at for at in range(len(row))]
        assert {dot.get("cy") for dot in picture.findall("circle")} <= {"182"}
        paths = {str(path.get("d")): path for path in picture.findall("path")}
        turns = [path.get("transform") for path in picture.findall("path") if path.get("transform")]
        angles = {"lying": [0], "upright": [90], "crossed": [0, 90]}.get(signs["sex"], [])
        assert turns == [f"rotate({angle} 52 96)" for angle in angles]
        assert [path.get("d") for path in picture.findall("path") if path.get("transform")] == [
            "M30 72H74M30 84H74M30 96H74M30 108H74M30 120H74"
        ] * len(angles)
        for fact, corner in (
            ("real_person", "M262 30H288V56H262Z"),
            ("self_generated", "M44 184L60 200L44 216L28 200Z"),
        ):
            mark = paths.get(corner)
            fill = None if mark is None else mark.get("fill")
            assert fill == {"": None, "filled": "currentColor", "hollow": "none"}[signs[fact]]
        waves |= {
            int(found[1]) for path in paths if (found := re.fullmatch(r"M30 (\d+)q25 -16 50 0(?:t50 0){3}", path))
        }
        assert len(paths) == 1 + bool(angles) + sum(
            bool(signs[name]) for name in ("act", "real_person", "self_generated")
        )
    assert waves == set(range(40, 70)), "a wave of every height, which tells nothing"


def test_the_result_of_a_run_and_from_when_it_is_passed() -> None:
    items = training_rules.items_of_run(1, b"s")
    right = {item: training_rules.agreed_facts(item) for item in items}
    over_all, each = training_rules.result_of(right)
    assert (over_all.pairs, over_all.value) == (24, 1.0)
    assert list(each) == list(training_rules.KEY)
    assert {kappa.value for kappa in each.values()} == {1.0}
    assert training_rules.has_passed(over_all)
    assert not training_rules.has_passed(training_rules.result_of(dict(list(right.items())[1:]))[0]), (
        "one pattern is missing"
    )
    _over_all, each = training_rules.result_of({item: facts | {"sex": "male"} for item, facts in right.items()})
    assert [name for name, kappa in each.items() if kappa.value != 1.0] == ["sex"]
    assert training_rules.answer_pairs(items[0], {})[0] == ("None", training_rules.agreed_facts(items[0])["medium"])
    assert [training_rules.has_passed(Kappa(24, 0.9, value)) for value in (0.8, 0.799, None)] == [True, False, False]


def test_patterns_and_runs_stay_what_they_are() -> None:
    """Results name a pattern by its number, and a run that was begun goes on after an update of Leeward."""
    assert training_rules.agreed_facts(1) == {
        "medium": "photograph", "age_band": "11-13", "sex": "female", "act": "uk_c", "real_person": "yes",
        "self_generated": "unknown",
    }  # fmt: skip
    assert training_rules.items_of_run(1, b"s")[:5] == (22, 1, 6, 32, 33)


def test_runs_differ_and_each_stays_the_same() -> None:
    one, other = training_rules.items_of_run(1, b"s"), training_rules.items_of_run(2, b"s")
    assert one == training_rules.items_of_run(1, b"s") != other
    assert len(set(one)) == training_rules.ITEMS_IN_RUN


def stated(item: int) -> dict[str, str]:
    """The agreed facts as the form sends them."""
    facts = training_rules.agreed_facts(item)
    return {"level": facts.pop("act"), **facts, "item": str(item)}


def walk(client: Client, items: tuple[int, ...], wrong: frozenset[int] = frozenset()) -> Any:
    for item in items:
        given = {"item": str(item)} if item in wrong else stated(item)
        answer = client.post("/desk/quality/training/pattern", given)
        assert answer.status_code == 302, answer.content
    return client.get(answer["Location"]).content.decode()


@pytest.mark.django_db
def test_a_run_from_the_first_pattern_to_the_supervisors_page(desk: Desk) -> None:
    cast, bela, carl = desk.cast, desk.signed_in("bela"), desk.signed_in("carl")
    assert bela.post("/desk/quality/training/start").status_code == 302
    run = TrainingRun.objects.get()
    items = training.items_of(run)
    page = bela.get("/desk/quality/training/pattern").content.decode()
    assert "Pattern 1 of 24" in page
    assert bela.post("/desk/quality/training/pattern", stated(items[3])).status_code == 409, "one after the other"
    contradiction = {"item": str(items[0]), "real_person": "no", "self_generated": "yes", "sex": "male"}
    refused = bela.post("/desk/quality/training/pattern", contradiction)
    assert refused.status_code == 400
    assert 'id="f-sex_1" checked' in refused.content.decode()
    assert "0 of 6 facts as agreed" not in walk(bela, items[:1])
    assert bela.post("/desk/quality/training/pattern", {"item": str(items[0])}).status_code == 302
    assert "6 of 6 facts as agreed" in bela.get(f"/desk/quality/training/{run.pk}/{items[0]}").content.decode()
    assert "Continue: 1 of 24 done" in bela.get("/desk/quality/training").content.decode()
    feedback = walk(bela, items[1:], wrong=frozenset(items[1:3]))
    assert "The result" in feedback
    run.refresh_from_db()
    assert run.passed
    assert run.kappa == pytest.approx(1 - 0.08, abs=0.08)
    assert "Passed" in bela.get(f"/desk/quality/training/{run.pk}").content.decode()
    assert has_passed(cast["bela"].account_id)
    for path in (f"/desk/quality/training/{run.pk}", f"/desk/quality/training/{run.pk}/{items[0]}"):
        assert carl.get(path).status_code == 404, "answers are for whoever gave them"
    rows = {row.name: row for row in trained_of(cast.hotline_id)}
    assert rows["Bela"].passed_at == run.finished_at
    assert rows["Ana"].passed_at is None
    assert "not yet" in carl.get("/desk/quality/training").content.decode()
    assert "Ana" not in bela.get("/desk/quality/training").content.decode().partition("<main")[2]
    for model in (Assessment, Case, DeskDay, View):
        assert not model.objects.exists(), "never mixed with cases, and no exposure"


@pytest.mark.django_db
def test_who_guesses_does_not_pass(desk: Desk) -> None:
    ana = desk.signed_in("ana")
    ana.post("/desk/quality/training/start")
    run = TrainingRun.objects.get()
    walk(ana, training.items_of(run), wrong=frozenset(training_rules.ITEMS))
    run.refresh_from_db()
    assert not run.passed
    assert run.kappa is not None
    assert abs(run.kappa) < 0.1
    assert ana.post("/desk/quality/training/start").status_code == 302
    assert TrainingRun.objects.filter(finished_at__isnull=True).count() == 1
