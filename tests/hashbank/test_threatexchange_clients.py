"""python-threatexchange's own clients read our export as NCMEC's, and our simulators as the real services; where that package can be found."""

import json
import os
import subprocess
from collections.abc import Callable
from io import BytesIO
from typing import Any, override

import pytest

from leeward.demo.world.feeds import NcmecFeed, StopNciiFeed, ThreatExchangeFeed
from leeward.demo.world.feeds.threatexchange import GROUP
from leeward.demo.world.web import Answer, Request, WebServer
from leeward.hashbank.lists.services.exporting import Selection, export_list
from leeward.hashbank.models import BankClock
from leeward.hashbank.rules.standing import CONFIRM
from leeward.hashbank.services import add_record
from tests.hashbank.conftest import Desk, decide, file_hashes, picture_code
from tests.hashbank.feeds import prints
from tests.hashbank.test_threatexchange_types import PYTHON

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="no Python with threatexchange: name one in LEEWARD_TEST_THREATEXCHANGE"
)
NCMEC = """
import json, sys
from enum import Enum
from threatexchange.exchanges.clients.ncmec.hash_api import FeedbackType, FingerprintType, NCMECHashAPI

class Here(Enum):
    place = sys.argv[1]

api = NCMECHashAPI("leeward", "demonstration", Here.place)
pages = list(api.get_entries_iter(start_timestamp=86400, end_timestamp=4000000000))
if len(sys.argv) > 2:
    print(api.status().esp_name, file=sys.stderr)
    api.submit_feedback(42, sys.argv[2], FingerprintType.md5, FeedbackType.upvote)
    api.submit_feedback(42, sys.argv[2], FingerprintType.sha1, FeedbackType.downvote)
print(json.dumps({
    "pages": len(pages),
    "newest": max(page.max_timestamp for page in pages),
    "entries": [
        {
            "id": one.id, "member": one.member_id, "type": one.entry_type.value, "deleted": one.deleted,
            "label": one.classification, "prints": one.fingerprints,
            "votes": sorted(vote.feedback_type.value for votes in one.feedback.values() for vote in votes),
        }
        for page in pages for one in page.updates
    ],
}))
"""
OTHERS = """
import json, sys
from threatexchange.exchanges.clients.fb_threatexchange.api import ThreatExchangeAPI
from threatexchange.exchanges.clients.fb_threatexchange.threat_updates import ThreatUpdateJSON
from threatexchange.exchanges.clients.stopncii.api import StopNCIIAPI, StopNCIIEndpoint, StopNCIISignalType
from threatexchange.exchanges.clients.stopncii.api import StopNCIICSPFeedbackValue
from threatexchange.exchanges.impl.fb_threatexchange_api import FBThreatExchangeIndicatorRecord

ncii, group, token, number = sys.argv[1:5]
api = StopNCIIAPI("subscription", "fetch", {StopNCIIEndpoint.SubmitFeedback: "feedback"}, ncii)
records = [one for page in api.fetch_hashes_iter() for one in page.hashRecords]
api.submit_feedback(StopNCIISignalType.ImagePDQ, records[0].hashValue, StopNCIICSPFeedbackValue.Blocked)
tx = ThreatExchangeAPI(token, endpoint_override=group)
updates = [
    one for page in tx.get_threat_updates(
        int(number), fields=ThreatUpdateJSON.te_threat_updates_fields(), page_size=1, decode_fn=ThreatUpdateJSON
    ) for one in page
]
opinions = [FBThreatExchangeIndicatorRecord.from_threatexchange_json(tx.app_id, one) for one in updates]
print(json.dumps({
    "ncii": [[one.hashValue, one.hashStatus.value, [said.source for said in one.CSPFeedbacks]] for one in records],
    "group": [[one.indicator, sorted(o.category.name for o in said.opinions) if said else None] for one, said in zip(updates, opinions)],
}))
"""


def asked(program: str, *words: object) -> Any:
    command = [str(PYTHON), "-c", program, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


class Given(WebServer):
    """A file, given out as NCMEC gives out its entries."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self._body = body

    @override
    def respond(self, request: Request) -> Answer:
        return Answer(200, self._body, "application/xml") if request.path == "/v2/entries" else Answer(404)


def test_its_client_for_ncmec_reads_our_export_over_http(bank: Desk) -> None:
    first = add_record(file_hashes("one"), source="Second House", actor=bank.analyst)
    add_record(file_hashes("one"), source="Third House", actor=bank.analyst)
    film = add_record(file_hashes("a film")[:1], media="video", source="Second House", actor=bank.analyst)
    gone = add_record(file_hashes("gone"), source="Second House", actor=bank.analyst)
    revision = BankClock.objects.get().revision
    decide(first, CONFIRM, actor=bank.supervisor)
    decide(film, CONFIRM, actor=bank.supervisor)
    decide(gone, "not_illegal", actor=bank.supervisor)
    since: Callable[[int], bytes] = lambda number: _exported(bank, number)  # noqa: E731 - read twice, below
    with Given(since(0)) as server:
        whole = asked(NCMEC, server.url)
    with Given(since(revision)) as server:
        changed = asked(NCMEC, server.url)
    assert whole["newest"] > 1_700_000_000
    found = {one["id"]: one for one in whole["entries"]}
    assert {number: one["type"] for number, one in found.items()} == {str(first): "image", str(film): "video"}
    assert found[str(first)]["prints"].items() >= prints("one").items()
    assert found[str(first)]["votes"] == ["upvote", "upvote"], "two others say so beside us"
    assert len({one["member"] for one in whole["entries"]}) == 1, "we speak under one number"
    assert {one["id"]: one["deleted"] for one in changed["entries"]} == {
        str(first): False, str(film): False, str(gone): True,
    }  # fmt: skip


def _exported(bank: Desk, since: int) -> bytes:
    out = BytesIO()
    export_list(out, format_name="ncmec", selection=Selection(since=since), actor=bank.supervisor)
    return out.getvalue()


def test_its_clients_read_our_simulators() -> None:
    """So that what our own side is tested against is what others take for the real thing."""
    with NcmecFeed(page_size=2) as feed:
        for one in ("a", "b", "c"):
            feed.add(one, prints(one), up=((43, "Second Member"),))
        feed.delete("b")
        found = asked(NCMEC, feed.url, "a")
        assert [word["word"] for word in feed.replied] == ["up", "down"]
    assert (found["pages"], found["newest"]) == (2, feed.clock - 2)
    assert {one["id"]: (one["deleted"], one["votes"]) for one in found["entries"]} == {
        "a": (False, ["upvote"]), "b": (True, []), "c": (False, ["upvote"]),
    }  # fmt: skip
    codes = [picture_code(seed).hex() for seed in range(3)]
    with StopNciiFeed(page_size=1) as ncii, ThreatExchangeFeed() as group:
        ncii.add(codes[0], feedback=(("Company A", "Blocked"),))
        ncii.add(codes[1])
        ncii.delete(codes[1])
        group.add("100", codes[2], ("11", "55", "Company A", "MALICIOUS"), reactions={"DISAGREE_WITH_TAGS": "57"})
        group.add("101", codes[0], ("12", "55", "Company A", "MALICIOUS"))
        group.delete("101")
        read = asked(OTHERS, ncii.url, group.url, group.token, GROUP)
        assert ncii.replied == [{"entry": codes[0], "word": "Blocked"}]
    assert read["ncii"] == [[codes[0], "Active", ["Company A"]], [codes[1], "Withdrawn", []]]
    assert read["group"] == [[codes[2], ["NEGATIVE_CLASS", "POSITIVE_CLASS"]], [codes[0], None]]
