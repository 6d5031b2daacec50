"""A notice by Article 16 of the European Union's Digital Services Act, as text for a platform’s own form. Pure.

A notice about such offences may be anonymous by its point (c), and names the hotline anyway; nobody who reported.
"""

from leeward.foundation.patterns import Pattern
from leeward.notices.rules.xarf import web_address
from leeward.outputs.rules.records import CaseRecord, moment
from leeward.outputs.rules.refusals import Refusal

VALIDATOR = "dsa article 16(2), ours 1"
MEDIA_TYPE = "text/plain; charset=utf-8"
GOOD_FAITH = "We believe in good faith that the information and allegations in this notice are accurate and complete."
MOST_REFERENCE = 500
_REFERENCE = Pattern(r"[A-Za-z0-9-_]{1,500}")


def obstacles(record: CaseRecord) -> tuple[Refusal, ...]:
    """Return why no notice can be written about a case."""
    found = []
    if not record.is_decided:
        found.append(Refusal("not_decided"))
    if record.is_quiet:
        found.append(Refusal("kept_quiet"))
    if web_address(record.brief.address) is None:
        found.append(Refusal("no_web_address", "(b)"))
    return tuple(found)


def reference_of(record: CaseRecord) -> str:
    """Return the reference that a platform can carry into its statement of reasons."""
    return f"{record.hotline_country}-{record.brief.reference}"


def build(record: CaseRecord) -> bytes:
    """Return the notice about a case without `obstacles`."""
    brief = record.brief
    by = "by the record of a known file" if brief.was_known else "by a person of the hotline"
    on = f", on {moment(record.decided_at)[:10]}" if record.decided_at else ""
    parts = [
        "Notice of illegal content under Article 16 of Regulation (EU) 2022/2065",
        f"Our reference: {reference_of(record)}\nPlease carry it into the statement of reasons (puid, source_identity).",
        f"(a) Why it is illegal\nThe content was assessed {by} as child sexual abuse material{on}.",
        *_facts(record),
        *_basis(record),
        f"(b) Exact location\n{_address(record)}",
        f"(c) Who gives notice\n{record.hotline.name}" + (f"\n{record.hotline.email}" if record.hotline.email else ""),
        f"(d) Good faith\n{GOOD_FAITH}",
        "Please keep the content and the data about whoever uploaded it for the police before you remove it.",
    ]
    return ("\n\n".join(parts) + "\n").encode()


def _facts(record: CaseRecord) -> list[str]:
    lines = [f"- {line}" for line in record.brief.summary]
    return ["What was found:\n" + "\n".join(lines)] if lines else []


def _basis(record: CaseRecord) -> list[str]:
    lines = [
        f"- {country}: {because} ({verdict})"
        for country, verdict, because in record.brief.opinions
        if because and verdict == "likely"
    ]
    return ["Law, as recorded by the hotline:\n" + "\n".join(lines)] if lines else []


def _address(record: CaseRecord) -> str:
    read = web_address(record.brief.address)
    return read.href if read else ""


def check(content: bytes, record: CaseRecord) -> tuple[Refusal, ...]:
    """Return what a notice lacks, or says although it must not."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return (Refusal("malformed"),)
    found = []
    lines = text.splitlines()
    if _address(record) not in lines or not _address(record):
        found.append(Refusal("address_missing", "(b)"))
    if GOOD_FAITH not in lines:
        found.append(Refusal("good_faith_missing", "(d)"))
    if not _REFERENCE.fullmatch(reference_of(record)):
        found.append(Refusal("reference_bad"))
    if any(words and words in text for words in record.brief.reporter_texts):
        found.append(Refusal("reporter"))
    return tuple(found)
