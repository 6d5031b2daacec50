"""A small model of a bill, on honey, and every word and mark of what is made of it: what a change of one rule changes is seen here."""

from collections.abc import Iterator
from typing import Any

import yaml

from leeward.laws.rules.bill import Country, compose
from leeward.laws.rules.bill_clauses import Bill, Blank, Chosen, Clause, Kind, Reference, Run
from leeward.laws.rules.bill_need import Need, Principal, Rewording
from leeward.laws.rules.bill_options import BillOptions
from leeward.laws.rules.bill_styles import styles_of

MODEL: dict[str, Any] = yaml.safe_load("""
parts:
  - id: preliminary
    heading: Preliminary
    sections:
      - id: citation
        heading: Title
        when: {act: true}
        beyond: true
        from: usual form
        text: "This Act {option:citation} the {option:title}."
        children: []
      - id: definitions
        heading: "{option:definitions_heading}"
        definitions: true
        text: "In this Act—"
        children:
          - {id: def-jar, word: jar, text: "“jar” means what holds {term}", closes: [c2], traces: [A.1]}
          - {id: def-bee, word: bee, text: "“bee” means an insect that fills a jar", when: {defines: true}}
          - {id: def-wasp, word: wasp, text: "“wasp” means no bee"}
      - id: material
        heading: "Meaning of {term}"
        when: {defined: true}
        closes: [c2]
        children:
          - {id: material-means, text: "{Term} is food in a jar.", traces: [A.2]}
          - {id: material-not, text: "{ref:material-means} leaves out wax.", differs: wax}
      - id: performance
        heading: "Meaning of {performance}"
        when: {performed: true}
        closes: [c2]
        text: "A {performance} is a fair."
  - id: offences
    heading: Offences
    sections:
      - id: access
        heading: Taking
        offence: true
        sentence: true
        closes: [c3]
        traces: [B.1]
        differs: by sea
        note: Not from bees.
        topic: taking
        text: "A person commits an offence who—"
        join: or
        children:
          - {id: access-take, text: "takes {term}"}
          - {id: access-jar, text: "opens a jar of {ref:definitions}"}
          - {id: access-sea, text: "does so at sea", when: {abroad: true}}
      - id: possession
        heading: Keeping
        offence: true
        closes: [c4]
        from: the hive
        children:
          - id: possession-offence
            text: "A person commits an offence who {option:knowingly_word}keeps {term}<<offence_of_access| under {ref:access-take}>>."
            traces: [B.2]
          - {id: possession-wax, text: "Wax is kept too."}
      - id: performances
        heading: Fairs
        offence: true
        sentence: true
        closes: [c1]
        text: "A person commits an offence who—"
        join: or
        children:
          - {id: performances-hold, text: "holds a {performance}"}
          - {id: performances-see, text: "sees one", when: {attend: true}}
      - id: tools
        heading: Tools
        offence: true
        when: {tools: true}
        closes: [c1]
        beyond: true
        topic: tools
        differs: outer
        traces: [B.3]
        children:
          - id: tools-one
            text: "A person commits an offence who—"
            join: or
            differs: inner
            traces: [B.4]
            closes: [option]
            children:
              - {id: tools-makes, text: "makes a comb"}
              - {id: tools-sells, text: "sells one"}
      - id: innocent
        heading: Exceptions
        closes: [c4]
        with: [access]
        text: "What is forbidden by {option:offences} is open to <<abroad|sailors>><<!abroad|{blank:who}>>."
  - id: solicitation
    heading: Asking
    when: {solicitation: true}
    sections:
      - id: meeting
        heading: Asking bees
        offence: true
        closes: [grooming]
        text: "Nobody may ask a bee under {option:consent_words}."
  - id: reporting
    heading: Telling
    when: {reporting: true}
    sections:
      - id: duty
        heading: Duty
        closes: [c5]
        children:
          - id: duty-report
            text: "A keeper {must} tell, {option:speed_words}—"
            join: and
            children:
              - id: duty-what
                text: "what—"
                join: or
                children:
                  - {id: duty-good, text: "good"}
                  - {id: duty-bad, text: "bad"}
              - {id: duty-who, text: "who"}
      - id: entities
        heading: Whom to tell
        closes: [c5]
        text: "The hives are {option:reporting_entity_words}those of {option:state}."
  - id: removal-part
    heading: "{option:removal_heading}"
    sections:
      - id: hotline
        heading: Hive
        when: {hotline: true}
        closes: [option]
        children:
          - id: hotline-hive
            text: "A hive"
            differs: inmost
            children: [{id: hotline-open, text: "is open for {option:preservation_days} days.", traces: [D.1], differs: unread}]
      - id: removal
        heading: "Clearing of {blank:place}"
        offence: true
        when: {removal: true}
        closes: [option]
        text: "Clearing is for {ref:hotline}."
  - id: general
    heading: General
    when: {act: true}
    sections:
      - id: regulations
        heading: Regulations
        when: {needs_regulations: true}
        text: "Rules are for {option:regulated}."
      - id: saving
        heading: "Saving of {ref:offences}"
        when: {offences: true}
        text: "{ref:penalty-list} sets what {ref:offences} leaves open."
schedules:
  - id: penalty-list
    heading: Maxima
    when: {offences: true}
    each_offence: true
  - id: amendments
    heading: Repeals of {term}
    items: ["{blank:law} is gone.", "So is a wasp."]
""")
STYLES = styles_of(
    yaml.safe_load("""
plain:
  name: Plain
  part: Part
  section: section
  subsection: subsection
  paragraph: paragraph
  definitions: Words
  lettered: false
  citation: is called
  penalty: "a fine of {blank:sum}"
  statement: Notes
  insert: "After {section} {at} {are} inserted—"
  add: "in {section} {at} {is} added—"
  replace: "in {section} {at} for “{term}” {is} put—"
  reword: "in {section} {at} {are} put for “{words}” the words “{substitute}”."
  omit: "in {section} {at} “{words}” {is} gone."
  countries: [XX]
lettered:
  name: Lettered
  part: Title
  section: article
  subsection: paragraph
  paragraph: point
  definitions: Meanings
  lettered: true
  citation: is named
  penalty: "a fine for {ref:offences}"
  statement: Reasons
  insert: "after {section} {at}—"
  add: "in {section} {at} {is} added—"
  replace: "for {term}—"
  reword: "for {words} {substitute}."
  omit: "no {words}."
  countries: [YY]
""")
)
PRINCIPAL = Principal("Bees Act 1901", "2", "10", defines="honey")


