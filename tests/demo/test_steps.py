import io
import json
import time

import pytest

from leeward.demo.errors import DidNotHappen, StepUnknown
from leeward.demo.steps import STEPS, Play, StepFailed, until

TWO = {"one": "The first thing", "two": "The second thing"}


def lines(out):
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_list_is_the_life_of_a_report():
    promised = """report_received located fetched queued claimed assessed second_look police_told host_told
                  host_acknowledged removed closed receipt_checked name_refused own_picture_hashed copy_found
                  receiver_told provider_reported payment_alerted peer_told peer_acted urgent_paged urgent_acknowledged
                  audit_verified figures_published"""
    assert list(STEPS) == promised.split()


def test_json_has_one_line_a_step_printed_at_once():
    out = io.StringIO()
    play = Play(as_json=True, out=out, names=TWO)
    with play.step("one") as seen:
        seen["status"] = 200
        time.sleep(0.02)
    assert lines(out)[0]["seconds"] >= 0.02
    with play.step("two") as seen:
        seen["words"] = "سلام"
    assert play.finish() == 0
    first, second = lines(out)
    assert list(first) == ["step", "ok", "seconds", "detail"]
    assert (first["step"], first["ok"], first["detail"]) == ("one", True, {"status": 200})
    assert second["detail"] == {"words": "سلام"}
    assert play.seconds >= first["seconds"]


def test_a_step_of_which_nothing_was_seen_has_failed():
    out = io.StringIO()
    play = Play(as_json=True, out=out, names=TWO)
    with pytest.raises(StepFailed), play.step("one"):
        pass
    assert play.finish() == 1
    assert [(line["step"], line["ok"]) for line in lines(out)] == [("one", False), ("two", False)]
    assert "not reached" in lines(out)[1]["detail"]["error"]


def test_an_error_is_a_failed_step_with_its_reason():
    out = io.StringIO()
    play = Play(as_json=True, out=out, names=TWO)

    def one():
        with play.step("one") as seen:
            seen["status"] = 500
            until(lambda: None, "the mail", seconds=0.01)

    with pytest.raises(StepFailed) as failure:
        one()
    assert isinstance(failure.value.__cause__, DidNotHappen)
    (line,) = lines(out)
    assert line["detail"]["status"] == 500
    assert "no sign of this: the mail" in line["detail"]["error"]


def test_ctrl_c_is_not_swallowed():
    play = Play(out=io.StringIO(), names=TWO)
    with pytest.raises(KeyboardInterrupt), play.step("one"):
        raise KeyboardInterrupt
    assert play.steps == []


def test_people_read_what_happened_and_how_long_it_took():
    out = io.StringIO()
    play = Play(out=out, names=TWO)
    with play.step("one") as seen:
        seen.update(status=200, to=["a@b.example", "c@d.example"], long="x" * 500)
    play.finish()
    text = out.getvalue()
    assert "✓   0.00 s  The first thing" in text
    assert "status: 200  to: a@b.example, c@d.example" in text
    assert "✗   0.00 s  The second thing" in text
    assert "1 of 2 steps in 0.0 s." in text
    assert max(len(line) for line in text.splitlines()) < 400


def test_a_step_must_be_in_the_list():
    with pytest.raises(StepUnknown, match="no step named three"), Play(out=io.StringIO(), names=TWO).step("three"):
        pass


def test_waiting_ends_when_something_is_seen():
    looks = iter([None, "", 0, "here"])
    assert until(lambda: next(looks), "it", seconds=5, every_seconds=0.001) == "here"
