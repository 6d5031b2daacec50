"""Who may do what, written by hand: the table of the code is held against this one, act by act and role by role.

A change of a permission is made in both places, by two different movements of the hand.
"""

import pytest

from leeward.foundation.actor import Actor
from leeward.people.rules.permissions import ACTS, ROLES, may

COLUMNS = ("analyst", "supervisor", "police_liaison", "administrator", "auditor", "translator")
#                     analyst  supervisor  police  administrator  auditor  translator
BY_HAND = """
case.read             yes yes yes -   -   -
case.claim            yes yes -   -   -   -
case.assess           yes yes -   -   -   -
case.preview          yes yes -   -   -   -
case.note             yes yes yes -   -   -
case.act              yes yes -   -   -   -
case.reassign         -   yes -   -   -   -
case.reopen           -   yes -   -   -   -
appeal.decide         -   yes -   -   -   -
reviewer.invite       -   yes -   yes -   -
case.merge            yes yes -   -   -   -
case.summary          yes yes yes -   -   -
case.export           yes yes -   -   -   -
case.list             yes yes yes -   -   -
case.list_addresses   -   yes yes -   -   -
view.share            -   yes -   -   -   -
report.read           yes yes -   -   -   -
report.enter          yes yes -   -   -   -
report.ask            yes yes -   -   -   -
question.edit         -   yes -   yes -   -
arrival.settle        -   yes -   -   -   -
finding.correct       yes yes -   -   -   -
registrant.read       yes yes -   -   -   -
provider.read         yes yes yes yes -   -
provider.edit         -   yes -   yes -   -
provider.suspect      -   yes -   -   -   -
provider.hold         -   yes yes -   -   -
exposure.read         -   yes -   -   -   -
quality.read          -   yes -   -   -   -
quality.edit          -   yes -   yes -   -
limits.edit           -   yes -   yes -   -
clock.edit            -   yes -   yes -   -
oncall.read           yes yes yes yes -   -
oncall.edit           -   yes -   yes -   -
page.acknowledge      yes yes yes yes -   -
limits.widen          -   -   -   yes -   -
hash.read             yes yes yes -   -   -
hash.add              yes yes -   -   -   -
hash.settle           -   yes -   -   -   -
hash.exchange         -   yes -   yes -   -
source.agree          -   yes -   yes -   -
hash.ask              -   -   yes -   -   -
hash.investigation    -   yes yes -   -   -
entry.read            yes yes -   -   -   -
entry.propose         yes yes -   -   -   -
entry.approve         -   yes -   -   -   -
entry.withdraw        -   yes -   -   -   -
block_appeal.answer   -   yes -   yes -   -
entry.export          -   yes -   -   -   -
list.edit             -   yes -   yes -   -
publication.read      yes yes -   yes -   -
publication.make      -   yes -   -   -   -
subscriber.edit       -   -   -   yes -   -
referral.answer       -   yes yes -   -   -
referral.confirm      yes yes yes -   -   -
referral.give_up      -   yes -   -   -   -
contact.edit          -   yes -   yes -   -
wording.edit          -   yes -   yes -   -
peer.edit             -   yes -   yes -   -
receiver.edit         -   -   -   yes -   -
figure.read           -   yes -   yes -   -
figure.publish        -   yes -   -   -   -
figure.edit           -   yes -   yes -   -
material.edit         -   yes -   yes -   -
training.edit         -   yes -   yes -   -
response.edit         -   yes -   yes -   -
certificate.revoke    -   yes -   yes -   -
certificate.key       -   -   -   yes -   -
care.own              yes yes yes yes yes yes
care.appoint          -   yes -   yes -   -
outbox.read           -   yes -   yes -   -
outbox.retry          -   yes -   yes -   -
hotline.edit          -   -   -   yes -   -
portal.edit           -   -   -   yes -   -
portal.confirm        -   yes -   yes -   -
installation.edit     -   -   -   yes -   -
account.own           yes yes yes yes yes yes
account.edit          -   -   -   yes -   -
account.work          -   yes -   yes -   -
account.reset         -   yes -   yes -   -
token.edit            -   -   -   yes -   -
log.read              -   -   -   -   yes -
language.translate    -   -   -   yes -   yes
language.accept       -   -   -   yes -   yes
language.review       -   -   -   yes -   -
law.edit              -   yes -   yes -   -
law.review            -   yes -   yes -   -
"""
LINES = [line.split() for line in BY_HAND.strip().splitlines()]
TABLE = {(act, role): word == "yes" for act, *said in LINES for role, word in zip(COLUMNS, said, strict=True)}


def test_the_hand_written_table_is_whole() -> None:
    assert {word for _act, *said in LINES for word in said} == {"yes", "-"}
    assert len(LINES) == len({line[0] for line in LINES}), "no act twice"
    assert set(COLUMNS) == set(ROLES)
    assert {act for act, _role in TABLE} == set(ACTS), "a new act is decided here as well"


@pytest.mark.parametrize("role", COLUMNS)
def test_each_role_may_what_the_table_says(role: str) -> None:
    """By the table of acts and by the one function that is asked, in the own hotline only."""
    actor = Actor("staff", 1, "x", 1, frozenset({role}))
    assert {act for act in ACTS if role in ACTS[act]} == {act for act in ACTS if TABLE[act, role]}
    assert {act for act in ACTS if may(actor, act, 1)} == {act for act in ACTS if TABLE[act, role]}
    assert not [act for act in ACTS if may(actor, act, 2)]


def test_no_role_may_nothing() -> None:
    assert not [act for act in ACTS if may(Actor("staff", 1, "x", 1, frozenset()), act, 1)]