def small_bill(
    kind: Kind,
    *wanted: str,
    style: str = "plain",
    principal: Principal | None = PRINCIPAL,
    rewordings: tuple[Rewording, ...] = (),
    unworded: tuple[str, ...] = (),
    **options: Any,
) -> Bill:
    """The bill that is made of the small model to close what is `wanted`."""
    need = Need(kind, wanted, (), (), (), principal, rewordings=rewordings, unworded=unworded)
    return compose(MODEL, BillOptions(**{"term": "honey", **options}), need, STYLES[style], Country("XX", "Exland"))


def shown(bill: Bill) -> str:
    """Everything that a bill says, a clause a line: its level, number, name, eId, heading, words and what it keeps of its row.

    References are shown as <clause: text>, blanks as [what], choices as ‹words›, what is inserted into another Act with >.
    """
    return "\n".join([f"{bill.title} | {bill.long_title}", *(line for row in bill.body for line in _lines(row, ""))])


def _lines(clause: Clause, indent: str) -> Iterator[str]:
    heading = f"*{clause.heading}*" if clause.heading != "" else ""
    words = "".join(_shown(run) for run in clause.runs)
    said = [clause.level, clause.number, clause.id, clause.eid, heading, words, _facts(clause)]
    yield indent + " ".join(filter(None, said))
    for child in clause.children:
        yield from _lines(child, f"{indent}  ")
    for child in clause.quoted:
        yield from _lines(child, f"{indent}> ")


def _shown(run: Run) -> str:
    match run:
        case Reference():
            return f"<{run.to}: {run.text}>"
        case Blank():
            return f"[{run.what}]"
        case Chosen():
            return f"‹{run.text}›"
    return run.text


def _facts(clause: Clause) -> str:
    """What a clause keeps of its row beside its words."""
    said = {
        "traces": ",".join(clause.traces),
        "closes": ",".join(clause.closes),
        "from": clause.origin,
        "note": clause.note,
        "differs": clause.differs,
        "topic": clause.topic,
    }
    rows = [f"{name} {value}" for name, value in said.items() if value]
    rows += ["beyond"] if clause.beyond is not False else []
    rows += ["typed"] if clause.typed is not False else []
    return f"{{{'; '.join(rows)}}}" if rows else ""
