"""`leeward address`, as a shell sees it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from leeward.cli.main import run
from leeward.demo.world.dns import NameServer
from leeward.demo.world.pages import redirect
from leeward.demo.world.rdap import RdapServer
from leeward.demo.world.registry import Autnum, Domain, Network
from leeward.demo.world.web import Answer
from leeward.demo.world.whois import WhoisServer
from tests import commands


def leeward(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return commands.leeward("address", *arguments, environment=os.environ | environment)


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_canonical_gives_a_row_for_each_address() -> None:
    done = leeward("canonical", "--json", "HTTP://U:P@Bad.Example:80/a/../b#c", "3279880203", "http://%20x.example/")
    assert done.returncode == 0
    assert rows(done) == [
        {
            "input": "HTTP://U:P@Bad.Example:80/a/../b#c",
            "url": "http://bad.example/b",
            "comparable": "http://bad.example/b",
        },
        {"input": "3279880203", "url": "http://195.127.0.11/", "comparable": "http://195.127.0.11/"},
        {"input": "http://%20x.example/", "url": None, "comparable": "http://%20x.example/"},
    ]


def test_the_published_vectors_hold_on_the_command_line() -> None:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the published vectors are not here")
    known = json.loads((Path(folder) / "blocking" / "sb_canonicalization.json").read_text(encoding="utf-8"))
    done = leeward("canonical", "--json", "--", *(given for given, _ in known["vectors"]))
    assert [row["comparable"] for row in rows(done)] == [wanted for _, wanted in known["vectors"]]
    none = leeward("canonical", "--json", "--", *known["no_host"])
    assert (none.returncode, none.stdout) == (2, "")


@pytest.mark.parametrize(
    "text", ["", "http://", "http://[::1", "mailto:a@b.example", "http://a.example:99999/", "\udcff"]
)
def test_what_is_no_address_is_one_line_and_two(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["address", "canonical", text, "http://good.example/"]) == 2
    said = capsys.readouterr()
    assert len(said.err.splitlines()) == 1
    assert "http://good.example/" in said.out
    assert run(["address", "locate", text]) == 2


def test_recognise_names_what_it_finds_and_leaves_with_one_for_the_rest() -> None:
    done = leeward("recognise", "--json", "hxxp://bad[.]example, anna on kik")
    assert (done.returncode, [row["kind"] for row in rows(done)]) == (0, ["web", "account"])
    assert leeward("recognise", "some words").returncode == 1


def test_recognise_prints_kind_value_and_service_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    text = "whatsapp 876 555 0100\ninsta lantern.kite, http://bücher.example/\nhttp://bücher.example/ just words here"
    assert run(["address", "recognise", "--country", "jm", "--language", "en", "--json", text]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["kind"], row["value"], row["service"]) for row in found] == [
        ("phone", "+18765550100", "WhatsApp"),
        ("account", "lantern.kite", "Instagram"),
        ("web", "http://xn--bcher-kva.example/", ""),
        ("words", "", ""),
    ]
    assert found[-1]["typed"] == "just words here"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Any:
    data = tmp_path_factory.mktemp("data")
    with NameServer() as names, RdapServer() as rdap:
        names.set("pictures.harbour.example", "A", "127.0.0.1")
        names.set("shielded.harbour.example", "A", "104.16.1.1")
        rdap.add_network(Network("127.0.0.0/8", "HARBOUR-NET", "Harbour Hosting", "JM", "abuse@harbour.example"))
        rdap.add_domain(Domain("harbour.example", "Names & Sons", "abuse@names.example"))
        yield {
            "LEEWARD_DATA": str(data),
            "LEEWARD_DNS_RESOLVERS": json.dumps([names.resolver]),
            "LEEWARD_FETCH_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
            "LEEWARD_RDAP_BOOTSTRAP_URL": rdap.bootstrap_url,
            "LEEWARD_RDAP_ALLOW_HTTP": "true",
        }


def test_locate_asks_live_and_needs_no_database(world: dict[str, str]) -> None:
    done = leeward("locate", "--json", "http://pictures.harbour.example/a", **world)
    assert done.returncode == 0, done.stderr
    (row,) = rows(done)
    assert (row["host"], row["ip"], row["country"], row["network"]) == (
        "pictures.harbour.example", "127.0.0.1", "JM", "HARBOUR-NET")  # fmt: skip
    assert (row["abuse_emails"], row["registrar"]) == (["abuse@harbour.example"], "Names & Sons")
    assert row["registrar_abuse_emails"] == ["abuse@names.example"]
    assert all(finding["source"] and finding["at"] for finding in row["findings"])
    assert not (Path(world["LEEWARD_DATA"]) / "leeward.sqlite3").exists()


def test_locate_says_what_has_no_host_or_is_behind_a_proxy(world: dict[str, str]) -> None:
    done = leeward(
        "locate", "--json", "shielded.harbour.example", "nobody.harbour.example", "a" * 56 + ".onion", **world
    )
    shielded, nobody, onion = rows(done)
    assert done.returncode == 1
    assert (shielded["behind"], shielded["country"], shielded["problem"]) == ("Cloudflare", None, None)
    assert (nobody["ip"], nobody["problem"]) == (None, "There is no such name.")
    assert onion["problem"] == "An onion address has no host that can be found."
    assert "behind: Cloudflare" in leeward("locate", "shielded.harbour.example", **world).stdout


def test_the_list_of_proxies_is_shown_and_replaced(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})

    def said(*arguments: str) -> tuple[int, list[dict[str, Any]], list[str]]:
        code, told = run(["address", "proxies", *arguments]), capsys.readouterr()
        return code, [json.loads(line) for line in told.out.splitlines()], told.err.splitlines()

    listed = said("--json")[1]
    assert {"Cloudflare", "Fastly", "Akamai", "Amazon CloudFront"} <= {row["name"] for row in listed}
    assert all(row["as_of"] and row["source"] for row in listed)
    own = tmp_path / "own.csv"
    own.write_text("name,network,as_of,source\nOurs,198.51.100.0/24,2027-01-01,a letter\n")
    assert said("--take", str(own))[0] == 0
    assert [row["name"] for row in said("--json")[1]] == ["Ours"]
    for bad in ("name,network,as_of,source\nOurs,nonsense,2027-01-01,x\n", "", "a,b\n1,2\n"):
        own.write_text(bad)
        code, _rows, errors = said("--take", str(own))
        assert (code, len(errors)) == (2, 1)
    assert said("--take", str(tmp_path / "none"))[0] == 2
    assert [row["name"] for row in said("--json")[1]] == ["Ours"]


def test_every_bad_address_is_named_and_what_looks_wrong_is_said() -> None:
    done = leeward(
        "canonical", "--json", "http://http://a.com", "\ufeffhttp://good.example/", "http://", "https:/ftp://b.example"
    )
    assert done.returncode == 2
    assert [row["comparable"] for row in rows(done)] == ["http://good.example/"]
    said = done.stderr.splitlines()
    assert len(said) == 3
    assert "http://http://a.com” is not a web address. It begins with http:// twice" in said[0]
    short = leeward("canonical", "abc.onion", "http://good.example/")
    assert short.returncode == 1
    assert short.stderr == "leeward: abc.onion: An onion address has 56 letters and digits; this one doesn’t.\n"


def test_payments_shows_what_a_text_asks_money_for_and_no_whole_number_of_a_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "page.txt"
    text.write_text(
        "20 USD to bc1qndnal47xre7yq9fsasafm2j2zqgjmtznng6mfp\ncard 4539 0000 0000 0002\n0x" + "4f" * 20,
        encoding="utf-8",
    )
    assert run(["address", "payments", str(text), "--json"]) == 0
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert shown == [
        {"kind": "btc", "value": "bc1qndnal47xre7yq9fsasafm2j2zqgjmtznng6mfp", "valid": True, "weak": False},
        {"kind": "card", "value": "visa *0002", "valid": True, "weak": False},
        {"kind": "eth", "value": "0x" + "4f" * 20, "valid": True, "weak": True},
    ]
    assert run(["address", "payments", str(tmp_path / "none")]) == 2


def test_rdap_reads_files_and_says_which_hold_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, broken, large, error = (tmp_path / name for name in ("good", "broken.json", "large.json", "error.json"))
    good.write_text(
        '{"objectClassName": "domain", "ldhName": "Kite.Example", "status": ["client hold"]}', encoding="utf-8"
    )
    broken.write_text("[1, 2", encoding="utf-8")
    with large.open("wb") as file:
        file.truncate(50_000_000)
    error.write_text('{"errorCode": 404, "title": "Not found"}', encoding="utf-8")
    assert run(["address", "rdap", "--json", str(good)]) == 0
    (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (row["kind"], row["name"], row["statuses"], row["error"]) == (
        "domain",
        "kite.example",
        ["client hold"],
        None,
    )
    assert list(row) == [
        "kind", "handle", "name", "country", "registrar", "registrar_abuse", "abuse", "statuses", "created", "expires", "nameservers",
        "redacted", "error",
    ]  # fmt: skip
    assert run(["address", "rdap", "--json", str(broken), str(large), str(good)]) == 2
    said = capsys.readouterr()
    assert [bool(json.loads(line)["error"]) for line in said.out.splitlines()] == [True, True, False]
    assert len(said.err.splitlines()) == 2
    assert run(["address", "rdap", "--json", str(error)]) == 1
    for typed in ("none.json", "a b", ""):
        assert run(["address", "rdap", typed]) == 2
        assert len(capsys.readouterr().err.splitlines()) <= 2


def test_rdap_asks_the_registry_of_each_thing_and_says_why_one_gives_no_answer(tmp_path: Path) -> None:
    with NameServer() as names, RdapServer() as rdap, WhoisServer() as whois:
        rdap.add_domain(Domain("kite.example", "Good Names", "abuse@good-names.example", status=("client hold",)))
        rdap.add_network(
            Network("192.0.2.0/24", "HARBOUR", "Harbour Host", "JM", abuse="abuse@harbour-host.example", asn=64500)
        )
        rdap.add_autnum(Autnum(64500, "HARBOUR-AS", "Harbour Host", "JM"))
        rdap.instead("/rdap/domain/busy.example", Answer(status=429, headers=(("Retry-After", "120"),)))
        rdap.instead("/rdap/domain/round.example", redirect("/rdap/domain/round.example"))
        whois.set("test", "refer: 127.0.0.1")
        whois.set("kite.test", "Domain Name: kite.test\nRegistrar: Good Names\n")
        done = leeward(
            "rdap", "--json", "https://www.kite.example/a", "192.0.2.7", "AS64500", "kite.test", "none.example", "none.test", "203.0.113.1",
            "round.example", "busy.example", "kite.example", f"http://{'a' * 56}.onion/",
            LEEWARD_DNS_RESOLVERS=names.resolver, LEEWARD_RDAP_BOOTSTRAP_URL=rdap.bootstrap_url, LEEWARD_RDAP_ALLOW_HTTP="true",
            LEEWARD_FETCH_ALLOWED_NETWORKS="127.0.0.0/8", LEEWARD_WHOIS_SERVER="127.0.0.1", LEEWARD_WHOIS_PORT=str(whois.port),
            LEEWARD_DATA=str(tmp_path),
        )  # fmt: skip
        assert not any(line == "" or "onion" in line for line in whois.asked())
    found = rows(done)
    assert done.returncode == 1
    assert [(row["kind"], row["name"], row["registrar"]) for row in found[:4]] == [
        ("domain", "kite.example", "Good Names"), ("ip network", "HARBOUR", None), ("autnum", "HARBOUR-AS", None),
        ("domain", "kite.test", "Good Names"),
    ]  # fmt: skip
    assert (found[0]["statuses"], found[1]["abuse"]) == (["client hold"], ["abuse@harbour-host.example"])
    errors = [row["error"] for row in found[4:]]
    assert [error.partition(".")[0] for error in errors] == [
        "The registry knows nothing of it", "The registry knows nothing of it", "No registry is known for it",
        "The registry leads round in circles", "The registry asks to be asked later", "The registry asks to be asked later",
        "No registry is known for it",
    ]  # fmt: skip
