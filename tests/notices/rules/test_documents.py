"""Of a mail, what programs read is kept: JSON, without data that was encoded into it, within bounds."""

from email.message import Message

from leeward.notices.rules.documents import MOST_DOCUMENT_BYTES, MOST_DOCUMENTS, documents_in, with_texts


def part(content: bytes, kind: str = "application/json", name: str = "") -> Message:
    found = Message()
    found["Content-Type"] = f'{kind}; name="{name}"' if name else kind
    found.set_payload(content.decode("latin-1"))
    return found


def test_json_is_read_by_its_kind_or_its_name() -> None:
    attached = part(b"[5]", "application/octet-stream")
    attached["Content-Disposition"] = 'attachment; filename="b.json"'
    abroad = part(b"[6]", "application/octet-stream")
    abroad["Content-Disposition"] = "attachment; filename*=UTF-8''rapport%20num%C3%A9ro.json"
    parts = [
        part(b"[0]", "text/plain"),
        part(b'{"a": 1}'),
        part(b"[2]", "text/json"),
        part(b"[3]", "application/octet-stream", "X.JSON"),
        part(b"[4]", "text/plain", "json"),
        attached,
        abroad,
    ]
    assert documents_in(parts) == ('{"a": 1}', "[2]", "[3]", "[5]", "[6]")


def test_what_is_no_document_is_left_out() -> None:
    parts = [part(one) for one in (b'"text"', b"5", b"{torn", b"\xff[1]", b"[" * 100_000)]
    nameless = part(b"[7]", "application/octet-stream")
    nameless["Content-Disposition"] = "attachment; filename*=\x00''a.json"
    assert documents_in([*parts, nameless]) == ()
    assert documents_in([part(b"[" + b" " * MOST_DOCUMENT_BYTES + b"]")]) == ()
    assert documents_in([part(b"[" + b" " * (MOST_DOCUMENT_BYTES - 2) + b"]")]) == ("[]",)
    assert len(documents_in([part(b"[1]")] * (MOST_DOCUMENTS + 1))) == MOST_DOCUMENTS


def test_encoded_data_is_cut_out_wherever_it_is() -> None:
    long, longest = "a" * 2001, "b" * 2000
    found = documents_in([part(f'{{"a": [{{"b": "{long}"}}], "c": "{longest}"}}'.encode())])
    assert found == (f'{{"a": [{{"b": ""}}], "c": "{longest}"}}',)


def test_each_text_of_a_document_can_be_changed() -> None:
    document = '{"a": [{"b": "boat"}, 5, null], "our boat": {"boat": "a boat"}}'
    assert with_texts(document, lambda text: text.replace("boat", "é")) == (
        '{"a": [{"b": "\\u00e9"}, 5, null], "our \\u00e9": {"\\u00e9": "a \\u00e9"}}'
    )
    assert with_texts('{ "a" : "b" }', str) == '{ "a" : "b" }'


def test_no_entry_is_lost_whose_name_becomes_like_another() -> None:
    document = '{"boat": 1, "boats": 2, "x": 3, "y 2": 4, "boat 2": 5, "x 2": 6}'
    changed = with_texts(document, lambda text: text.replace("boats", "boat").replace("boat", "x"))
    assert changed == '{"x 3": 1, "x 4": 2, "x": 3, "y 2": 4, "x 2 2": 5, "x 2": 6}'
    assert with_texts('{"a": 1, "b": 2, "c": 3}', lambda _text: "…") == (
        '{"\\u2026": 1, "\\u2026 2": 2, "\\u2026 3": 3}'
    )


def test_of_what_is_too_deep_to_be_looked_through_nothing_is_kept() -> None:
    def depth(levels: int) -> str:
        return with_texts("[" * levels + '"words"' + "]" * levels, lambda _text: "")

    assert depth(20) == "[" * 20 + '""' + "]" * 20
    assert depth(100_000) == "{}"
