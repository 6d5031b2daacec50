"""The activity report for a financial intelligence unit: not validated until its schema is loaded, and refused by that."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import etree

from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.outputs import queries, services
from leeward.outputs.models import Export, FiuProfile
from leeward.outputs.services.fiu import MOST_SCHEMA_BYTES, check_schema
from leeward.payments import services as payments_services
from leeward.payments.rules.finding import find
from tests.casework.conftest import Desk
from tests.having_read import post_as_shown, seen_on
from tests.outputs.rules.test_goaml import WALLET, XSD
from tests.outputs.test_exports import CERTAIN, export

pytestmark = pytest.mark.django_db
CODES = {"entity_id": "4711", "report_code": "AIF", "currency": "JMD", "live_streamed": "", "extortion": "FSEC-1"}


@pytest.fixture
def paying(desk: Desk) -> Any:
    """A decided case whose page and whose report ask for money."""
    case = desk.case(desk.world.gallery_url, text="They ask for 20 USD, cash app $lanternkite.")
    at = datetime.now(UTC)
    found = find(f"pay {WALLET}, or visa, mastercard")
    payments_services.note(found, hotline_id=case.hotline_id, place="location", number=case.location_id, at=at)
    desk.assess(case, facts=CERTAIN)
    return case


def load(desk: Desk, schema: str | None, **codes: str) -> None:
    content = schema.encode() if schema is not None else None
    hotline_id, actor = desk.cast.hotline_id, desk.cast["adam"].actor
    services.save_fiu(CODES | codes, content, "fiu.xsd", hotline_id=hotline_id, actor=actor)


def test_a_report_is_not_validated_until_the_units_schema_is_loaded_and_then_judged_by_it(
    desk: Desk, paying: Any
) -> None:
    made = export(desk, paying, "goaml", exploitation="extortion")
    assert made.refusals == ()
    accounts = [one.text for one in etree.fromstring(made.content).iterfind(".//account/account")]
    assert sorted(accounts) == ["$lanternkite", WALLET], "a brand names nobody"
    assert b"NOT_VALIDATED" in made.content
    assert b"Ana" not in made.content
    assert b"They ask" not in made.content
    (first,) = queries.exports_of(paying.reference)
    assert (first.is_valid, first.is_shape_only, first.validator[:13]) == (True, True, "not validated")
    load(desk, XSD)
    made = export(desk, paying, "goaml", exploitation="live_streamed")
    assert made.refusals == ()
    assert b"VALIDATED by fiu.xsd" in made.content
    assert not queries.exports_of(paying.reference)[0].is_shape_only
    load(desk, None, entity_id="A-1")
    made = export(desk, paying, "goaml", exploitation="extortion")
    assert {one.code for one in made.refusals} == {"fiu_schema"}
    assert not Export.objects.order_by("-pk")[0].is_valid
    services.remove_schema(hotline_id=desk.cast.hotline_id, actor=desk.cast["adam"].actor)
    assert export(desk, paying, "goaml", exploitation="extortion").refusals == ()
    events = AuditRow.objects.filter(event__startswith="fiu.").order_by("number").values_list("event", flat=True)
    assert list(events) == ["fiu.saved", "fiu.saved", "fiu.schema_removed"]


def test_the_verdict_is_on_the_page_and_only_a_chosen_typology_is_exported(desk: Desk, paying: Any) -> None:
    client, path = desk.signed_in("ana"), f"/desk/case/{paying.reference}/exports"
    assert "Choose what it is about" in client.get(f"{path}?format=goaml").content.decode()
    page = client.get(f"{path}?format=goaml&exploitation=live_streamed").content.decode()
    assert "Not validated: it has the published shape only" in " ".join(page.split())
    answer = client.post(path, {"format": "goaml", "exploitation": "live_streamed"})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{paying.reference}-goaml.xml"'
    assert "Not validated: shape only" in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (f"<!DOCTYPE x>{XSD}", "document type"),
        (XSD.replace("<xs:element name", '<xs:import schemaLocation="http://fiu.example/x.xsd"/><xs:element name', 1), "other files"),
        ("<report/>", "no XML schema"),
        ("no xml", "no XML"),
        ("", "empty"),
        ("x" * (MOST_SCHEMA_BYTES + 1), "larger than 2 MB"),
    ],
    ids=["doctype", "import", "other", "text", "empty", "large"],
)  # fmt: skip
def test_a_schema_that_reaches_out_or_is_none_is_refused(desk: Desk, schema: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        load(desk, schema)
    assert not FiuProfile.objects.exists()


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "utf-8-sig"])
def test_a_schema_is_read_in_the_encoding_in_which_it_is_written(desk: Desk, paying: Any, encoding: str) -> None:
    code = '<xs:restriction base="xs:string"><xs:enumeration value="É-1"/></xs:restriction>'
    named = XSD.replace("<xs:element name", f'<xs:simpleType name="code">{code}</xs:simpleType><xs:element name', 1)
    name = encoding.removesuffix("-sig")
    hotline_id, actor = desk.cast.hotline_id, desk.cast["adam"].actor
    content = f'<?xml version="1.0" encoding="{name}"?>{named}'.encode(encoding)
    services.save_fiu(CODES, content, "fiu.xsd", hotline_id=hotline_id, actor=actor)
    found = FiuProfile.objects.get()
    assert found.digest == sha256(content).hexdigest(), "people compare it with the file"
    assert 'value="É-1"' in found.schema
    assert export(desk, paying, "goaml", exploitation="extortion").refusals == ()


def test_no_encoding_hides_a_document_type(desk: Desk) -> None:
    hidden = '<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE x [+ADwAIQ-ENTITY a "b"+AD4]+AD4'
    with pytest.raises(BadInput, match="no XML"):
        load(desk, hidden + XSD)
    with pytest.raises(BadInput, match="no XML"):
        check_schema(b"<\xff\xff>")


def test_an_administrator_enters_what_the_unit_has_said_and_nobody_else(desk: Desk) -> None:
    adam = desk.signed_in("adam")
    assert "None is loaded" in adam.get("/desk/fiu").content.decode()
    file = SimpleUploadedFile("fiu.xsd", XSD.encode())
    old = seen_on(adam.get("/desk/fiu").content.decode())
    assert adam.post("/desk/fiu", CODES | {"schema": file, "seen": old}).status_code == 302
    for late in ({"act": "remove"}, CODES | {"entity_id": "1"}):
        for seen in (old, ""):
            assert adam.post("/desk/fiu", late | {"seen": seen}).status_code == 409, "it is another one than was read"
    details = notices_services.ContactDetails("fiu", "JM", "Financial Investigations (example)", "fiu@unit.example")
    notices_services.add_contact(details, hotline_id=desk.cast.hotline_id, actor=desk.cast["adam"].actor)
    assert [row.email for row in notices_queries.fius()] == ["fiu@unit.example"]
    page = adam.get("/desk/fiu").content.decode()
    for part in ("fiu.xsd", 'value="4711"', "Reports are validated against it.", "fiu@unit.example"):
        assert part in page
    assert post_as_shown(adam, "/desk/fiu", **(CODES | {"entity_id": "<b>"})).status_code in (400, 422)
    unusable = SimpleUploadedFile("a.xsd", b"<a/>")
    assert post_as_shown(adam, "/desk/fiu", **CODES, schema=unusable).status_code == 400
    assert post_as_shown(adam, "/desk/fiu", act="remove").status_code == 302
    assert FiuProfile.objects.get().schema == ""
    assert desk.signed_in("carl").get("/desk/fiu").status_code == 403
    dora = desk.signed_in("dora").get("/desk/fiu").content.decode()
    assert "4711" not in dora
    with pytest.raises(NotAllowed):
        services.save_fiu(CODES, None, "", hotline_id=desk.cast.hotline_id, actor=Actor("host"))
