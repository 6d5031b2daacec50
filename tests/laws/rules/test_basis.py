"""On what a notice, a referral or a block rests: every combination of what is known."""

from itertools import product

import pytest

from leeward.laws.rules.basis import BLOCKS, NO_LAW, USED, USES, Base, Grounds, Lack, Law, Use, bases, lacking

LIKELY, UNLIKELY, OPEN, READ = (
    Law("Act s 1", verdict, by_account=False) for verdict in ("likely", "unlikely", "undetermined", "no_law_recorded")
)
ACCOUNT = Law("Act s 1", "no_law_recorded", by_account=True)
LAWS = (NO_LAW, LIKELY, UNLIKELY, OPEN, READ, ACCOUNT)


def grounds(
    own: Law = NO_LAW, host: Law = NO_LAW, *, here: bool = False, baseline: bool = False, agreement: str = ""
) -> Grounds:
    return Grounds(own=own, host=host, is_hosted_here=here, is_baseline=baseline, agreement=agreement)


EVERY = [
    grounds(own, host, here=here, baseline=baseline, agreement=agreement)
    for own, host, here, baseline, agreement in product(LAWS, LAWS, (True, False), (True, False), ("", "MoU of 2026"))
]


@pytest.mark.parametrize(
    ("use", "given", "expected"),
    [
        ("notice", grounds(), ("terms",)),
        ("notice", grounds(own=LIKELY), ("terms",)),
        ("notice", grounds(own=LIKELY, host=LIKELY, here=True), ("own_law", "terms")),
        ("notice", grounds(own=LIKELY, host=OPEN), ("host_law", "terms")),
        ("notice", grounds(host=UNLIKELY, baseline=True), ("baseline", "terms")),
        ("notice", grounds(host=READ), ("host_law", "terms")),
        ("abroad", grounds(own=LIKELY), ()),
        ("abroad", grounds(own=LIKELY, host=LIKELY), ("host_law",)),
        ("abroad", grounds(baseline=True), ("baseline",)),
        ("referral", grounds(), ()),
        ("referral", grounds(own=READ, host=LIKELY, baseline=True), ("own_law", "host_law", "baseline")),
        ("referral", grounds(own=UNLIKELY), ()),
        ("national_block", grounds(own=LIKELY), ("own_law",)),
        ("national_block", grounds(own=OPEN, baseline=True), ()),
        ("national_block", grounds(own=READ), ()),
        ("national_block", grounds(own=READ, baseline=True), ("own_law",)),
        ("notice", grounds(own=ACCOUNT, here=True), ("own_law", "terms")),
        ("referral", grounds(own=ACCOUNT), ("own_law",)),
        ("national_block", grounds(own=ACCOUNT, baseline=True), ()),
        ("national_block", grounds(own=ACCOUNT, baseline=True, agreement="MoU"), ("operators",)),
        ("worst_of_block", grounds(own=ACCOUNT, baseline=True), ("baseline",)),
        ("national_block", grounds(host=LIKELY, baseline=True), ()),
        ("national_block", grounds(baseline=True, agreement="MoU"), ("operators",)),
        ("national_block", grounds(own=OPEN, baseline=True, agreement="MoU"), ("operators",)),
        ("national_block", grounds(own=UNLIKELY, baseline=True, agreement="MoU"), ()),
        ("national_block", grounds(agreement="MoU"), ()),
        ("worst_of_block", grounds(), ()),
        ("worst_of_block", grounds(baseline=True), ("baseline",)),
        ("worst_of_block", grounds(own=LIKELY, baseline=True, agreement="MoU"), ("own_law", "baseline")),
    ],
)
def test_which_bases_hold(use: Use, given: Grounds, expected: tuple[Base, ...]) -> None:
    assert bases(use, given) == expected


@pytest.mark.parametrize("use", USES)
def test_a_basis_is_used_only_where_it_may_be(use: Use) -> None:
    for given in EVERY:
        for base in bases(use, given):
            assert use in USED[base]
            assert base != "own_law" or (given.own.citation and given.own.verdict != "unlikely")
            assert base != "host_law" or (given.host.citation and given.host.verdict != "unlikely")
            assert base != "operators" or (given.agreement and given.is_baseline)


def test_no_block_is_refused_without_saying_why_and_every_notice_rests_on_something() -> None:
    for given in EVERY:
        assert bases("notice", given)
        for use in USES:
            is_stuck = use in BLOCKS and not bases(use, given)
            assert bool(lacking(use, given)) is is_stuck, (use, given)


@pytest.mark.parametrize(
    ("use", "given", "expected"),
    [
        ("national_block", grounds(), ("no_law", "not_baseline", "no_agreement")),
        ("national_block", grounds(baseline=True), ("no_law", "no_agreement")),
        ("national_block", grounds(agreement="MoU"), ("no_law", "not_baseline")),
        ("national_block", grounds(own=OPEN), ("not_likely", "not_baseline", "no_agreement")),
        ("national_block", grounds(own=ACCOUNT, baseline=True), ("no_law", "no_agreement")),
        ("national_block", grounds(own=UNLIKELY), ("law_says_no",)),
        ("worst_of_block", grounds(), ("no_law", "not_baseline")),
        ("worst_of_block", grounds(own=UNLIKELY), ("law_says_no",)),
        ("referral", grounds(), ()),
    ],
)
def test_what_is_lacking(use: Use, given: Grounds, expected: tuple[Lack, ...]) -> None:
    assert lacking(use, given) == expected
