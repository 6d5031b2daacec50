"""An activity report has the published shape, asks questions and scores nobody, holds no transaction and no name of ours."""

from typing import Any

import pytest
from lxml import etree

from leeward.outputs.decoders import schemas
from leeward.outputs.rules import goaml, goaml_check
from leeward.outputs.rules.goaml import FiuProfile, build, obstacles
from leeward.outputs.rules.goaml_check import check
from leeward.outputs.rules.records import PaidTo
from tests.outputs.rules.cases import RECEIVED, record

IBAN = "GB82WEST12345698765432"
WALLET = "17bnfudZkgMzmzL4BFA4gcFe5uirQMSajT"
OURS = FiuProfile("JM", "4711", "AIF", "JMD", "LSAC-1", "FSEC-1")
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="report"><xs:complexType><xs:sequence>
<xs:element name="rentity_id" type="xs:integer"/><xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""


def paid(kind: str = "btc", value: str = WALLET, **more: Any) -> PaidTo:
    values = {
        "brand": "",
        "weak": False,
        "asked": (),
        "names": (),
        "on_page": True,
        "first_at": RECEIVED,
        "last_at": RECEIVED,
    }
    return PaidTo(kind=kind, value=value, **(values | more))


def made(*payees: PaidTo, typology: str = "extortion", profile: FiuProfile = OURS, **more: Any) -> bytes:
    found = record(paid_to=payees or (paid(),), **more)
    assert obstacles(found, typology) == ()
    return build(found, typology, profile, verdict="NOT_VALIDATED")


def test_a_report_has_the_shape_and_says_what_the_fiu_has_said() -> None:
    content = made(paid(), paid("iban", IBAN, asked=(("20", "USD"),), names=("Jane",), weak=True, on_page=False))
    assert check(content) == ()
    root = etree.fromstring(content)
    says = {
        name: root.findtext(name) for name in ("rentity_id", "report_code", "currency_code_local", "entity_reference")
    }
    assert says == {
        "rentity_id": "4711",
        "report_code": "AIF",
        "currency_code_local": "JMD",
        "entity_reference": "2026-0007",
    }
    assert root.findtext("submission_date") == "2026-11-21T09:00:00"
    assert root.findtext("report_indicators/indicator") == "FSEC-1"
    wallet, bank = root.findall("activity/report_parties/report_party")
    assert wallet.findtext("account/institution_name") == "Bitcoin"
    assert wallet.findtext("account/non_bank_institution") == "true"
    assert wallet.findtext("account/currency_code") == "JMD"
    assert bank.findtext("account/iban") == bank.findtext("account/account") == IBAN
    assert bank.findtext("account/non_bank_institution") == "false"
    assert (bank.findtext("account/account_name"), bank.findtext("account/currency_code")) == ("Jane", "USD")
    assert bank.findtext("reason") == (
        "Payment is asked for in a report to the hotline, first seen 2026-11-20, last 2026-11-20. Asked for: 20 USD. It has no check "
        "digits that could prove it."
    )
    assert wallet.findtext("significance") == "0"
    assert b"Verdict: NOT_VALIDATED" in content


def test_an_account_is_never_cut_to_another_one() -> None:
    long = f"{'harbour.' * 7}kite@upi"
    assert etree.fromstring(made(paid("upi", long))).findtext(".//account/account") == long


def test_the_indicators_are_questions_and_fit_into_the_reason() -> None:
    for typology, (title, questions) in goaml.TYPOLOGIES.items():
        reason = etree.fromstring(made(typology=typology)).findtext("reason") or ""
        assert title in reason
        assert all(question.endswith("?") and question in reason for question in questions)
        assert "decided on 2026-11-20" in reason
        assert len(reason) <= goaml.MOST_REASON


def test_without_a_profile_nothing_is_made_up_but_the_shape() -> None:
    root = etree.fromstring(made(typology="live_streamed", profile=FiuProfile()))
    assert [root.findtext(name) for name in ("rentity_id", "report_code", "currency_code_local")] == ["0", "SAR", "EUR"]
    assert root.findtext("report_indicators/indicator") == "LIVE_STREAMED"
    content = made(paid(names=("\x00\x1b[2J<b>&",)))
    assert check(content) == ()
    assert b"&lt;b&gt;&amp;" in content


def test_what_stands_in_the_way_is_said() -> None:
    good = record(paid_to=(paid(),))
    assert obstacles(good, "extortion") == ()
    assert [one.code for one in obstacles(good, "grooming")] == ["no_typology"]
    bare = record(decided_at=None, is_quiet=True)
    assert [one.code for one in obstacles(bare, "live_streamed")] == ["not_decided", "kept_quiet", "nobody_paid"]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        (b"<reason>", b"<transaction/><reason>", ["schema"]),
        (b"<submission_code>E</submission_code>", b"", ["schema"]),
        (b"<account_name>", b"<holder>x</holder><account_name>", ["schema"]),
        (b"<report>", b"<!DOCTYPE report><report>", ["doctype"]),
        (b"</report>", b"", ["malformed"]),
        (b"<institution_name>Bitcoin</institution_name>", b"<institution_name/>", ["schema"]),
        (b"<indicator>FSEC-1</indicator>", b"", ["schema"]),
    ],
)
def test_what_does_not_fit_the_shape_is_refused(old: bytes, new: bytes, codes: list[str]) -> None:
    content = made(paid(names=("Jane",)))
    assert old in content
    assert [one.code for one in check(content.replace(old, new, 1))] == codes


def test_other_documents_are_no_report() -> None:
    assert [(one.code, one.where) for one in check(b"<letter/>")] == [("schema", "letter")]
    assert [one.code for one in check(b"<report/>" + b" " * goaml_check.MOST_BYTES)] == ["too_long"]
    long = made().replace(b"<reason>", b"<reason>" + b"x" * goaml.MOST_REASON, 1)
    assert [(one.code, one.where) for one in check(long)] == [("too_long", "reason")]
    where = [one.where for one in check(made().replace(b"<reason>", b"<transaction/><reason>", 1))]
    assert where == ["report/transaction"]


def test_a_schema_is_used_only_if_it_is_whole_and_reads_nothing_else() -> None:
    assert schemas.why_unusable(XSD.encode()) == ""
    include = XSD.replace(
        "<xs:element name", '<xs:include schemaLocation="http://fiu.example/a.xsd"/><xs:element name', 1
    )
    for body, why in {
        include: "reaches_out",
        f"<!DOCTYPE x>{XSD}": "doctype",
        XSD[:-5]: "malformed",
        "<report/>": "not_a_schema",
        XSD.replace("xs:integer", "xs:nothing"): "not_a_schema",
        XSD.replace('name="report"', 'name="letter"'): "no_report",
    }.items():
        assert schemas.why_unusable(body.encode()) == why


def test_the_schema_of_an_fiu_has_the_last_word() -> None:
    assert schemas.faults(XSD.encode(), made().decode()) == []
    (fault,) = schemas.faults(XSD.encode(), made(profile=FiuProfile("JM", "A-1")).decode())
    assert "rentity_id" in fault
    assert schemas.faults(b"<report/>", made().decode()) == ["not_a_schema"]
