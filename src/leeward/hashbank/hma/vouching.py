"""What a key said before two people confirmed its holder counts as the holder's own word from then on."""

from itertools import batched

from leeward.hashbank.hma.services import UNVOUCHED
from leeward.hashbank.models import Source, Vote
from leeward.hashbank.records.services.settling import follow_votes
from leeward.hashbank.records.services.voting import name_key
from leeward.hashbank.scene import bank_transaction, hotline_here, standing_changed
from leeward.people.queries import token, tokens_of

_AT_ONCE = 800


def take_as_own_word(token_id: int) -> None:
    """Move the votes of a confirmed key to its holder; do nothing while another key in the same name is not confirmed,
    since a vote doesn't say with which key it was cast. Safe to run twice.
    """
    key = token(token_id)
    if key is None:
        return
    name = name_key(key.holder)
    same = [one for one in tokens_of(hotline_here()) if "curate" in one.scopes and name_key(one.holder) == name]
    found = Source.objects.filter(hotline_id=hotline_here())
    owner, through = found.filter(name_key=name).first(), found.filter(name_key=name_key(UNVOUCHED)).first()
    if owner is None or through is None or not all(one.is_vouched for one in same):
        return
    cast = Vote.objects.filter(hotline_id=hotline_here(), source=owner, brought_by=0)
    votes = cast.filter(via=through).exclude(record__in=cast.filter(via=owner).values("record_id"))
    for rows in batched(list(votes.values_list("id", "record_id")), _AT_ONCE):
        with bank_transaction() as revision:
            Vote.objects.filter(id__in=[number for number, _record in rows]).update(via=owner)
            follow_votes([record for _number, record in rows], revision=revision)
            standing_changed()
