"""The words of a bill that depend on choices, its kind and the state's style. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from leeward.laws.rules.bill_clauses import Kind
from leeward.laws.rules.bill_options import TERMS, BillOptions
from leeward.laws.rules.bill_styles import Style

_PRIVILEGE = {
    "legal_professional": "legal professional privilege",
    "attorney_client": "attorney-client privilege",
    "none": "",
}
_SPEED = {"immediately": "immediately", "as_soon_as_practicable": "as soon as practicable"}
_AIMS = {
    "c1": "prohibit {term}",
    "c2": "define {term}",
    "c3": "make access to {term} by technology an offence",
    "c4": "make possession of {term} an offence",
    "c5": "require the reporting of {term}",
    "grooming": "make soliciting children an offence",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The replacements for the marks in the model's text, except references and blanks."""

    options: BillOptions
    style: Style
    kind: Kind
    term: str
    state: str
    principal: str
    stands: Mapping[str, bool]
    names: Collection[str]

    @property
    def performance(self) -> str:
        """The wording for live performances of the material."""
        return "child pornographic performance" if self.term == TERMS[1] else "child sexual abuse performance"

    @property
    def title(self) -> str:
        """The drafter's title, or one that describes the paper."""
        lead = {"model": "Model provisions", "instructions": "Drafting instructions"}.get(self.kind)
        return f"{lead} on {self._subject}" if lead and not self.options.title else self.short_title

    @property
    def short_title(self) -> str:
        """The title by which the Act is cited: model provisions and instructions are no Act yet and have another."""
        if self.options.title:
            return self.options.title
        if self.kind == "amending":
            return f"{_named(self.principal)} (Amendment) Act"
        return f"{_titled(self._subject)} Act"

    @property
    def _subject(self) -> str:
        on_children = (
            self.names and not self.stands["offences"] and not self.stands["duty"] and self.stands["solicitation"]
        )
        return "solicitation of children" if on_children else self.term

    def long_title(self, wanted: Collection[str]) -> str:
        """Return the long title, which states what the paper does."""
        if self.kind == "amending":
            purposes = [
                wording.format(term=self.term) for name, wording in _AIMS.items() if name in wanted and self._does(name)
            ]
            return (
                f"An Act to amend the {self.principal} to {_listed(purposes)}"
                if purposes
                else f"An Act to amend the {self.principal}"
            )
        aims = [
            (f"to prohibit {self.term}", self.stands["offences"]),
            (f"to have {self.term} reported", self.stands["duty"]),
            ("to make soliciting children an offence", self.stands["solicitation"]),
            (f"to provide for {self._measures}", bool(self._measures)),
        ]
        held = [wording for wording, stands in aims if stands] or [f"to define {self.term}"]
        lead = "An Act" if self.kind == "act" else "Provisions"
        return f"{lead} {', '.join(held)} and for connected matters"

    def _does(self, name: str) -> bool:
        """Return whether the bill includes what closes this criterion."""
        return {"c5": self.stands["duty"], "grooming": self.stands["solicitation"]}.get(name, True)

    @property
    def _measures(self) -> str:
        names = [name for name in ("removal", "blocking") if self.stands[name]]
        return f"the {_listed(names)} of {self.term}" if names else ""

    @property
    def removal_heading(self) -> str:
        """The heading of the part on hotline, removal and blocking."""
        rows = [("hotline", "hotline"), ("removal", "removal"), ("host", "hosts"), ("blocking", "blocking")]
        wording = _listed([word for name, word in rows if self.stands[name]]) or "general"
        return wording[0].upper() + wording[1:]

    def plain(self, name: str) -> str | None:
        """Return the replacement of a mark that needs only words; None if the writer has to handle it."""
        options, style = self.options, self.style
        wording = {
            "term": self.term,
            "Term": self.term[0].upper() + self.term[1:],
            "performance": self.performance,
            "must": options.modal,
            "citation": style.citation,
            "definitions_heading": style.definitions,
            "knowingly_word": "knowingly " if options.knowingly else "",
            "privilege_words": _PRIVILEGE[options.privilege],
            "reporting_entity_words": f"{options.reporting_entity}, and " if options.reporting_entity else "",
            "removal_heading": self.removal_heading,
            "state": self.state,
            "section": style.section,
        }
        if name == "speed_words":
            return _SPEED.get(options.speed)
        if name == "consent_words":
            return str(options.age_of_consent) if options.age_of_consent else None
        if name == "preservation_days":
            return str(options.preservation_days) if options.preservation_days else None
        return wording.get(name)


def _named(act: str) -> str:
    """Return the name of an Act without its year, its number and the word Act: `Electronic Crimes`."""
    plain = act.partition(",")[0].partition(" (Cap")[0].removeprefix("The ")
    while plain and (plain[-1].isdigit() or plain.endswith(" ")):
        plain = plain[:-1]
    return plain.removesuffix(" Act").removesuffix(" Act of")


def _listed(wording: list[str]) -> str:
    return wording[0] if len(wording) == 1 else f"{', '.join(wording[:-1])} and {wording[-1]}" if wording else ""


def _titled(wording: str) -> str:
    return " ".join(word if word in ("of", "on", "and") else word[0].upper() + word[1:] for word in wording.split())
