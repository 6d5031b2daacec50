"""What somebody on the telephone is asked and hears, in the language of the call."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from leeward.intake import sms_texts
from leeward.intake.labels import REMOVAL_WISHES
from leeward.intake.queries import ReportRow
from leeward.intake.queries.wishes import police_line
from leeward.intake.rules.urgency import asks_about_threat
from leeward.intake.views.receipt_texts import receipt_values
from leeward.people.queries import PortalRow, shown_helplines
from leeward.people.rules.helplines import ADULT, CHILD, in_order


def questions(portal: PortalRow, language: str, *, days: int) -> dict[str, str]:
    """Return what to say before each field of the form, by the field's name; `if_…`: what to say after an answer. `days`:
    for how long after its end a report keeps its contact.
    """
    with override(language):
        kept = ngettext(
            "We delete it %(days)s day after our work is done.",
            "We delete it %(days)s days after our work is done.",
            days,
        )
        return {
            "opening": _("You don’t have to say your name. Please don’t send us any picture, now or later."),
            "danger": _("First: is a child in danger now?"),
            "if_danger": sms_texts.danger(portal),
            "kind": _("Is somebody writing to a child, is there a picture of you, or did you see something?"),
            "threat": _("Is anyone threatening to share it?"),
            "if_threat": f"{_('Don’t pay, and don’t send anything more.')} {_('Don’t delete any messages.')}",
            "police": _of_the_police(police_line(portal)),
            "under_18": _("Are you under 18? You don’t have to answer."),
            "where": _("Where is it? Spell the web address for me, or tell me the name and the app."),
            "text": _("Tell me in your words what happened. You don’t have to describe any picture."),
            "when": _("When did you see it?"),
            "contact": f"{_('May we reach you if we have a question?')} {kept % {'days': days}}",
        }


def _of_the_police(asked: str) -> str:
    """Return what the form says in its place to somebody who reports a picture of themselves."""
    if asked == "wish":
        question = _("What do you want us to do?")
        decides = _(
            "You decide. Only if somebody threatens you or a child is in danger do we tell the police all the same. If "
            "somebody else reports the same page, the police may hear of the page, but not of you."
        )
        return " ".join((question, *map(str, REMOVAL_WISHES.values()), decides))
    if asked == "police":
        return _(
            "The law here says that we have to tell the police if the picture is against the law. They get the address and your "
            "answers. We don’t know your name unless you tell us, so we can’t tell them."
        )
    if asked == "unknown":
        return _(
            "We don’t know yet whether the law here lets us have your picture removed without telling the police. So we tell "
            "them if the picture is against the law. We don’t know your name unless you tell us."
        )
    return _("We pass every report on to the police, also this one. We don’t know your name unless you tell us.")


def ending(portal: PortalRow, language: str, report: ReportRow) -> dict[str, list[str]]:
    """Return what the caller hears at the end, before and after the digits of their receipt: only what is true of this
    report."""
    with override(language):
        values = receipt_values(portal, report)
        before = [_("Thank you. Your report has arrived.")]
        if values["danger_now"]:
            before.append(sms_texts.danger(portal))
        before.append(_("Please write down 16 digits. I read them one by one."))
        after = [_("Please read them back to me.")]
        after.append(_("With them you see on our page where your report stands. We can’t find it without them."))
        if asks_about_threat(report.kind):
            after.append(_("It is not your fault."))
            after += [_("Don’t pay, and don’t send anything more.")] if report.urgency == "threat" else []
        after += sms_texts.next_lines(values["says"], values["time"])
        called = [row for row in in_order(shown_helplines(portal.id), (CHILD, ADULT)) if row.number]
        if called:
            line = _("If you would like to talk to someone: %(name)s, %(number)s.")
            after.append(line % {"name": called[0].title, "number": called[0].number})
        return {"before": before, "after": after}
