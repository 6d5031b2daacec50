"""`leeward blocklist publish|export|verify|rollback|whose|…` as somebody at the console meets them."""

import json
from pathlib import Path

import pytest

from leeward.blocklist.models import Entry
from leeward.blocklist.publishing import queries
from leeward.cli.main import run
from tests.blocklist.publishing.conftest import House

JM = ("--hotline", "jm")


@pytest.fixture
def say(house: House, capsys: pytest.CaptureFixture[str]):
    def command(*arguments: object) -> tuple[int, str, str]:
        code = run(["blocklist", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_publish_says_what_is_given_out_and_a_gate_leaves_with_1(house: House, say) -> None:
    assert say("publish", "--list", "national", *JM) == (0, "national serial 1: 5 entries, 5 added, 0 removed\n", "")
    entry = house.list_entry("url", "http://placeholder.example/page")
    Entry.objects.filter(pk=entry.pk).update(scope="domain", address="http://co.uk/", comparable="http://co.uk/")
    code, out, err = say("publish", "--list", "national", *JM, "--json")
    assert code == 1
    assert "Stopped by the release check too_wide: 1" in err
    assert [row["state"] for row in map(json.loads, out.splitlines())] == ["stopped", "published"]


def test_a_jump_in_size_is_accepted_by_an_option(house: House, say) -> None:
    say("publish", "--list", "national", *JM)
    for number in range(60):
        house.list_entry("domain", f"http://many{number}.example/")
    code, _, err = say("publish", "--list", "national", *JM)
    assert (code, "--accept-size" in err) == (1, True)
    assert say("publish", "--list", "national", "--accept-size", *JM)[0] == 0


def test_export_writes_a_file_with_its_signature_and_verify_checks_it(house: House, say, tmp_path: Path) -> None:
    house.subscribe()
    house.publish()
    file = tmp_path / "national.zone"
    code, _, err = say("export", "--list", "national", "--format", "rpz", "--subscriber", "alpha", "--out", file, *JM)
    assert code == 0
    assert "Serial 1, whole." in err
    assert "url 2" in err
    assert say("verify", file)[:2] == (0, "good\n")
    key = say("key")[1].strip()
    assert say("verify", file, "--key", key)[0] == 0
    file.write_bytes(file.read_bytes() + b"x")
    assert say("verify", file)[0] == 1
    assert say("verify", tmp_path / "nothing")[0] == 2


def test_export_since_gives_the_changes_or_says_that_there_are_none(house: House, say, tmp_path: Path) -> None:
    house.publish()
    house.list_entry("domain", "http://new.example/")
    house.publish()
    arguments = ("export", "--list", "national", "--format", "urls", *JM)
    code, out, err = say(*arguments, "--since", 1)
    assert (code, "changes since 1" in err, "Without canaries" in err) == (0, True, True)
    assert len(out.splitlines()) == 2
    assert "Nothing is newer" in say(*arguments, "--since", 2)[2]
    code, _, err = say(*arguments, "--since", 9)
    assert (code, "has not been published" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export", "--list", "nowhere", "--format", "rpz"), "There is no list"),
        (("export", "--list", "national", "--format", "cake"), "There is no format"),
        (("export", "--list", "national", "--format", "rpz", "--subscriber", "nobody"), "There is no subscriber"),
        (("export", "--list", "national", "--format", "ip"), "IP addresses are not given out"),
        (("export", "--list", "national", "--format", "rpz", "--out", "/nothing/there"), "no such file or directory"),
        (("rollback", "--list", "national", "--to", 7, "--reason", "x"), "There is no publication"),
        (("whose", "/nothing/there"), "can't be read"),
        (("add-subscriber", "A B", "--list", "national", "--format", "rpz"), "Lower-case letters"),
        (("add-subscriber", "a", "--list", "national", "--format", "cake"), "Choose one from the list"),
        (
            ("add-subscriber", "a", "--list", "national", "--format", "rpz", "--notify", "192.0.2.7:65536"),
            "address and port",
        ),
        (("settings", "--test-domain", "no name"), "This is not a host name"),
    ],
)
def test_wrong_use_is_one_clear_line(house: House, say, arguments: tuple[object, ...], said: str) -> None:
    house.publish()
    code, _, err = say(*arguments, *JM)
    assert code == 2
    assert said in err
    assert err.count("\n") == 1


def test_back_to_an_earlier_one_and_on_again(house: House, say) -> None:
    house.publish()
    house.list_entry("domain", "http://mistake.example/")
    house.publish()
    out = say("rollback", "--list", "national", "--to", 1, "--reason", "a mistake", *JM)[1]
    assert out.startswith("national serial 3: 5 entries")
    assert say("resume", "--list", "national", *JM)[1].startswith("national serial 4: 6 entries")
    rows = [json.loads(line) for line in say("publications", "--list", "national", "--json", *JM)[1].splitlines()]
    assert [(row["serial"], row["why"]) for row in rows] == [
        (4, "person"),
        (3, "rollback"),
        (2, "person"),
        (1, "person"),
    ]


def test_whose_names_the_leaker_also_one_whose_contract_has_ended(house: House, say, tmp_path: Path) -> None:
    from leeward.blocklist.publishing import services

    for slug in ("alpha", "beta"):
        house.subscribe(slug)
    house.publish()
    for form in ("hosts", "keyed", "hashes", "e2guardian"):
        file = tmp_path / form
        say("export", "--list", "national", "--format", form, "--subscriber", "beta", "--out", file, *JM)
        code, out, _ = say("whose", file, "--json", *JM)
        assert code == 0, form
        assert json.loads(out.splitlines()[0])["subscriber"] == "beta"
    services.end_subscriber(queries.subscriber_by_slug("beta").id, actor=house.cast["adam"].actor)
    assert json.loads(say("whose", tmp_path / "hosts", "--json", *JM)[1])["subscriber"] == "beta"
    (tmp_path / "other").write_text("nothing.example\n")
    assert say("whose", tmp_path / "other", *JM)[0] == 1


def test_a_subscriber_is_added_and_listed(house: House, say) -> None:
    code, out, _ = say(
        "add-subscriber", "gamma", "--name", "Gamma", "--list", "national", "--format", "rpz", "--json", *JM
    )
    assert code == 0
    made = json.loads(out)
    assert made["key"].startswith("leeward_")
    assert made["transfer_key_name"].startswith("gamma.")
    (row,) = [json.loads(line) for line in say("subscribers", "--json", *JM)[1].splitlines()]
    assert (row["slug"], row["lists"], row["last_fetch"]) == ("gamma", ["national"], None)


def test_the_settings_are_shown_and_changed(house: House, say) -> None:
    out = say("settings", "--stop-address", "192.0.2.81", "--json", *JM)[1]
    assert json.loads(out)["stop_addresses"] == ["192.0.2.81"]
    assert json.loads(say("settings", "--json", *JM)[1])["test_domain"] == "test.lists.example"
