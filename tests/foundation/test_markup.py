"""XML of our own values: whatever they are, a reader finds exactly them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from leeward.foundation.markup import Element, written

ODD = "a<b>&amp;\"'\n\t\r ]]> \u2028 \U0001f40b"


@given(st.text(alphabet="<>&\"'\n\r\t ]é\u2028a", max_size=20))
def test_any_text_comes_back(text: str) -> None:
    root = Element("a", {"b": text})
    root.child("c", text).child("d").tail = text
    found = etree.fromstring(written(root))
    assert found.get("b") == text
    if text.strip():
        assert (found[0].text, found[0][0].tail) == (text, text)


def test_it_is_what_the_usual_library_writes() -> None:
    root = Element("a", {"xmlns:x": "urn:x", "x:b": ODD})
    root.child("c", ODD, d="1").child("e")
    mixed = root.child("m", "some ")
    mixed.child("n", "text").tail = " with more"
    same = etree.Element("a", {"{urn:x}b": ODD}, nsmap={"x": "urn:x"})
    etree.SubElement(same, "c", {"d": "1"}).text = ODD
    etree.SubElement(same[0], "e")
    etree.SubElement(same, "m").text = "some "
    etree.SubElement(same[1], "n").text = "text"
    same[1][0].tail = " with more"
    etree.indent(same)
    assert written(root) == etree.tostring(same, xml_declaration=True, encoding="UTF-8")
    assert b"<a>\n  <!-- why -->\n  <b/>\n</a>" in written(Element("a", children=[Element("b")]), comment=" why ")


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\ufffe", "\ud800"])
def test_signs_that_xml_has_not_are_refused(sign: str) -> None:
    for root in (Element("a", text=sign), Element("a", {"b": sign})):
        with pytest.raises(ValueError, match=r"signs|surrogates"):
            written(root)
