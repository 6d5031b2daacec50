import json

import pytest

from leeward.demo.browserless import Browser
from leeward.demo.errors import NotOnPage
from leeward.demo.forms import Upload
from leeward.demo.world import WebHost, pages
from leeward.demo.world.web import Answer

NAME = "forms.example"

REPORT = """
<a href="/other">Go <b>there</b></a> <a href="/report?step=2#top">Second step</a>
<form action="/search" id="search"><input name="q"><button>Search</button></form>
<form action="/send?x=1" method="post" id="report">
  <input type="hidden" name="once" value="key-1">
  <input name="address" maxlength="200"> <input name="off" value="no" disabled> <input value="nameless">
  <textarea name="words">
First line</textarea>
  <input type="radio" name="what" value="page" checked> <input type="radio" name="what" value="danger">
  <input type="checkbox" name="agree"> <input type="checkbox" name="tag" value="a" checked>
  <input type="checkbox" name="tag" value="b"> <input type="checkbox" name="tag" value="c">
  <select name="country"><option value="">-</option><option value="JM">Jamaica</option><option>Canada</option></select>
  <select name="many" multiple><option value="1" selected>1</option><option value="2">2</option></select>
  <fieldset disabled><input name="switched_off" value="x"></fieldset>
  <button name="act" value="next">Next</button> <button name="act" value="back" formnovalidate>Back</button>
  <button name="elsewhere" formaction="/elsewhere">Elsewhere</button>
  <button type="button" name="script">Script</button>
</form>
<input name="outside" form="report" value="tied by id">
<form action="/upload" method="post" enctype="multipart/form-data"><input type="file" name="list"><input name="note">
<input type="submit" name="go" value="Upload"></form>
"""


def echo(request):
    seen = {"method": request.method, "path": request.path, "query": request.query, "body": request.body.decode()}
    return Answer(body=json.dumps({**seen, "headers": dict(request.headers)}).encode(), content_type="application/json")


def numbered(request):
    if request.method == "POST":
        return Answer(303, headers=(("Location", "/done"), ("Set-Cookie", "visit=7; Path=/")))
    return pages.plain("Form", '<form method="post"><input name="a"><button>Go</button></form>')


def cautious(policy):
    answer = pages.plain(
        "Cautious", '<a href="/elsewhere">on</a><form action="/send" method="post"><button>Go</button></form>'
    )
    return Answer(body=answer.body, headers=(("Referrer-Policy", policy),))


@pytest.fixture(scope="module")
def host():
    with WebHost() as running:
        site = running.site(NAME)
        for path in ("/send", "/search", "/upload", "/elsewhere", "/other"):
            site.put(path, echo)
        site.put("/report", pages.plain("Tell us", REPORT))
        site.put("/numbered", numbered)
        site.put("/done", lambda request: pages.plain("Done", request.headers.get("cookie", "no cookie")))
        site.put("/silent", cautious("no-referrer"))
        site.put("/own", cautious("same-origin"))
        site.put("/empty", pages.file(b"", "text/html"))
        yield running


@pytest.fixture
def browser(host):
    with Browser(f"http://{NAME}:{host.port}", addresses={NAME: "127.0.0.1"}) as visitor:
        yield visitor


def sent(page):
    return json.loads(page.body)


def test_fields_are_sent_in_the_order_of_the_page_with_what_was_there(browser):
    form = browser.open("/report").form(having="address")
    form.fill({"address": "http://bad.example/ & more", "words": "One\nTwo", "what": "danger", "agree": True})
    form.fill({"tag": ["b", "c"], "country": "Canada", "many": ["1", "2"]})
    got = sent(form.submit("act=back"))
    assert (got["method"], got["path"], got["query"]) == ("POST", "/send", "x=1")
    assert got["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert got["body"] == (
        "once=key-1&address=http%3A%2F%2Fbad.example%2F+%26+more&words=One%0D%0ATwo&what=danger&agree=on&tag=b&tag=c"
        "&country=Canada&many=1&many=2&outside=tied+by+id&act=back"
    )


def test_an_untouched_form_sends_what_the_page_shows(browser):
    form = browser.open("/report").form(having="address")
    assert form.values["words"] == ["First line"]
    assert sent(form.submit())["body"] == (
        "once=key-1&address=&words=First+line&what=page&tag=a&country=&many=1&outside=tied+by+id&act=next"
    )


