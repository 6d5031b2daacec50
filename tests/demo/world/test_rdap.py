import httpx2
import pytest

from leeward.demo.world import RdapServer, pages
from leeward.demo.world.registry import Autnum, Domain, Network


@pytest.fixture(scope="module")
def server():
    with RdapServer() as running:
        running.add_network(Network("127.0.0.0/26", "BACKBONE", "Backbone", "JM", "abuse@backbone.example"))
        running.add_network(Network("127.0.0.16/28", "HOST", "Host", "JM", "abuse@host.example", asn=64501))
        running.add_network(Network("2001:db8::/32", "SIX", "Six", "CA"))
        running.add_autnum(Autnum(64501, "HOST", "Host", "JM", "abuse@host.example"))
        running.add_domain(Domain("host.example", "Names", "abuse@names.example", 10, ("active", "client hold")))
        yield running


def get(server, path):
    return httpx2.get(server.url + path)


def contacts(entity):
    """Every (role, e-mail address) at any depth."""
    found = [(role, part[3]) for role in entity["roles"] for part in entity["vcardArray"][1] if part[0] == "email"]
    return found + [one for inside in entity.get("entities", []) for one in contacts(inside)]


def ask_as_a_client_does(server, kind, key, registry):
    """From the bootstrap file to the answer."""
    services = get(server, f"/{registry}.json").json()["services"]
    assert all(len(service) == 2 for service in services)
    (base,) = {base for _, bases in services for base in bases}
    assert base.endswith("/")
    return httpx2.get(f"{base}{kind}/{key}")


def test_bootstrap_files_say_what_is_known(server):
    entries = {name: get(server, f"/{name}.json").json() for name in ("dns", "ipv4", "ipv6", "asn")}
    assert {name: [part for found, _ in file["services"] for part in found] for name, file in entries.items()} == {
        "dns": ["example"],
        "ipv4": ["127.0.0.0/26"],
        "ipv6": ["2001:db8::/32"],
        "asn": ["64501-64501"],
    }
    assert all(file["version"] == "1.0" and file["publication"].endswith("Z") for file in entries.values())
    assert server.bootstrap_url == server.url + "/"


def test_an_address_is_answered_by_its_smallest_network(server):
    response = ask_as_a_client_does(server, "ip", "127.0.0.20", "ipv4")
    assert response.headers["content-type"] == "application/rdap+json"
    network = response.json()
    assert (network["name"], network["country"]) == ("HOST", "JM")
    assert (network["startAddress"], network["endAddress"]) == ("127.0.0.16", "127.0.0.31")
    assert network["arin_originas0_originautnums"] == [64501]
    assert [one for entity in network["entities"] for one in contacts(entity)] == [("abuse", "abuse@host.example")]
    up = next(link["href"] for link in network["links"] if link["rel"] == "up")
    assert httpx2.get(up).json()["name"] == network["parentHandle"].removeprefix("NET-") == "BACKBONE"


def test_blocks_and_ipv6(server):
    assert get(server, "/rdap/ip/127.0.0.16/28").json()["name"] == "HOST"
    assert get(server, "/rdap/ip/127.0.0.0/27").json()["name"] == "BACKBONE"
    six = ask_as_a_client_does(server, "ip", "2001:db8::1", "ipv6").json()
    assert (six["name"], six["ipVersion"], six["entities"][0].get("entities")) == ("SIX", "v6", None)


def test_autonomous_systems(server):
    autnum = ask_as_a_client_does(server, "autnum", "64501", "asn").json()
    assert autnum["startAutnum"] == autnum["endAutnum"] == 64501
    assert [one for entity in autnum["entities"] for one in contacts(entity)] == [("abuse", "abuse@host.example")]


def test_domains_name_their_registrar_and_its_contact(server):
    domain = ask_as_a_client_does(server, "domain", "HOST.example", "dns").json()
    (registrar,) = [entity for entity in domain["entities"] if "registrar" in entity["roles"]]
    assert contacts(registrar) == [("abuse", "abuse@names.example")]
    assert domain["status"] == ["active", "client hold"]
    events = {event["eventAction"]: event["eventDate"] for event in domain["events"]}
    assert events["registration"] < events["last changed"] < events["expiration"]


@pytest.mark.parametrize(
    "path",
    [
        "/rdap/domain/www.host.example",
        "/rdap/ip/10.0.0.1",
        "/rdap/ip/rubbish",
        "/rdap/autnum/x",
        "/rdap/ip",
        "/",
        "/x.json",
    ],
)
def test_what_is_not_known_is_an_rdap_error(server, path):
    response = get(server, path)
    assert (response.status_code, response.json()["errorCode"]) == (404, 404)


def test_it_can_be_made_to_misbehave(server):
    path = "/rdap/domain/host.example"
    server.instead(path, pages.redirect("http://169.254.169.254/"))
    assert get(server, path).status_code == 302
    server.instead(path, pages.file(b"{not json", "application/rdap+json"))
    assert get(server, path).text == "{not json"
    server.as_before(path)
    assert get(server, path).json()["ldhName"] == "host.example"
    assert httpx2.post(server.url + path).status_code == 405
    assert server.requests(path=path)[0].method == "GET"


def test_what_is_known_can_change(server):
    server.add_domain(Domain("host.example", "Other names"))
    entity = get(server, "/rdap/domain/host.example").json()["entities"][0]
    assert contacts(entity) == []
    assert ["fn", {}, "text", "Other names"] in entity["vcardArray"][1]
