"""What nobody has to look at before it is a case here, and items that come as a list instead of by the line."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from leeward.cli.exchange import app
from leeward.exchange import queries, services
from leeward.exchange.errors import NoPeerForIt
from leeward.exchange.models import Exchange, ExchangeMessage, Peer
from leeward.exchange.rules.listed import Listed, Unread, read_list
from leeward.exchange.services import accepting
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.hashbank.rules.kinds import read_hash
from leeward.hashbank.services import add_record
from leeward.intake.models import Report
from leeward.jobs.models import Job
from tests.exchange.link import Pair
from tests.exchange.test_peers import Two, two  # noqa: F401
from tests.people.signing import signed_in

pytestmark = pytest.mark.django_db
KNOWN, OTHER = "ab" * 32, "cd" * 32
FACTS = {"medium": "photograph", "age_band": "7-10", "act": "uk_a", "real_person": "yes"}
LIST = f"""Address,number,country,sha256
https://pictures.example/1,A-1,JM,{OTHER}
https://pictures.example/2,A-2,JM,{KNOWN}
not an address,A-3,JM,
https://pictures.example/4,A-4,JM,abc

https://pictures.example/1,A-1,JM,
""".encode()


@pytest.fixture
def pair(two: Two) -> Pair:  # noqa: F811
    return Pair(two)


def know(pair: Pair, side: str, kind: str = "sha256") -> None:
    """A file that people assessed before is in the bank of a side."""
    with pair.at(side) as (hotline_id, _actor):
        add_record([read_hash(kind, KNOWN)], facts=FACTS, actor=Actor(kind="command", hotline_id=hotline_id))


def test_what_is_known_by_its_hash_is_accepted_without_anybody(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    know(pair, "there")
    monkeypatch.setattr(accepting, "KNOWN_AN_HOUR", 1)
    for number, value in ((1, OTHER), (2, KNOWN), (3, KNOWN)):
        pair.report(number, hashes=(("sha256", value),))
    pair.quiet()
    unknown, known, beyond = pair.rows("there")
    assert [(row.stage, row.is_known) for row in (unknown, known, beyond)] == [
        ("reported", False), ("accepted", True), ("reported", False),
    ]  # fmt: skip
    assert [row.stage for row in pair.rows("here")] == ["reported", "accepted", "reported"], "the peer is told"
    with pair.at("there"):
        assert Report.objects.count() == 1


def test_what_only_looks_alike_waits_for_a_person(pair: Pair) -> None:
    know(pair, "there", kind="pdq")
    pair.report(1, hashes=(("pdq", KNOWN),))
    pair.quiet()
    assert [row.stage for row in pair.rows("there")] == ["reported"]


def test_a_list_is_read_line_by_line() -> None:
    read = list(read_list(LIST, most=9))
    assert [(type(one), one.line) for one in read] == [
        (Listed, 2), (Listed, 3), (Unread, 4), (Listed, 5), (Listed, 7),
    ]  # fmt: skip
    assert read[0] == Listed(2, "url", "https://pictures.example/1", "A-1", "JM", (("sha256", OTHER),))
    for broken in (b"", b"where,what\nx,y\n", "adresse\né".encode("latin-1"), b'address\n"https://a.example/'):
        with pytest.raises(BadInput):
            list(read_list(broken, most=9))
    with pytest.raises(BadInput, match="more than 2 lines"):
        list(read_list(b"address\n" + b"https://a.example/\n" * 3, most=2))


def test_a_list_is_in_the_inbox_once_and_nobody_is_answered(pair: Pair) -> None:
    know(pair, "here")
    with pair.at("here") as (hotline_id, actor):
        peer = Peer.objects.get().pk
        found = services.import_items(peer, read_list(LIST, most=9), hotline_id=hotline_id, actor=actor)
        assert (found.new, found.known, [one.line for one in found.unread]) == (2, 1, [4, 5])
        again = services.import_items(peer, read_list(LIST, most=9), hotline_id=hotline_id, actor=actor)
        assert (again.new, again.known) == (0, 3)
        (waiting,) = queries.to_accept().rows
        assert (waiting.address, waiting.grade, waiting.is_imported) == (
            "https://pictures.example/1",
            "unassessed",
            True,
        )
        services.accept(waiting.id, hotline_id=hotline_id, actor=actor)
        assert set(Exchange.objects.values_list("stage", flat=True)) == {"accepted"}
        assert not ExchangeMessage.objects.filter(state__in=("waiting", "held")).exists()
        assert not Job.objects.filter(kind="exchange.deliver").exists(), "the peer knows nothing of these exchanges"
        Peer.objects.update(state="stopped")
        with pytest.raises(NoPeerForIt):
            services.import_items(peer, read_list(LIST, most=9), hotline_id=hotline_id, actor=actor)
        with pytest.raises(NotAllowed):
            services.import_items(peer, [], hotline_id=hotline_id, actor=pair.two.cast["dora"].actor)


def test_a_list_comes_in_by_the_desk_and_by_the_command(pair: Pair, tmp_path: Path) -> None:
    client = signed_in(pair.two.cast, "ana")
    with pair.at("here"):
        peer = Peer.objects.get()

    def put_in(content: bytes) -> Any:
        file = BytesIO(content)
        file.name = "list.csv"
        return client.post("/desk/exchange", {"act": "import", "peer": peer.pk, "list": file}, follow=True)

    page = put_in(LIST).content.decode()
    assert "2 items came in. 1 was here already." in page
    assert "These lines could not be read: 4, 5" in page
    assert "https://pictures.example/1" in page
    assert put_in(b"nothing").status_code == 400
    assert client.post("/desk/exchange", {"act": "import", "peer": peer.pk}).status_code == 400
    place = tmp_path / "list.csv"
    place.write_bytes(b"address\nhttps://pictures.example/9\n")
    slug = pair.two.cast.hotline.slug if hasattr(pair.two.cast, "hotline") else "jm"
    command = ["import", str(place), "--peer", peer.name, "--hotline", slug]
    result = CliRunner().invoke(app, command, standalone_mode=False)
    assert (result.return_value, result.output.splitlines()[-1]) == (0, "1\t0\t0"), result
