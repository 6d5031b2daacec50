"""Who may do what: the single table of permissions, read by pages, services and the documentation. Pure."""

from functools import reduce

from leeward.foundation.actor import YES, Actor, Decision, no
from leeward.foundation.lazy_text import LazyText as _

ADMINISTRATOR = "administrator"
SUPERVISOR = "supervisor"
ANALYST = "analyst"
POLICE_LIAISON = "police_liaison"
AUDITOR = "auditor"
TRANSLATOR = "translator"
TITLES = {
    ADMINISTRATOR: _("Administrator"),
    SUPERVISOR: _("Supervisor"),
    ANALYST: _("Analyst"),
    POLICE_LIAISON: _("Police liaison"),
    AUDITOR: _("Auditor"),
    TRANSLATOR: _("Translator"),
}
ROLES = tuple(TITLES)

ACTS: dict[str, frozenset[str]] = {
    # the desk
    "case.read": frozenset({ANALYST, SUPERVISOR, POLICE_LIAISON}),
    "case.claim": frozenset({ANALYST, SUPERVISOR}),
    "case.assess": frozenset({ANALYST, SUPERVISOR}),
    "case.preview": frozenset({ANALYST, SUPERVISOR}),
    "case.note": frozenset({ANALYST, SUPERVISOR, POLICE_LIAISON}),
    "case.act": frozenset({ANALYST, SUPERVISOR}),
    "case.reassign": frozenset({SUPERVISOR}),
    "case.reopen": frozenset({SUPERVISOR}),
    "appeal.decide": frozenset({SUPERVISOR}),
    "reviewer.invite": frozenset({SUPERVISOR, ADMINISTRATOR}),  # somebody of another hotline, for one thing
    "case.merge": frozenset({ANALYST, SUPERVISOR}),
    "case.summary": frozenset({ANALYST, SUPERVISOR, POLICE_LIAISON}),
    "case.export": frozenset({ANALYST, SUPERVISOR}),
    "case.list": frozenset({ANALYST, SUPERVISOR, POLICE_LIAISON}),
    "case.list_addresses": frozenset({SUPERVISOR, POLICE_LIAISON}),
    "view.share": frozenset({SUPERVISOR}),
    "report.read": frozenset({ANALYST, SUPERVISOR}),
    "report.enter": frozenset({ANALYST, SUPERVISOR}),
    "report.ask": frozenset({ANALYST, SUPERVISOR}),
    "arrival.settle": frozenset({SUPERVISOR}),  # what came in on the public pages and could not be taken in
    "question.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "finding.correct": frozenset({ANALYST, SUPERVISOR}),
    "registrant.read": frozenset({ANALYST, SUPERVISOR}),  # personal data, for a reason
    "exposure.read": frozenset({SUPERVISOR}),
    "quality.read": frozenset({SUPERVISOR}),
    "quality.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "limits.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "clock.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "oncall.read": frozenset({ANALYST, SUPERVISOR, POLICE_LIAISON, ADMINISTRATOR}),
    "oncall.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "page.acknowledge": frozenset({ANALYST, SUPERVISOR, POLICE_LIAISON, ADMINISTRATOR}),
    "limits.widen": frozenset({ADMINISTRATOR}),
    # those who must report
    "provider.read": frozenset({ANALYST, SUPERVISOR, POLICE_LIAISON, ADMINISTRATOR}),
    "provider.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "provider.suspect": frozenset({SUPERVISOR}),
    "provider.hold": frozenset({POLICE_LIAISON, SUPERVISOR}),  # evidence is kept by an order of the police
    # known images
    "hash.read": frozenset({ANALYST, SUPERVISOR, POLICE_LIAISON}),
    "hash.add": frozenset({ANALYST, SUPERVISOR}),
    "hash.settle": frozenset({SUPERVISOR}),
    "hash.exchange": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "source.agree": frozenset({SUPERVISOR, ADMINISTRATOR}),  # two of them, before anything is asked of others
    "hash.ask": frozenset({POLICE_LIAISON}),
    "hash.investigation": frozenset({POLICE_LIAISON, SUPERVISOR}),
    # blocking lists
    "entry.read": frozenset({ANALYST, SUPERVISOR}),
    "entry.propose": frozenset({ANALYST, SUPERVISOR}),
    "entry.approve": frozenset({SUPERVISOR}),
    "entry.withdraw": frozenset({SUPERVISOR}),
    "block_appeal.answer": frozenset({SUPERVISOR, ADMINISTRATOR}),  # administrators in need only
    "entry.export": frozenset({SUPERVISOR}),
    "list.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "publication.read": frozenset({ANALYST, SUPERVISOR, ADMINISTRATOR}),
    "publication.make": frozenset({SUPERVISOR}),
    "subscriber.edit": frozenset({ADMINISTRATOR}),
    # outside
    "referral.answer": frozenset({POLICE_LIAISON, SUPERVISOR}),
    "referral.confirm": frozenset({ANALYST, SUPERVISOR, POLICE_LIAISON}),  # what somebody else entered as their answer
    "referral.give_up": frozenset({SUPERVISOR}),  # that child protection will not say what came of it
    "contact.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "wording.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "peer.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "receiver.edit": frozenset({ADMINISTRATOR}),  # whom cases are reported to by a program, and under which agreement
    "outbox.read": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "outbox.retry": frozenset({SUPERVISOR, ADMINISTRATOR}),
    # the house
    "hotline.edit": frozenset({ADMINISTRATOR}),
    "portal.edit": frozenset({ADMINISTRATOR}),
    "portal.confirm": frozenset({SUPERVISOR, ADMINISTRATOR}),  # somebody else's change of whom a portal tells or calls
    "installation.edit": frozenset({ADMINISTRATOR}),  # only of the hotline that runs it
    "account.own": frozenset(ROLES),
    "account.edit": frozenset({ADMINISTRATOR}),
    "account.work": frozenset({ADMINISTRATOR, SUPERVISOR}),  # languages, countries and leave
    "account.reset": frozenset({ADMINISTRATOR, SUPERVISOR}),
    "token.edit": frozenset({ADMINISTRATOR}),
    "log.read": frozenset({AUDITOR}),
    "language.translate": frozenset({TRANSLATOR, ADMINISTRATOR}),
    "language.accept": frozenset({TRANSLATOR, ADMINISTRATOR}),  # only of the hotline that runs the installation
    "language.review": frozenset({ADMINISTRATOR}),
    "law.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "law.review": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "figure.read": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "figure.publish": frozenset({SUPERVISOR}),
    "figure.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),  # what a country types in
    "material.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),  # the catalogue of learning material, cards and posters
    "response.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),  # the country’s assessment of its own response
    "training.edit": frozenset({SUPERVISOR, ADMINISTRATOR}),  # courses, and who took part
    "certificate.revoke": frozenset({SUPERVISOR, ADMINISTRATOR}),  # by two of them
    "care.own": frozenset(ROLES),  # a date with the counsellor, a note to them
    "care.appoint": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "certificate.key": frozenset({ADMINISTRATOR}),  # which key signs certificates
}


def may(actor: Actor, act: str, hotline_id: int | None) -> Decision:
    """Return whether `actor` may do `act` in the hotline; pass None for something that belongs to no single hotline.

    The system and the command line may do everything; outsiders may do nothing in this table.
    """
    if act not in ACTS:
        raise ValueError(f"unknown act {act!r}")
    if actor.kind in ("system", "command"):
        return YES
    if actor.kind != "staff":
        return no(_("only staff may do this"))
    if hotline_id is not None and actor.hotline_id != hotline_id:
        return no(_("it belongs to another hotline"))
    if not actor.roles & ACTS[act]:
        return no(_("it needs the role of %(role)s", role=_one_of(ACTS[act])))
    return YES


def _one_of(roles: frozenset[str]) -> _:
    named = [TITLES[role] for role in ROLES if role in roles]
    return reduce(lambda one, other: _("%(one)s or %(other)s", one=one, other=other), named)


def acts_of(roles: frozenset[str]) -> frozenset[str]:
    """Return everything that these roles may do."""
    return frozenset(act for act, allowed in ACTS.items() if roles & allowed)
