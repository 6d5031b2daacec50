"""What somebody began ends with their right to begin it, by whichever way they lose that: the one place for all of them."""

from collections.abc import Set as AbstractSet

from leeward.foundation.actor import Actor
from leeward.people.services.invitations import withdraw_invitations_of
from leeward.people.services.reviews import withdraw_reviews_of
from leeward.people.services.tokens import revoke_tokens_of


def end_what_stands_on(account_id: int, lost: AbstractSet[str], *, actor: Actor) -> dict[str, list[int]]:
    """End the open invitations, the keys and the outside reviews of an account that may no longer do the acts in `lost`, in the caller's
    transaction, which logs it; return the numbers of what ended.

    An invitation makes an account with roles, so it stands on `account.edit` until somebody accepts it. A key is used by
    the hotline's partners, but whoever made it has seen it and could use it themselves: so it stands on `token.edit`, and
    is revoked as it is when the account is closed. A program that is to go on gets another key from somebody else first.
    An outside review lets somebody of another hotline see a case, chosen by whoever invited them: it stands on
    `reviewer.invite` until it is answered.
    """
    ended: dict[str, list[int]] = {}
    if "token.edit" in lost:
        ended["keys"] = revoke_tokens_of(account_id)
    if "account.edit" in lost:
        ended["invitations"] = withdraw_invitations_of(account_id)
    if "reviewer.invite" in lost:
        ended["reviews"] = withdraw_reviews_of(account_id, actor=actor)
    return {name: numbers for name, numbers in ended.items() if numbers}
