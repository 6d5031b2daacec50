"""What registries of countries' domains do about such names, as far as their terms were read."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from leeward.notices.models import Contact


@dataclass(frozen=True, slots=True)
class CountryDomain:
    """One country's domain: on what basis its registry suspends a name, who decides, and how far that was read."""

    country: str
    end: str
    basis: str
    who: str
    as_of: str
    source: str
    sure: str


@cache
def country_domains() -> tuple[CountryDomain, ...]:
    """Return every country's domain that is on record, by its ending."""
    text = (files("leeward.notices") / "data" / "cctlds.csv").read_text(encoding="utf-8")
    return tuple(sorted((CountryDomain(**row) for row in csv.DictReader(text.splitlines())), key=lambda one: one.end))


def end_of(country: str) -> str:
    """Return the ending of a country's domain."""
    return "uk" if country.upper() == "GB" else country.lower()


def registry_of(country: str) -> Contact | None:
    """Return the directory's confirmed registry of a country's domain, or None."""
    found = Contact.objects.filter(kind="registry", country=country.upper(), retired=False, unconfirmed=False)
    return found.order_by("pk").first()
