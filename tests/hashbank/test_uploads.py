"""A list sent from the desk: read, shown, brought in when somebody says so, and its file removed; nothing is lost on the way."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leeward.hashbank import queries
from leeward.hashbank.lists.services import importing
from leeward.hashbank.models import Import, Record, Upload
from leeward.hashbank.records.services.voting import register_source
from leeward.hashbank.scene import bank_transaction
from leeward.hashbank.uploads.services import uploading
from leeward.hashbank.uploads.spool import spool_folder
from leeward.web_security.keys import new_form_key
from tests.hashbank.conftest import Desk, file_hashes
from tests.hashbank.test_pages import signed_in
from tests.personas import Cast

SEND = "/desk/bank/imports/upload"


@pytest.fixture
def known_source(bank: Desk) -> None:
    """Two people have vouched for Project X before."""
    with bank_transaction():
        register_source("Project X", by="staff:77")


@pytest.fixture
def spool(bank: Desk, settings: Any, tmp_path: Path) -> Path:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    return spool_folder(bank.hotline_id)


def table(count: int, *more: str) -> bytes:
    rows = [",".join(one.text for one in file_hashes(f"row {number}")) for number in range(count)]
    return "\n".join(["md5,sha1,sha256", *rows, *more, ""]).encode()


def send(client: Client, data: bytes, name: str = "list.csv", **said: str) -> Any:
    given = {"source": "Project X", "bank": "general", "once": new_form_key()} | said
    return client.post(SEND, given | {"file": SimpleUploadedFile(name, data)})


def taking(client: Client, page: str) -> dict[str, str]:
    """What the page's button to import sends."""
    shown = client.get(page).content.decode()
    return {"once": new_form_key(), "seen": shown.partition('name="seen" value="')[2].partition('"')[0]}


def carry_on(name: str, upload_id: int) -> None:
    from leeward.jobs.registry import HANDLERS, load

    load()
    HANDLERS[name].run(upload_id)


