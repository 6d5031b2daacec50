"""Which changes of a portal one person alone can't make."""

import pytest

from leeward.people.rules.reach import GUARDED, matters, waiting_fields

BEFORE: dict[str, object] = dict.fromkeys(GUARDED, "now") | {
    "languages": ["en", "fr"],
    "police_name": "",
    "title": "now",
}


@pytest.mark.parametrize(
    ("wanted", "waits"),
    [
        ({}, set()),
        ({"police_email": "now"}, set()),
        ({"police_email": "other"}, {"police_email"}),
        ({"police_email": ""}, {"police_email"}),
        ({"police_name": "Unit"}, {"police_name"}),
        ({"title": "other"}, set()),
        ({"languages": ["en", "fr", "ur"]}, set()),
        ({"languages": ["fr", "en"]}, {"languages"}),
        ({"languages": ["en"]}, {"languages"}),
        ({"police_email": "other", "emergency_number": "119", "title": "other"}, {"police_email", "emergency_number"}),
    ],
)
def test_what_a_portal_says_already_waits_for_a_second_person(wanted: dict[str, object], waits: set[str]) -> None:
    assert waiting_fields(BEFORE, wanted) == waits


OPENING = {"takes_reports": True, "police_email": "unit@police.example"}


@pytest.mark.parametrize(
    ("what", "before", "wanted", "told"),
    [
        ("portal", {"takes_reports": True}, {"takes_reports": False}, ["form_shut"]),
        ("portal", {"is_open": True}, {"is_open": False}, ["form_shut"]),
        ("portal", {"is_open": False}, {"is_open": True}, ["form_open"]),
        ("portal", {"takes_reports": False}, OPENING, ["form_open"]),
        ("portal", {"is_open": True, "exit_url": "a"}, {"is_open": False, "exit_url": "b"}, ["form_shut", "reach"]),
        ("portal", {"police_email": "a"}, {"police_email": "b"}, ["reach"]),
        ("on_call_mail", {}, {"on_call_mail": "x"}, ["paging"]),
        ("page_webhook", {}, {"page_webhook": "x"}, ["paging"]),
        ("police_contact", {}, {"email": "x"}, ["police_letter"]),
        ("police_text", {}, {"body": "x"}, ["police_letter"]),
        ("helpline", {"number": "116"}, {"number": "117"}, ["reach"]),
        ("recording", {"recording": ""}, {"recording": "1f"}, ["recording"]),
        ("receiver", {}, {"address": "https://a.example"}, ["receiver"]),
        ("partner", {"partner_id": 0}, {"partner_id": 2}, ["calling"]),
        ("police_number", {"police_number": ""}, {"police_number": "119"}, ["calling"]),
    ],
)
def test_what_people_hear_is_what_changes(
    what: str, before: dict[str, object], wanted: dict[str, object], told: list[str]
) -> None:
    assert matters(what, before, wanted) == told


def test_letters_are_about_what_changed_only() -> None:
    assert matters("mail_server", {"smtp_host": "a"}, {"smtp_host": "b"}) == ["mail_server"]
    assert matters("installation", {"dns_resolvers": []}, {"dns_resolvers": ["192.0.2.53"]}) == ["installation"]
    kept = {"takes_reports": True, "exit_url": "https://news.example/"}
    assert matters("portal", kept, kept | {"exit_url": "https://other.example/"}) == ["reach"]
