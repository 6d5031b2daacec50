"""What looks at pages for people with disabilities sees what it should: a check of the tests' own eyes."""

import pytest

from tests.browser import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Two schemes</title><style>
body {{ background: #fff; color: #000 }} @media (prefers-color-scheme: dark) {{ body {{ background: #000; color: #fff }} }}
@media (prefers-color-scheme: {scheme}) {{ p {{ color: #777; background: #888 }} }}
</style></head><body><main><h1>Two schemes</h1><p>Hardly to be read in one of them</p></main></body></html>"""


@pytest.mark.parametrize("own", ["light", "dark"])
@pytest.mark.parametrize("bad", ["light", "dark"])
def test_colours_are_judged_in_both_schemes(visitor: Visit, own: str, bad: str) -> None:
    guest = visitor(scheme=own)
    guest.page.set_content(PAGE.format(scheme=bad))
    assert [fault.split()[0] for fault in guest.faults()] == ["color-contrast"]
    assert guest.page.evaluate(f"matchMedia('(prefers-color-scheme: {own})').matches")
    guest.page.set_content(PAGE.format(scheme="none"))
    assert guest.faults() == []


def test_what_is_no_notice_case_of_colours_is_found_too(visitor: Visit) -> None:
    guest = visitor()
    guest.page.set_content(PAGE.format(scheme="none").replace("<p>", "<img src='data:,'><p>"))
    assert [fault.split()[0] for fault in guest.faults()] == ["image-alt"]


def test_what_only_a_phone_shows_is_judged_there_by_itself_and_beside_the_rest(visitor: Visit) -> None:
    guest = visitor()
    style = "</style><style>.phone { display: none } @media (max-width: 400px) { .phone { display: block } }</style>"
    page = PAGE.format(scheme="none").replace("</style>", style)
    for only_there, faults in {
        "<p>A word more</p>": [],
        "<img src='data:,'>": ["image-alt"],
        "<h5>Deeper than it may be</h5>": ["heading-order"],
        "<p><a href='/a'>a</a><a href='/b'>b</a></p>": ["target-size"] * 2,
    }.items():
        guest.page.set_content(page.replace("<p>", f"<div class='phone'>{only_there}</div><p>"))
        assert guest.faults() == []
        assert [fault.split()[0] for fault in guest.faults_at_each_size()] == faults
        assert guest.page.locator("[data-only-here]").count() == 0


def test_colours_are_judged_again_where_something_stands_in_other_surroundings(visitor: Visit) -> None:
    guest = visitor()
    page = PAGE.format(scheme="none").replace("</style>", ".deep { background: #222 } </style>")
    deep = "<div class='deep' style='color: #fff'><p>Read well</p></div>"
    guest.page.set_content(page.replace("</main>", f"{deep}</main>"))
    assert guest.faults() == []
    guest.page.set_content(
        page.replace("</main>", f"{deep}<div class='deep'><p>Black on nearly black</p></div></main>")
    )
    assert [fault.split()[0] for fault in guest.faults()] == ["color-contrast"]