@pytest.mark.usefixtures("known_source")
def test_a_list_is_read_shown_brought_in_once_and_its_file_removed(
    bank: Desk, cast: Cast, spool: Path, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast, "carl")
    assert client.get(SEND).status_code == 200
    sent = send(client, table(5, "zz,,", "abc,,"))
    row = Upload.objects.get()
    page = f"/desk/bank/uploads/{row.pk}"
    assert (sent.status_code, sent["Location"], row.state) == (302, page, "reading")
    assert [path.name for path in spool.iterdir()] == [row.token]
    assert (spool / row.token).stat().st_mode & 0o077 == 0
    assert "It is being read." in client.get(page).content.decode()
    carry_on(uploading.READ, row.pk)
    carry_on(uploading.READ, row.pk)  # a second time changes nothing
    with django_assert_max_num_queries(12):
        shown = client.get(page).content.decode()
    assert re.search(r"New records</dt><dd>5<", shown)
    assert re.search(r"sha256</th><td class=\"num\">5<", shown)
    assert "2 entries can’t be used" in shown
    assert "The md5 hash can&#x27;t be used" in shown
    assert Record.objects.count() == 0, "a preview changes nothing"
    assert "Waiting for your decision" in client.get("/desk/bank/imports").content.decode()
    once = taking(client, page)
    assert [client.post(f"{page}/take", once).status_code for _ in range(2)] == [302, 302]
    carry_on(uploading.BRING_IN, row.pk)
    carry_on(uploading.BRING_IN, row.pk)
    done = Import.objects.get()
    assert (Record.objects.count(), done.source, done.file_name) == (5, "Project X", "list.csv")
    assert list(spool.iterdir()) == []
    result = client.get(page, follow=True).content.decode()
    assert row.sha256 in result
    assert "The md5 hash can&#x27;t be used" in result
    assert "HX-Request" not in result
    assert "It is imported." in client.get(page, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.usefixtures("known_source")
def test_what_a_colleague_had_read_another_way_is_not_imported_by_the_page_from_before(
    bank: Desk, cast: Cast, spool: Path
) -> None:
    client = signed_in(cast, "carl")
    send(client, table(5))
    row = Upload.objects.get()
    page = f"/desk/bank/uploads/{row.pk}"
    carry_on(uploading.READ, row.pk)
    before = taking(client, page)
    uploading.read_upload(row.pk, source="Project X", bank="another", actor=cast["carl"].actor)
    carry_on(uploading.READ, row.pk)
    assert client.post(f"{page}/take", before).status_code == 409
    assert Upload.objects.get().state == "read"
    assert client.post(f"{page}/take", taking(client, page)).status_code == 302
    assert Upload.objects.get().state == "importing"


@pytest.mark.usefixtures("known_source")
def test_killed_in_the_middle_it_goes_on_and_killed_at_the_end_it_is_not_twice(
    bank: Desk, cast: Cast, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(cast, "carl")
    send(client, table(25))
    row = Upload.objects.get()
    carry_on(uploading.READ, row.pk)
    client.post(f"/desk/bank/uploads/{row.pk}/take", taking(client, f"/desk/bank/uploads/{row.pk}"))
    monkeypatch.setattr(importing, "BATCH", 10)
    real, batches = importing._bring_in, []

    def killed(*given: Any, **more: Any) -> None:
        if len(batches) == 1:
            raise KeyboardInterrupt
        batches.append(1)
        real(*given, **more)

    monkeypatch.setattr(importing, "_bring_in", killed)
    with pytest.raises(KeyboardInterrupt):
        carry_on(uploading.BRING_IN, row.pk)
    assert Record.objects.count() == 10
    monkeypatch.setattr(importing, "_bring_in", real)
    settle = uploading._settle
    monkeypatch.setattr(uploading, "_settle", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        carry_on(uploading.BRING_IN, row.pk)
    monkeypatch.setattr(uploading, "_settle", settle)
    carry_on(uploading.BRING_IN, row.pk)
    assert (Record.objects.count(), Import.objects.count(), Import.objects.get().added) == (25, 1, 25)
    assert queries.upload(row.pk).state == "done"
    assert list(spool.iterdir()) == []


def test_what_can_not_be_read_or_was_not_said_loses_nothing(bank: Desk, cast: Cast, spool: Path) -> None:
    client = signed_in(cast, "carl")
    vics = json.dumps({"value": [{"MediaID": 1, "MD5": "0" * 31 + "1"}]}).encode()
    asked = send(client, vics[:-20], "a.json", source="")
    row = Upload.objects.get()
    page = f"/desk/bank/uploads/{row.pk}"
    assert (asked.status_code, "Whose list is it?" in asked.content.decode()) == (422, True)
    again = {"source": "Y", "bank": "new one", "format_name": "ncmec", "once": new_form_key()}
    assert client.post(page, again).status_code == 302
    carry_on(uploading.READ, row.pk)
    shown = client.get(page).content.decode()
    assert "It could not be read." in shown
    assert "The list can&#x27;t be read: it is not XML" in shown
    assert isinstance(Upload.objects.get().seen["problem"], list), "kept so that it can be worded in any language"
    client.post(page, again | {"format_name": "vics", "once": new_form_key()})
    carry_on(uploading.READ, row.pk)
    shown = client.get(page).content.decode()
    assert "The file is cut off." in shown
    assert client.post(f"{page}/drop", {"once": new_form_key()}).status_code == 302
    assert (Upload.objects.count(), list(spool.iterdir())) == (0, [])


def test_who_may_not_and_what_is_forged_leaves_no_file(bank: Desk, cast: Cast, spool: Path) -> None:
    assert send(signed_in(cast, "ana"), table(1)).status_code == 403
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(signed_in(cast, "carl").request().wsgi_request.user)
    assert send(forged, table(1)).status_code == 403
    client = signed_in(cast, "carl")
    picture = send(client, b"\x89PNG\r\n\x1a\n" + b"x" * 200_000, "list.csv")
    assert (picture.status_code, "This is not a list" in picture.content.decode()) == (422, True)
    assert list(spool.iterdir()) == []
    once = new_form_key()
    assert [send(client, table(2), once=once).status_code for _ in range(2)] == [302, 302]
    assert len(list(spool.iterdir())) == Upload.objects.count() == 1
    assert client.post(SEND, {"source": "X", "bank": "general", "once": new_form_key()}).status_code == 422


@pytest.mark.parametrize(
    "seen",
    [{}, {"format": "csv", "rows": 3}, {"rows": 3, "categories": {"1": {"count": 3}}}, {"rows": 3, "categories": {}}],
)
def test_a_preview_of_an_earlier_version_opens_and_is_not_brought_in(
    bank: Desk, cast: Cast, spool: Path, seen: dict[str, Any]
) -> None:
    client = signed_in(cast, "carl")
    send(client, table(3))
    row = Upload.objects.get()
    page = f"/desk/bank/uploads/{row.pk}"
    Upload.objects.update(state="read", seen=seen)
    shown = client.get(page).content.decode()
    assert "made by an earlier version of Leeward" in shown
    assert f"{page}/take" not in shown
    assert client.post(f"{page}/take", {"once": new_form_key()}).status_code == 409
    assert Upload.objects.get().state == "read"
    again = {"source": "Project X", "bank": "general", "once": new_form_key()}
    assert client.post(page, again).status_code == 302
    carry_on(uploading.READ, row.pk)
    assert f"{page}/take" in client.get(page).content.decode()
