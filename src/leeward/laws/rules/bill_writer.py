"""Write the clauses of a bill from the chosen model: text split at its marks, children, quoted provisions of another
Act. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from leeward.foundation.patterns import Pattern
from leeward.laws.rules.bill_clauses import Blank, Chosen, Clause, Level, Reference, Run, Text
from leeward.laws.rules.bill_need import Principal, Rewording
from leeward.laws.rules.bill_places import Places
from leeward.laws.rules.bill_tree import Node
from leeward.laws.rules.bill_words import Wording

_MARK = Pattern(r"\{(?:(ref|blank|option):)?([^{}]+)\}")
_EID = {
    "part": "part",
    "chapter": "chp",
    "title": "title",
    "schedule": "hcontainer",
    "section": "sec",
    "article": "art",
    "subsection": "subsec",
    "paragraph": "para",
    "subparagraph": "subpara",
    "definition": "hcontainer",
    "item": "para",
}
_REGULATED = (
    "entities",
    "preservation",
    "secrecy",
    "hotline",
    "authority",
    "removal",
    "blocking",
    "safeguards",
    "data",
)
_BLANKS = {
    "speed_words": ("within ", "number", " hours"),
    "consent_words": ("", "age of sexual consent, at most 18", ""),
    "preservation_days": ("", "number", ""),
}


class Writer:
    """Writes the clauses of one bill, with its words and places."""

    def __init__(self, wording: Wording, places: Places) -> None:
        self.wording = wording
        self.places = places

    def part(self, node: Node, at: int) -> Clause:
        """Write a part with its sections."""
        unit = self.wording.style.part
        eid = f"{_EID[unit.lower()]}_{at}"
        children = tuple(self.section(section, f"{eid}__") for section in node["sections"])
        return Clause(node["id"], "part", f"{unit} {at}", eid, self._heading(node), (), children)

    def schedule(self, node: Node, at: int, offences: list[str]) -> Clause:
        """Write a schedule with its items: its own, or one for each offence."""
        eid = f"hcontainer_{at}"
        texts = list(node.get("items") or ())
        if node.get("each_offence"):
            texts = [f"An offence under {{ref:{name}}}: {{option:maximum}}." for name in offences]
        children = tuple(
            Clause(f"{node['id']}-{row}", "item", f"{row}.", f"{eid}__para_{row}", "", self.runs(node["id"], text))
            for row, text in enumerate(texts, 1)
        )
        return Clause(node["id"], "schedule", f"Schedule {at}", eid, self._heading(node), (), children, beyond=True)

    def section(self, node: Node, prefix: str, *, typed: bool = False) -> Clause:
        """Write a section with everything below it."""
        number = self.places.of[node["id"]].numbers[0]
        own = "".join(letter for letter in number if letter.isalnum())
        eid = f"{prefix}{_EID[self.wording.style.section]}_{own}"
        return self._build(node, "section", number, eid, "", typed=typed)

    def _build(self, node: Node, level: Level, number: str, eid: str, end: str, *, typed: bool) -> Clause:
        """Write a clause; `end` is its punctuation as an item of a sentence."""
        rows, children = node["children"], []
        below = self.places.level_below(node, level) if rows else level
        for at, child in enumerate(rows, 1):
            own = self.places.number(below, at)
            child_eid = f"{eid}__{_EID[below]}_{own.strip('()') or at}"
            children.append(self._build(child, below, own, child_eid, _ending(node, at, len(rows), end), typed=typed))
        text = str(node["text"])
        return Clause(
            id=node["id"],
            level=level,
            number=number,
            eid=eid,
            heading=self._heading(node),
            runs=self.runs(node["id"], text if children else text + end),
            children=tuple(children),
            typed=typed,
            **_facts(node),
        )

    def _heading(self, node: Mapping[str, Any]) -> str:
        return "".join(_words(run) for run in self.runs(node["id"], str(node.get("heading") or "")))

    def runs(self, own: str, text: str) -> tuple[Run, ...]:
        """Split a text at its marks."""
        found: list[Run] = []
        start = 0
        for mark in _MARK.finditer(text):
            found.append(Text(text[start : mark.start()]))
            found += self._run(own, mark[1], mark[2], is_first=mark.start() == 0)
            start = mark.end()
        found.append(Text(text[start:]))
        return tuple(run for run in found if not isinstance(run, Text | Chosen) or run.text)

    def _run(self, own: str, kind: str | None, name: str, *, is_first: bool) -> list[Run]:
        if kind == "ref":
            return [self.places.reference(name, own, is_first=is_first)]
        if kind == "blank":
            return [Blank(name)]
        plain = self.wording.plain(name)
        if plain is not None:
            return [Text(plain) if name == "must" else Chosen(plain)]
        return self._option(own, name)

    def _option(self, own: str, name: str) -> list[Run]:
        if name in _BLANKS:
            before, what, after = _BLANKS[name]
            return [Text(before), Blank(what), Text(after)]
        fillers = {
            "title": self._title,
            "offences": self._offences,
            "regulated": self._regulated,
            "penalty": self._penalty,
            "maximum": self._maximum,
        }
        return fillers[name](own)

    def _title(self, own: str) -> list[Run]:
        del own
        title = self.wording.short_title
        return [Chosen(title)] if self.wording.options.title else [Chosen(title), Text(" "), Blank("year")]

    def _offences(self, own: str) -> list[Run]:
        """Return what an exclusion refers to: the part on offences, or the principal Act's own provisions."""
        if "offences" in self.places.of:
            return [self.places.reference("offences", own)]
        return [Text(f"this Act that relates to {self.wording.term}")]

    def _penalty(self, own: str) -> list[Run]:
        del own
        return [Blank("penalty, in the form of the principal Act" if self.wording.principal else "penalty")]

    def _maximum(self, own: str) -> list[Run]:
        others = "; higher maximum, {blank:term}; a body corporate, {blank:amount}"
        return list(self.runs(own, f"{self.wording.style.penalty}{others}"))

    def _regulated(self, own: str) -> list[Run]:
        """Return the sections that regulations may implement, each as a reference."""
        names = [name for name in _REGULATED if name in self.places.of]
        rows = [self.places.reference(name, own) for name in names]
        if len(rows) == 1:
            return [*rows]
        found: list[Run] = [Text(f"{self.wording.style.section}s ")]
        for at, row in enumerate(rows):
            if at:
                found.append(Text(" and " if at == len(rows) - 1 else ", "))
            found.append(Reference(row.to, "", row.pieces))
        return found

    def amending_title(self) -> Clause:
        """Return the first clause of an amending bill."""
        head: Node = {
            "id": "citation",
            "heading": "Title and commencement",
            "text": "",
            "beyond": True,
            "from": "usual form",
        }
        rows = ["This Act {option:citation} the {option:title}.", "It comes into force on {blank:date}."]
        children = [{"id": f"citation-{at}", "text": text, "children": []} for at, text in enumerate(rows, 1)]
        return self._own_clause({**head, "children": children}, 1)

    def principal_clause(self) -> Clause:
        """Return the clause that names the amended Act."""
        made = self._own_clause({"id": "principal", "heading": "Principal Act", "text": "", "children": []}, 2)
        # the title is somebody's own words: a brace in it is no mark of ours
        return replace(made, runs=(Text(f"In this Act, “the principal Act” means the {self.wording.principal}."),))

    def replaced_definition(self, principal: Principal, at: int) -> Clause:
        """Return the clause that makes the Act's definition refer to the new section."""
        quoted = self._quoted_definitions([self.defined_term()], at)
        lead = self._lead(self.wording.style.replace, principal.definition_in)
        return self._own_clause(self._amends("replaced", "Definition of {term}", lead), at, quoted=quoted)

    def defined_term(self) -> Node:
        """Return the definition of the term, which refers to the new section."""
        term = self.wording.term
        self.places.add_unit("def-term", "definition", "")
        text = f"“{term}” has the meaning given by {{ref:material}}"
        return {"id": "def-term", "word": term, "text": text, "children": []}

    def added_definitions(self, rows: Sequence[Node], principal: Principal, at: int) -> Clause:
        """Return the clause that adds words to the Act's own definitions; its note says what to do if the term is
        defined in the Act, of which the register records nothing.
        """
        quoted = self._quoted_definitions(rows, at)
        lead = self._lead(self.wording.style.add, principal.definition_in)
        made = self._own_clause(self._amends("added", "Definitions", lead), at, quoted=quoted)
        if principal.defines or all(row["id"] != "def-term" for row in rows):
            return made
        why = "The register does not record where the principal Act defines its terms. "
        return replace(made, note=f"{why}If it defines “{self.wording.term}” already, replace that definition.")

    def inserted(self, sections: Iterable[Node], after: str, unworded: Sequence[str], at: int) -> Clause:
        """Return the clause that inserts new sections after one of the Act's own; its note names the places that meet a
        criterion in part and whose words are `unworded`.
        """
        unit = self.wording.style.section
        prefix = f"{_EID[unit]}_{at}__mod_1__qstr_1__"
        quoted = tuple(self.section(section, prefix, typed=True) for section in sections)
        lead = self._lead(self.wording.style.insert, after)
        name = f"inserted-{after}" if after else "inserted"
        heading = f"New {unit}" if len(quoted) == 1 else f"New {unit}s"
        made = self._own_clause(self._amends(name, heading, lead), at, quoted=quoted)
        if not unworded:
            return made
        places = ", ".join(unworded)
        why = f"Whole {unit}s are proposed, because the register does not hold the words of {places}. "
        note = f"{why}With the Act at hand, a change of its words may do."
        return replace(made, note=note)

    def reworded(self, row: Rewording, at: int) -> Clause:
        """Return the clause that changes words of the Act; these are somebody else's: a brace in them is no mark of ours."""
        style = self.wording.style
        lead = self._lead(style.reword if row.substitute else style.omit, row.at)
        before, _mark, rest = lead.partition("{words}")
        between, _mark, end = rest.partition("{substitute}")
        heading = f"{style.section[0].upper()}{style.section[1:]} {row.at}"
        made = self._own_clause(self._amends(f"reworded-{at}", heading, ""), at)
        text = f"{before}{row.words}{between}{row.substitute}{end}"
        note = f"The words are those that the register holds ({row.source}); compare them with the Act as it stands."
        return replace(made, runs=(Text(text),), closes=(row.criterion,), beyond=False, note=note)

    def saving(self, at: int) -> Clause:
        """Return the last clause: earlier acts, and possession that began earlier."""
        rows = ["Earlier law continues to govern an act done before this Act comes into force."]
        if "possession" in self.wording.names:
            rows.append(
                "A person does not commit an offence under {ref:possession} of the principal Act by possession that began before "
                "this Act comes into force until {blank:30} days after it does."
            )
        node: Node = {"id": "saving", "heading": "Saving", "text": "", "beyond": True, "from": "usual form"}
        if len(rows) == 1:
            return self._own_clause({**node, "text": rows[0], "children": []}, at)
        children = [{"id": f"saving-{row}", "text": text, "children": []} for row, text in enumerate(rows, 1)]
        return self._own_clause({**node, "children": children}, at)

    def _amends(self, name: str, heading: str, lead: str) -> Node:
        return {"id": name, "heading": heading, "text": lead, "children": [], "beyond": True}

    def _lead(self, form: str, number: str) -> str:
        """Return the words that say what is amended and how; the Act's number is not a reference within the bill."""
        is_plain = self.wording.options.modal == "must"
        values = {
            "{section}": self.wording.style.section,
            "{at}": number or "{blank:number}",
            "{is}": "is" if is_plain else "shall be",
            "{are}": "are" if is_plain else "shall be",
            "{term}": self.wording.term,
        }
        for mark, wording in values.items():
            form = form.replace(mark, wording)
        return form[0].upper() + form[1:]

    def _quoted_definitions(self, rows: Iterable[Node], at: int) -> tuple[Clause, ...]:
        unit = self.wording.style.section
        prefix = f"{_EID[unit]}_{at}__mod_1__qstr_1__"
        listed = list(rows)
        return tuple(
            self._build(
                row, "definition", "", f"{prefix}hcontainer_{number}", "." if number == len(listed) else ";", typed=True
            )
            for number, row in enumerate(listed, 1)
        )

    def _own_clause(self, node: Node, at: int, *, quoted: tuple[Clause, ...] = ()) -> Clause:
        """Return a clause of the amending bill itself."""
        self.places.add_sections([node], [str(at)])
        made = self.section(node, "")
        return Clause(
            id=made.id,
            level=made.level,
            number=made.number,
            eid=made.eid,
            heading=made.heading,
            runs=made.runs,
            children=made.children,
            quoted=quoted,
            beyond=made.beyond,
            origin=made.origin,
        )


def _words(run: Run) -> str:
    return f"[{run.what}]" if isinstance(run, Blank) else run.text


def _facts(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a clause keeps of its row."""
    return {
        "traces": tuple(node.get("traces") or ()),
        "closes": tuple(name for name in node.get("closes") or () if name != "option"),
        "beyond": bool(node.get("beyond")),
        "origin": node.get("from") or "",
        "note": node.get("note") or "",
        "differs": node.get("differs") or "",
        "topic": node.get("topic") or "",
    }


def _ending(parent: Mapping[str, Any], at: int, count: int, end: str) -> str:
    """Return the punctuation of an item: a semicolon, the conjunction before the last, the parent's own end after the
    last.
    """
    if parent.get("definitions"):
        return "." if at == count else ";"
    if not parent.get("join"):
        return ""
    if at == count:
        return end or "."
    return f"; {parent['join']}" if at == count - 1 else ";"
