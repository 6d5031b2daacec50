"""What a notice and a referral rest on where the country's law is not recorded, was read only, or reaches the material."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from leeward.notices.rules.briefs import Plan
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, POLICE, Office

pytestmark = pytest.mark.django_db
BASELINE = "What was assessed meets the international baseline"
LATER = timedelta(days=4)  # the statutes were read by then
TERMS = "Your own terms of service apply"


def _text(office: Office, to: str) -> str:
    [mail] = office.mails(to)
    return " ".join(mail.text.split())


@pytest.mark.parametrize(
    ("country", "meets_baseline", "said", "unsaid"),
    [
        ("TV", True, (BASELINE, TERMS), ("The law of",)),
        ("TV", False, (TERMS,), ("The law of", BASELINE)),
        (
            "GH",
            True,
            ("The law of Ghana on such material, as read by a person who is not a lawyer there", "s 62"),
            (TERMS, "is likely illegal under"),
        ),
        ("CA", True, ("In Canada this material is likely illegal under",), (TERMS, BASELINE)),
    ],
)
def test_a_notice_rests_on_what_holds_where_it_is_hosted(
    office: Office,
    configure: Callable[..., None],
    country: str,
    meets_baseline: bool,
    said: tuple[str, ...],
    unsaid: tuple[str, ...],
) -> None:
    configure(notify_foreign_hosts=True)
    verdict = "likely" if country == "CA" else "no_law_recorded"
    office.work(LATER)
    opinions = (("JM", "likely", "s 3"), (country, verdict, ""))
    office.act(office.case(country=country, opinions=opinions, meets_baseline=meets_baseline), Plan(police=False))
    office.work()
    text = _text(office, ABUSE)
    for words in said:
        assert words in text
    for words in unsaid:
        assert words not in text


@pytest.mark.parametrize(
    ("home", "meets_baseline", "said"),
    [
        ("TV", False, "We have no law on such material on record. Whether it is an offence is for you to judge."),
        ("TV", True, BASELINE),
        ("GH", False, "The law of Ghana on such material, as read by a person who is not a lawyer there"),
    ],
)
def test_the_police_of_a_country_without_recorded_law_read_what_holds(
    office: Office, home: str, meets_baseline: bool, said: str
) -> None:
    Portal.objects.update(country=home)
    office.work(LATER)
    opinions = ((home, "no_law_recorded", ""),)
    office.act(office.case(country=home, opinions=opinions, meets_baseline=meets_baseline), Plan(host=False))
    office.work()
    assert said in _text(office, POLICE)
    assert TERMS not in _text(office, POLICE)