def test_buttons_are_found_by_name_value_and_words_and_may_lead_elsewhere(browser):
    page = browser.open("/report")
    assert sent(page.form(having="act").submit("Next"))["body"].endswith("act=next")
    assert sent(page.form(having="elsewhere").submit("elsewhere"))["path"] == "/elsewhere"
    with pytest.raises(NotOnPage, match="button script"):
        page.form(having="act").submit("script")


def test_a_form_by_get_replaces_the_query(browser):
    got = sent(browser.open("/report").form(action="/search").fill({"q": "two words"}).submit())
    assert (got["method"], got["query"]) == ("GET", "q=two+words")


def test_files_go_as_multipart(browser):
    form = browser.open("/report").form(having="list")
    got = sent(form.fill({"list": Upload("list.csv", b"a,b\n1,2\n", "text/csv"), "note": "é"}).submit("go"))
    assert got["headers"]["content-type"].startswith("multipart/form-data; boundary=")
    assert 'name="list"; filename="list.csv"' in got["body"]
    assert "Content-Type: text/csv\r\n\r\na,b\n1,2\n\r\n" in got["body"]
    assert 'name="go"\r\n\r\nUpload' in got["body"]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"once": "mine"}, "field once"),
        ({"off": "yes"}, "field off"),
        ({"switched_off": "yes"}, "field switched_off"),
        ({"unknown": "x"}, "field unknown"),
        ({"what": "not offered"}, "choice not offered for what"),
        ({"country": "Jamaica"}, "choice Jamaica for country"),
        ({"what": ["page", "danger"]}, "way to choose several for what"),
        ({"address": True}, "checkbox address"),
    ],
)
def test_what_a_person_could_not_do_is_refused(browser, values, what):
    with pytest.raises(NotOnPage, match=what):
        browser.open("/report").form(having="address").fill(values)


def test_choices_can_be_read(browser):
    form = browser.open("/report").form(having="address")
    assert form.choices("country") == ["", "JM", "Canada"]
    assert form.choices("tag") == ["a", "b", "c"]
    assert form.has("act")
    assert not form.has("q")


def test_redirects_are_followed_and_cookies_kept(browser):
    page = browser.open("/numbered").form().fill({"a": "1"}).submit()
    assert (page.status, page.title) == (200, "Done")
    assert page.shows("visit=7")
    assert [address.rsplit("/", 1)[1] for address in page.redirects] == ["numbered"]
    assert browser.cookies == {"visit": "7"}


def test_links_are_followed_by_words_or_address(browser, host):
    page = browser.open("/report")
    assert page.link("Second step") == f"http://{NAME}:{host.port}/report?step=2#top"
    assert sent(page.follow("Go there"))["headers"]["referer"] == f"http://{NAME}:{host.port}/report"
    assert sent(page.follow("/oth"))["path"] == "/other"
    with pytest.raises(NotOnPage, match="link Third step"):
        page.link("Third step")


def test_it_says_where_it_comes_from_as_the_page_allows(browser, host):
    origin = f"http://{NAME}:{host.port}"
    open_minded = sent(browser.open("/report").form(having="act").submit())["headers"]
    assert (open_minded["origin"], open_minded["referer"]) == (origin, f"{origin}/report")
    silent = sent(browser.open("/silent").form().submit())["headers"]
    assert (silent["origin"], silent.get("referer")) == ("null", None)
    own = sent(browser.open("/own").form().submit())["headers"]
    assert (own["origin"], own["referer"]) == (origin, f"{origin}/own")
    assert "referer" not in sent(browser.open("/silent").follow("on"))["headers"]


def test_text_is_what_a_reader_sees(host, browser):
    body = "<p>One</p><p>T<b>w</b>o&nbsp;</p><script>hidden()</script> three<style>p{}</style><!-- no --><br>four"
    host.site(NAME).put("/text", pages.plain("Head", body))
    page = browser.open("/text")
    assert page.text == "Head One Two three four"
    assert page.texts("//p") == ["One", "Two"]


def test_an_empty_or_missing_page_is_a_page(browser):
    assert browser.open("/empty").text == ""
    missing = browser.open("/missing")
    assert (missing.status, missing.is_good, missing.title) == (404, False, "Not found")
    with pytest.raises(NotOnPage, match="form with address"):
        missing.form(having="address")


def test_the_language_is_asked_for(host):
    with Browser(f"http://{NAME}:{host.port}", addresses={NAME: "127.0.0.1"}, language="ur") as visitor:
        assert sent(visitor.open("/other"))["headers"]["accept-language"] == "ur"
        assert sent(visitor.open("/other"))["headers"]["host"] == f"{NAME}:{host.port}"
