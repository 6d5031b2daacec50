"""What the last page and the receipt say in words: each sentence for adults, and in plainer words for people under 18 and
for the easy-read form.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.intake.rules.next_step import NextStep, Situation, next_step
from leeward.people.queries import HelplineRow, PortalRow, shown_helplines
from leeward.people.rules.helplines import ADULT, CHILD, in_order

type Both = tuple[str | Promise, str | Promise]

TALK: Mapping[str, Both] = {
    "open": (
        _("You can talk to someone now. You don’t have to give your name."),
        _("You can talk to someone now. You don’t have to say your name."),
    ),
    "call": (
        _("You can talk to someone. You don’t have to give your name."),
        _("You can talk to someone. You don’t have to say your name."),
    ),
    "write": (
        _("You can write to someone. You don’t have to give your name."),
        _("You can write to someone. You don’t have to say your name."),
    ),
    "closed": (
        _("You can talk to someone, but not at this hour. If it can’t wait, call the police."),
        _("You can talk to someone, but not right now. If it can’t wait, call the police or wake an adult."),
    ),
    "none": (
        _("Talk to somebody you trust: a friend, a doctor, a nurse, someone at work."),
        _("Talk to an adult you trust: at home, at school, or a doctor or nurse."),
    ),
}
STEPS: Mapping[str, Both] = {
    "go_safe": (
        _("Take the child to a safe place if you can, without danger to yourself."),
        _("If the child is you, go to a safe place with people if you can."),
    ),
    "dont_pay": (
        _("Don’t pay. Whoever is paid asks for more."),
        _("Don’t pay. If you pay, they ask for more."),
    ),
    "dont_send": (
        _("Don’t send pictures to anybody, and nothing more to them."),
        _("Don’t send any more pictures. Not to them, not to us."),
    ),
    "stop_answering": (_("Stop replying."), _("Stop writing back. You can do that at any time.")),
    "keep_messages": (
        _("Keep the messages: don’t delete the chat."),
        _("Keep the chat. Don’t delete it: it helps to find them."),
    ),
    "block": (_("Then block the account."), _("Then block them.")),
    "tell_adult": (
        _("Tell an adult you trust, if you can."),
        _("Tell an adult you trust. You can show them this page."),
    ),
    "tell_somebody": (
        _("Tell somebody you trust, if you can. You don’t have to deal with this alone."),
        _("Tell somebody you trust. You can show them this page."),
    ),
    "close_it": (_("Close the page, and don’t look for it again."), _("Close it, and don’t look for it again.")),
    "dont_share": (
        _("Don’t save it and don’t send it to anybody, not even as a warning."),
        _("Don’t save it. Don’t send it to anyone, not even to warn them."),
    ),
    "self_away": (
        _("If you are afraid that you could harm a child now, go away from the child, and call somebody from there."),
        _("Are you afraid you could hurt someone now? Go away from them first. Then call."),
    ),
    "self_ask": (
        _("Before you give names, ask what they keep to themselves and what they have to pass on."),
        _("Don’t say names at first. Ask what they keep secret and what they must pass on."),
    ),
    "self_tell": (
        _("If nobody there can help, ask a doctor. They hear this more often than you think."),
        _("You can also tell a doctor, or an adult who keeps calm."),
    ),
}
COMFORTS: Mapping[str, Both] = {
    "not_your_fault": (
        _("It is not your fault, even if you took the picture or sent it yourself."),
        _("It is not your fault, even if you took it or sent it yourself."),
    ),
    "not_in_trouble": (_("You are not in trouble with us."), _("You are not in trouble with us.")),
    "in_your_head": (
        _("What you saw can stay in your head. That is normal, and talking helps, whatever your age."),
        _("What you saw can stay in your head for a while. That is normal. It helps to talk."),
    ),
    "right_to_tell": (_("It was right to tell us."), _("It was right to tell us.")),
    "self_not_alone": (
        _("You are not the only one. A thought is not yet an act, and you can get help with it."),
        _("You are not the only one. A thought is not an act. You can get help."),
    ),
    "self_can_stop": (
        _("If you have looked at such pictures, you can stop, and it is easier with help."),
        _("If you have done something, you can still stop. It is easier with help."),
    ),
}


def next_step_values(portal: PortalRow, now: Situation, *, easy: bool) -> dict[str, Any]:
    """Return what helps now in the reader's language, as `next`, and the portal's helplines for the rest of the page."""
    every = shown_helplines(portal.id)
    return {"next": next_words(next_step(now, every), young=now.young or easy), **for_the_page(every)}


def for_the_page(every: list[HelplineRow]) -> dict[str, Any]:
    """Return the helplines that were looked up already under the names that every template knows."""
    return {"helplines": every, "helpline": next(iter(in_order(every, (CHILD, ADULT))), None)}


def next_words(found: NextStep[HelplineRow], *, young: bool) -> dict[str, Any]:
    """Return the parts of a next step in words; `young`: in the plainer ones."""
    age = int(young)
    return {
        "lines": found.lines,
        "talk": TALK[found.talk][age],
        "steps": [{"code": code, "sentence": str(STEPS[code][age])} for code in found.steps],
        "comforts": [COMFORTS[code][age] for code in found.comforts],
        "pages": found.pages,
    }
