"""What the police of a country will do and won't, in ten sentences: for each question the answers that can be true there. Pure.

Which are true is chosen on the desk, and shown once a second person has reviewed it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from leeward.foundation.lazy_text import LazyText as _


@dataclass(frozen=True, slots=True)
class Question:
    """Something that people ask about the police: the question as the desk sees it, and what visitors read for each answer."""

    title: _
    answers: Mapping[str, _]


QUESTIONS: Mapping[str, Question] = {
    "unit": Question(
        _("Who deals with it?"),
        {
            "trained": _("Police officers who are trained for this deal with it."),
            "any": _("Any police officer may deal with it at first. You can ask for one who is trained for this."),
        },
    ),
    "choice": Question(
        _("Can people choose whether they speak to a woman or a man?"),
        {
            "yes": _("You can ask to speak to a woman or to a man."),
            "no": _("You can’t always choose whether you speak to a woman or a man, but you can ask."),
        },
    ),
    "company": Question(
        _("Can somebody be with them?"),
        {
            "may": _("Somebody you trust can be with you when you speak to them."),
            "must": _("If you are under 18, an adult has to be with you. You can say whom you want."),
            "alone": _("They may want to speak to you alone. You can ask for somebody to wait outside."),
        },
    ),
    "parents": Question(
        _("Are parents told of somebody under 18?"),
        {
            "asked": _("If you are under 18, they ask you before they tell your parents."),
            "told": _("If you are under 18, they tell your parents or whoever looks after you."),
            "depends": _("They may have to tell your parents. Ask them about it before you give your name."),
        },
    ),
    "own": Question(
        _("Can somebody under 18 be punished for a picture of themselves?"),
        {
            "never": _("They don’t punish you for a picture of yourself. They look for whoever used it."),
            "unlikely": _("They look for whoever used your picture. It is very rare that a young person is punished."),
            "possible": _("The law here is strict even about a picture of yourself. Talk to the helpline first."),
        },
    ),
    "phone": Question(
        _("What happens to their phone?"),
        {
            "stays": _("They don’t take your phone unless you agree."),
            "copied": _("They may copy what is on your phone, and give it back soon."),
            "kept": _("They may keep your phone for some time. Ask for a paper that says so."),
        },
    ),
    "name": Question(
        _("Can people tell them something without a name?"),
        {
            "no_name": _("You can tell them what you know without your name."),
            "name": _("They ask for your name. You don’t have to give it to us."),
        },
    ),
    "telling": Question(
        _("How often do people have to tell what happened?"),
        {
            "once": _("You tell what happened once. It is recorded, so that you need not repeat it."),
            "again": _("You may have to tell what happened more than once. You can ask for breaks."),
        },
    ),
    "court": Question(
        _("Does somebody under 18 have to speak in court?"),
        {
            "apart": _("If there is a trial, people under 18 can speak from another room or behind a screen."),
            "there": _("If there is a trial, you may have to speak in court. Somebody can go there with you."),
        },
    ),
    "news": Question(
        _("Do the police say what happens next?"),
        {
            "tell": _("They tell you what happens with your case. It can take months."),
            "ask": _("It can take months, and they may not tell you by themselves. You can ask at any time."),
        },
    ),
}


def is_complete(answers: Mapping[str, str]) -> bool:
    """Return whether every question has one of its answers, and nothing else is there."""
    return set(answers) == set(QUESTIONS) and all(answer in QUESTIONS[code].answers for code, answer in answers.items())


def sentences(answers: Mapping[str, str]) -> list[_]:
    """Return what visitors read, in order; nothing unless every question is answered."""
    if not is_complete(answers):
        return []
    return [question.answers[answers[code]] for code, question in QUESTIONS.items()]
