"""What a person's roles permit on the pages of a case, by name: templates use this and never compare acts or roles."""

from dataclasses import dataclass, fields

ACTS = {
    "read_reports": "report.read",
    "ask_reporters": "report.ask",
    "edit_questions": "question.edit",
    "write_notes": "case.note",
    "claim": "case.claim",
    "assess": "case.assess",
    "act": "case.act",
    "reopen": "case.reopen",
    "reassign": "case.reassign",
    "merge": "case.merge",
    "preview": "case.preview",
    "summarise": "case.summary",
    "export": "case.export",
    "correct_findings": "finding.correct",
    "answer_referrals": "referral.answer",
    "confirm_answers": "referral.confirm",
    "edit_contacts": "contact.edit",
    "invite_reviewers": "reviewer.invite",
    "decide_appeals": "appeal.decide",
    "propose_blocks": "entry.propose",
    "add_hashes": "hash.add",
}


@dataclass(frozen=True, slots=True)
class Permitted:
    """One person's permissions; whether the state of the case allows an act is for the page to check."""

    read_reports: bool
    ask_reporters: bool
    edit_questions: bool
    write_notes: bool
    claim: bool
    assess: bool
    act: bool
    reopen: bool
    reassign: bool
    merge: bool
    preview: bool
    summarise: bool
    export: bool
    correct_findings: bool
    answer_referrals: bool
    confirm_answers: bool
    edit_contacts: bool
    invite_reviewers: bool
    decide_appeals: bool
    propose_blocks: bool
    add_hashes: bool


def permitted(acts: frozenset[str]) -> Permitted:
    """Return the permissions for a set of permitted acts."""
    return Permitted(**{field.name: ACTS[field.name] in acts for field in fields(Permitted)})
