"""A translator's review: one text by its form, its plurals, a file there and back; what was read is what visitors read at once."""

from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, ngettext, override
from playwright.sync_api import expect

from leeward.cli import main
from leeward.languages.texts import key_of, sources
from tests.casework.conftest import Desk
from tests.journeys.desk.conftest import Enter
from tests.journeys.desk.looking import Look
from tests.languages.test_translating import own_overlay
from tests.personas import add_person, date_roles

__all__ = ["own_overlay"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SAW = "You saw something that harms a child. You can tell us here."
COPY = "Copy the link and close the page. Send us the link. That’s all you need to do."
REACH = "Your contact. It is deleted %(days)s day after the last case of your report is closed."
# Said by nobody: each says what stood there before and this sign, so that it is the same language in the same direction.
READ = " ✓"


def test_a_translators_review(desk: Desk, enter: Enter, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    date_roles(desk.cast["otto"].account_id, ["translator"])
    otto, visitor = enter("otto", scheme="dark"), enter("visitor", language="ur-PK")
    otto.go("/desk/")
    with otto.page.expect_navigation():
        otto.page.get_by_role("link", name="Urdu").click()
    desk.cast.people["olga"] = add_person("olga", ["translator"], desk.cast.hotline_id)
    olga = enter("olga")
    one_text(otto)
    assert f"{machine(SAW)}{READ}" not in seen(visitor, "/jm/ur/"), "one person alone changes no shared text"
    accept(olga)
    assert f"{machine(SAW)}{READ}" in seen(visitor, "/jm/ur/"), "visitors read it at once"
    visitor.at("front-in-urdu")
    assert visitor.page.locator("html").get_attribute("dir") == "rtl"
    plural_forms(otto)
    accept(olga)
    assert READ in seen(visitor, "/jm/ur/privacy")
    there_and_back(otto, olga, visitor, tmp_path)
    read_through(desk, enter, capsys)
    nothing_but_english_is_missing()


def machine(text: str) -> str:
    """What the machine made of a text in Urdu."""
    return next(one.machine[0] for one in sources("ur").values() if one.source == text)


def seen(visitor: Look, path: str) -> str:
    """What a visitor reads there now."""
    visitor.go(path)
    return visitor.page.locator("main").inner_text()


def find(otto: Look, words: str) -> None:
    """Find a text by words of its English, by keys."""
    otto.page.keyboard.press("/")
    otto.page.keyboard.insert_text(words)
    with otto.page.expect_navigation():
        otto.page.keyboard.press("Enter")


def one_text(otto: Look) -> None:
    """Source, context, what the machine made; then what a person says."""
    page, key = otto.page, key_of("", SAW, "")
    find(otto, SAW)
    card = page.locator(f"section[aria-labelledby=s-{key}]")
    assert card.locator("h2").inner_text() == SAW
    expect(card.get_by_text("intake/templates/intake/front.html")).to_be_visible()
    field = page.locator(f"#t-{key}-1")
    assert field.input_value() == machine(SAW)
    assert field.evaluate("field => getComputedStyle(field).direction") == "rtl"
    assert card.locator("h2").evaluate("text => getComputedStyle(text).direction") == "ltr"
    field.fill(machine(SAW) + READ)
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("Shift+Enter")
    expect(page.get_by_text("1 text is proposed.")).to_be_visible()
    page.select_option("#show", "reviewed")
    find(otto, SAW)
    expect(card.get_by_text("proposed", exact=True)).to_be_visible()
    otto.at("text-read")


def accept(olga: Look) -> None:
    """A second person compares what waits with what pages say, and accepts it."""
    olga.go("/desk/languages/proposals")
    with olga.page.expect_navigation():
        olga.page.locator("tr[data-row]").first.get_by_role("link").click()
    olga.at("texts-proposed")
    with olga.page.expect_navigation():
        olga.page.get_by_role("button", name="Accept").click()
    expect(olga.page.get_by_text("Accepted. Pages show it within seconds.")).to_be_visible()


def plural_forms(otto: Look) -> None:
    """As many fields as the language has forms; each keeps its number."""
    page = otto.page
    key = next(one.key for one in sources("ur").values() if one.source == REACH)
    page.select_option("#show", "public")
    find(otto, "Your contact. It is deleted")
    fields = page.locator(f"textarea[name=t-{key}]")
    expect(fields).to_have_count(2)
    before = [field.input_value() for field in fields.all()]
    fields.nth(1).fill("نمبر کے بغیر")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("Shift+Enter")
    otto.at("plural-without-its-number")
    assert fields.nth(1).input_value() == "نمبر کے بغیر", "what was typed is not lost"
    fields.nth(1).fill(before[1] + READ)
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("Shift+Enter")
    expect(page.get_by_text("1 text is proposed.")).to_be_visible()


def there_and_back(otto: Look, olga: Look, visitor: Look, folder: Path) -> None:
    """A PO file for any editor: nothing changes before the preview, and what does not fit is named and left out."""
    page = otto.page
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download").click()
    assert coming.value.suggested_filename == "leeward-ur.po"
    file = folder / "back.po"
    coming.value.save_as(file)
    catalogue = polib.pofile(str(file))
    kept, unfit = catalogue.find(COPY), next(one for one in catalogue if "%(days)s" in one.msgid and one.fuzzy)
    kept.msgstr, kept.flags = kept.msgstr + READ, []
    unfit.flags = []
    unfit.msgstr_plural = dict.fromkeys(unfit.msgstr_plural, "نمبر کے بغیر")
    unfit.msgstr = "" if unfit.msgid_plural else "نمبر کے بغیر"
    catalogue.save(str(file))
    bring(otto, file)
    expect(page.get_by_text("1 text would change.")).to_be_visible()
    expect(page.get_by_text("1 does not fit and is left out.")).to_be_visible()
    otto.at("file-preview")
    assert f"{machine(COPY)}{READ}" not in seen(visitor, "/jm/ur/"), "nothing is changed yet"
    with page.expect_navigation():
        page.keyboard.press("Shift+Enter")
    expect(page.get_by_text("1 text is proposed.")).to_be_visible()
    accept(olga)
    assert f"{machine(COPY)}{READ}" in seen(visitor, "/jm/ur/")
    file.write_bytes(b"GIF89a....")
    bring(otto, file)
    otto.at("no-file-of-texts")
    assert page.locator("[role=alert]").count() == 1


def bring(otto: Look, file: Path) -> None:
    """Bring a file back and look at what it would change."""
    otto.go("/desk/languages/ur?show=all")
    otto.page.locator("input[type=file]").set_input_files(str(file))
    with otto.page.expect_navigation():
        otto.page.get_by_role("button", name="Preview the changes").click()


def read_through(desk: Desk, enter: Enter, capsys: pytest.CaptureFixture[str]) -> None:
    """The language counts as made by a machine until somebody says who has read it."""
    adam = enter("adam")
    adam.go("/desk/languages")
    row = adam.page.get_by_role("row").filter(has_text="Urdu")
    expect(row).to_contain_text("machine-made")
    checklist = f"/desk/administration/portals/{desk.cast.portal_id}"
    adam.go(checklist)
    point = adam.page.locator("section[aria-labelledby=point-languages]")
    expect(point).to_contain_text("اردو")
    assert main.run(["language", "review", "ur", "--by", "Nadia Example"]) == 0
    assert "read through by Nadia Example" in capsys.readouterr().out
    adam.go(checklist)
    expect(point).not_to_contain_text("اردو")
    adam.go("/desk/languages", "read-through")
    expect(row).to_contain_text("Nadia Example")
    expect(row).not_to_contain_text("machine-made")


def nothing_but_english_is_missing() -> None:
    """Where a language has no word for a text, its page has the English, whole, and never a name for it."""
    missing = [one for one in sources("sm").values() if not any(one.machine)]
    assert len(missing) > 1_000, "Samoan has the public pages only"
    with override("sm"):
        for one in missing:
            said = (
                [ngettext(one.source, one.plural, count) for count in (1, 2)] if one.plural else [gettext(one.source)]
            )
            assert said == ([one.source, one.plural] if one.plural else [one.source])
