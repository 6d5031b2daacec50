"""Publicly known contacts, read from their tables and found by what somebody types."""

from leeward.notices.rules.known import KnownContact, Trust, found, hotlines, platforms

HOTLINES = """iso2,organisation,kind,email,report_url,languages,source_title,source_url,seen,as_of,confidence,note
CA,There,police,"press; a@the press; Reports@There.example ",ftp://there.example,English,A page,https://a.example,yes,2026-01-02,high,A note
JM,Here,inhope,two@signs@here.example, https://here.example ,,A page,none,no,,low,
ZZ,Nowhere,other,,,,A page,https://a.example,yes,,low,
"""
PLATFORMS = """name,kind,child_safety_contact_public,report_url_for_public,source_title,source_url,seen,as_of,confidence,note
Names,registrar,abuse@names.example,,A page,http://a.example,yes,,high,
Pictures,platform,,https://pictures.example/report,A page,https://a.example,yes,,high,
Silent,platform,nobody,,A page,https://a.example,yes,,high,
"""


def test_hotlines_are_read_with_their_source_and_those_without_a_way_to_report_left_out() -> None:
    assert hotlines(HOTLINES, "2026-11-27") == [
        KnownContact(
            "hotline/CA/There", "police", "CA", "There", "reports@there.example", "", "English",
            Trust("A page", "https://a.example", was_seen=True, as_of="2026-01-02", confidence="high", note="A note"),
        ),
        KnownContact(
            "hotline/JM/Here", "hotline", "JM", "Here", "", "https://here.example", "",
            Trust("A page", "", was_seen=False, as_of="2026-11-27", confidence="low", note=""),
        ),
    ]  # fmt: skip


def test_platforms_are_hosts_and_registrars() -> None:
    trust = Trust("A page", "http://a.example", was_seen=True, as_of="2026-11-27", confidence="high", note="")
    names, pictures = platforms(PLATFORMS, "2026-11-27")
    assert names == KnownContact("platform//Names", "registrar", "", "Names", "abuse@names.example", "", "", trust)
    assert (pictures.kind, pictures.email, pictures.report_url) == ("host", "", "https://pictures.example/report")


def test_a_search_finds_by_name_country_address_and_kind() -> None:
    rows = [*platforms(PLATFORMS, ""), *reversed(hotlines(HOTLINES, ""))]
    assert [row.name for row in found(rows)] == ["Names", "Pictures", "There", "Here"]
    assert [row.name for row in found(rows, search=" REPORTS@ ")] == ["There"]
    assert [row.name for row in found(rows, search="here.example")] == ["There", "Here"]
    assert [row.name for row in found(rows, country=" jm ")] == ["Here"]
    assert [row.name for row in found(rows, kind="host")] == ["Pictures"]
    assert found(rows, search="here", country="JM", kind="police") == []
