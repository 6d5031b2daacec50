"""Close an account together with everything that ends when somebody leaves."""

from collections.abc import Collection
from dataclasses import dataclass

from leeward.administration.queries import Leaving
from leeward.audit.services import hotline_transaction
from leeward.blocklist.publishing.queries import subscriber_of_token
from leeward.blocklist.publishing.services import new_key
from leeward.foundation.actor import Actor
from leeward.notices.services import replace_secrets_of
from leeward.people import services as people_services
from leeward.people.services.tokens import replace_token


@dataclass(frozen=True, slots=True)
class NewKey:
    """The replacement of a key that somebody who left had seen; shown only once."""

    name: str
    key: str


def let_go(leaving: Leaving, *, replaced: Collection[int], actor: Actor) -> list[NewKey]:
    """Close the account; replace those of its keys that are named in `replaced`, revoke the others. Return the new keys.

    Its sessions end, its cases are released, its invitations and requests are settled: all of it or nothing. A
    subscriber's key for transfers changes with its other one.
    """
    made = []
    with hotline_transaction(actor.hotline_id):
        for token in leaving.keys:
            if token.id not in replaced:
                continue
            subscriber = subscriber_of_token(token.id)
            key = new_key(subscriber.id, actor=actor) if subscriber else replace_token(token.id, actor=actor)
            made.append(NewKey(token.name, key))
        secrets = replace_secrets_of(leaving.account.id, hotline_id=actor.hotline_id or 0, actor=actor)
        made += [NewKey(name, secret) for name, secret in secrets]
        people_services.close_account(leaving.account.id, actor=actor)
    return made
