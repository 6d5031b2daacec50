"""The names, loopback addresses, networks and people of the demonstration. None of them is real."""

from leeward.demo.world.registry import Autnum, Domain, Network

HARBOUR_HOST_IP = "127.0.0.20"
FAR_SHORE_IP = "127.0.0.40"
LIGHTHOUSE_IP = "127.0.0.60"
ADDRESSES = ("127.0.0.1", HARBOUR_HOST_IP, FAR_SHORE_IP, LIGHTHOUSE_IP)

PICTURES = "pictures.harbour-host.example"
ODD_PAGES = "odd.harbour-host.example"
FAR_PICTURES = "pictures.far-shore.example"
CONTROL = "steady.lighthouse.example"
SITES = {
    PICTURES: HARBOUR_HOST_IP,
    ODD_PAGES: HARBOUR_HOST_IP,
    FAR_PICTURES: FAR_SHORE_IP,
    CONTROL: LIGHTHOUSE_IP,
}

HOTLINE = "hotline@leeward-hotline.example"
REPLIES = "replies@leeward-hotline.example"
POLICE = "police@constabulary.example"
HOST_ABUSE = "abuse@harbour-host.example"
FAR_ABUSE = "abuse@far-shore.example"
UPSTREAM_ABUSE = "abuse@island-backbone.example"
REGISTRAR_ABUSE = "abuse@good-names.example"
PAYMENT_FIRM = "alerts@harbour-pay.example"
# It belongs to nobody: its key is the digest of a word.
WALLET = "17bnfudZkgMzmzL4BFA4gcFe5uirQMSajT"

NETWORKS = (
    Network("127.0.0.0/26", "ISLAND-BACKBONE", "Island Backbone", "JM", UPSTREAM_ABUSE, asn=64500),
    Network("127.0.0.16/28", "HARBOUR-HOST", "Harbour Host", "JM", HOST_ABUSE, asn=64501),
    Network("127.0.0.32/28", "FAR-SHORE", "Far Shore Hosting", "CA", FAR_ABUSE, asn=64502),
    Network("127.0.0.48/28", "LIGHTHOUSE", "Lighthouse Trust", "BB", "abuse@lighthouse.example", asn=64500),
    Network("2001:db8:10::/48", "HARBOUR-HOST-6", "Harbour Host", "JM", HOST_ABUSE, asn=64501),
)
# Not the address on which Leeward itself runs.
FETCHABLE = ("127.0.0.16/28", "127.0.0.32/28", "127.0.0.48/28")
AUTNUMS = (
    Autnum(64500, "ISLAND-BACKBONE", "Island Backbone", "JM", UPSTREAM_ABUSE),
    Autnum(64501, "HARBOUR-HOST", "Harbour Host", "JM", HOST_ABUSE),
    Autnum(64502, "FAR-SHORE", "Far Shore Hosting", "CA", FAR_ABUSE),
)
DOMAINS = (
    Domain(
        "harbour-host.example",
        "Good Names",
        REGISTRAR_ABUSE,
        created_days_ago=2100,
        status=("active", "client transfer prohibited"),
        registrant="Harbour Host",
        nameservers=("ns1.harbour-host.example",),
    ),
    Domain(
        "far-shore.example", "Good Names", REGISTRAR_ABUSE, created_days_ago=40, nameservers=("ns1.far-shore.example",)
    ),
    Domain("lighthouse.example", "Good Names", REGISTRAR_ABUSE, created_days_ago=3000),
)
MAIL_DOMAINS = (
    "leeward-hotline.example",
    "constabulary.example",
    "harbour-host.example",
    "far-shore.example",
    "island-backbone.example",
    "good-names.example",
    "harbour-pay.example",
)
