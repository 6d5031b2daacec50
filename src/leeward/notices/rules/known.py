"""Publicly known contacts as shipped: read from tables, and searched. Pure."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass

# The kind of directory entry that a row of each table becomes.
HOTLINES = {"inhope": "hotline", "iwf_portal": "hotline", "police": "police", "other": "protection"}
REGISTRARS = ("registrar",)


@dataclass(frozen=True, slots=True)
class Trust:
    """Where a row was found, and how far to trust it. `was_seen`: the source contained the value."""

    source: str
    source_url: str
    was_seen: bool
    as_of: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class KnownContact:
    """One row: the organisation, where it takes reports, and how far to trust that. `key` is its name within the tables."""

    key: str
    kind: str
    country: str
    name: str
    email: str
    report_url: str
    languages: str
    trust: Trust


def hotlines(text: str, as_of: str) -> list[KnownContact]:
    """Return hotlines and police by country; rows without a way to report are omitted."""
    return [
        KnownContact(
            key=f"hotline/{row['iso2']}/{row['organisation']}",
            kind=HOTLINES[row["kind"]],
            country=row["iso2"],
            name=row["organisation"],
            email=_address(row["email"]),
            report_url=_url(row["report_url"]),
            languages=row["languages"],
            trust=_trust(row, as_of),
        )
        for row in csv.DictReader(text.splitlines())
        if _address(row["email"]) or _url(row["report_url"])
    ]


def platforms(text: str, as_of: str) -> list[KnownContact]:
    """Return platforms, hosts and registrars; rows without a way to report are omitted."""
    return [
        KnownContact(
            key=f"platform//{row['name']}",
            kind="registrar" if row["kind"] in REGISTRARS else "host",
            country="",
            name=row["name"],
            email=_address(row["child_safety_contact_public"]),
            report_url=_url(row["report_url_for_public"]),
            languages="",
            trust=_trust(row, as_of),
        )
        for row in csv.DictReader(text.splitlines())
        if _address(row["child_safety_contact_public"]) or _url(row["report_url_for_public"])
    ]


def found(rows: Iterable[KnownContact], *, search: str = "", country: str = "", kind: str = "") -> list[KnownContact]:
    """Return the rows matching a search, by country and name."""
    wanted_text, wanted = search.strip().lower(), country.strip().upper()
    kept = [
        row
        for row in rows
        if (not wanted_text or wanted_text in f"{row.name} {row.country} {row.email} {row.report_url}".lower())
        and (not wanted or row.country == wanted)
        and (not kind or row.kind == kind)
    ]
    return sorted(kept, key=lambda row: (row.country, row.name))


def _trust(row: dict[str, str], as_of: str) -> Trust:
    return Trust(
        source=row["source_title"],
        source_url=_url(row["source_url"]),
        was_seen=row["seen"] == "yes",
        as_of=row["as_of"] or as_of,
        confidence=row["confidence"],
        note=row["note"],
    )


def _address(text: str) -> str:
    """Return the first e-mail address in a cell."""
    return next(
        (part.strip().lower() for part in text.split(";") if part.count("@") == 1 and " " not in part.strip()), ""
    )


def _url(text: str) -> str:
    return text.strip() if text.strip().startswith(("https://", "http://")) else ""
