"""Say what the police of a portal's country will do and won't. Somebody drafts it, another person reviews it, then it is
shown.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.people.errors import FieldIsWrong
from leeward.people.models import Portal
from leeward.people.rules.police_words import is_complete
from leeward.people.rules.reach import POLICE_WORDS
from leeward.people.services.checking import authorize, demand_no_record
from leeward.people.services.portal_changes import ask_change, carries_out


def say_of_police(portal_id: int, answers: Mapping[str, str], *, actor: Actor) -> int | None:
    """Draft the sentences; a second person reviews them, also before the portal is open. Return the number of that change,
    or None if visitors read exactly this already. Raises FieldIsWrong, NotFound.
    """
    with hotline_transaction(actor.hotline_id):
        portal = Portal.objects.select_for_update().filter(pk=portal_id, hotline_id=actor.hotline_id or 0).first()
        if portal is None:
            raise NotFound(what=_("portal"))
        authorize(actor, "portal.edit", portal.hotline_id)
        demand_no_record(portal)
        if not is_complete(answers):
            raise FieldIsWrong(field=_("What the police do"), why=_("every question needs an answer."))
        before, wanted = {POLICE_WORDS: portal.police_words}, {POLICE_WORDS: dict(answers)}
        if before == wanted:
            return None
        return ask_change(
            portal.pk, POLICE_WORDS, hotline_id=portal.hotline_id, before=before, wanted=wanted, actor=actor
        )


@carries_out(POLICE_WORDS)
def _as_reviewed(portal: Portal, about: str, wanted: Mapping[str, Any], actor: Actor) -> None:
    portal.police_words, portal.police_words_by_id = wanted[POLICE_WORDS], actor.id
    portal.police_words_at = datetime.now(UTC)
    portal.save(update_fields=["police_words", "police_words_by", "police_words_at"])
    record(
        "portal.police_words_reviewed", actor=actor, hotline_id=portal.hotline_id, subject=f"portal:{portal.pk}",
        facts={"answers": dict(portal.police_words)},
    )  # fmt: skip
