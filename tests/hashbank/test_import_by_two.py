"""One person alone adds what a registered source says; whatever a list changes beyond that takes a second person."""

import re
from pathlib import Path
from typing import Any

import pytest

from leeward.administration.tasks import tell_of_waiting_list
from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.hashbank.errors import ImportTakesTwo
from leeward.hashbank.lists.services import importing
from leeward.hashbank.lists.services.importing import import_list, preview_import
from leeward.hashbank.models import Import, Membership, Record, RecordHash, Source, Upload, Vote
from leeward.hashbank.queries import known, record
from leeward.hashbank.records.services.banks import LOOK_ALIKES, keep_bank
from leeward.hashbank.services import add_record
from leeward.hashbank.uploads.services import uploading
from leeward.notices.models import StaffNote
from leeward.web_security.keys import new_form_key
from tests.hashbank.conftest import FACTS, OPERATOR, Desk, file_hashes
from tests.hashbank.test_pages import signed_in
from tests.hashbank.test_uploads import carry_on, send, spool, table, taking
from tests.personas import Cast, add_people

__all__ = ["spool"]
ROOT = Actor("command")
HEADING = "sha256,foreign_id,gone,verdict"


def listed(*rows: str) -> bytes:
    return "\n".join([HEADING, *rows, ""]).encode()


def row_of(name: str, *, gone: bool = False, verdict: str = "confirm") -> str:
    return f"{file_hashes(name)[2].text},{name},{'yes' if gone else ''},{verdict}"


def brought(tmp_path: Path, data: bytes, *, source: str = "NCMEC", **more: Any) -> Any:
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    return import_list(path, source=source, **({"actor": ROOT} | more))


def sent(client: Any, data: bytes, source: str = "NCMEC") -> Upload:
    send(client, data, source=source)
    row = Upload.objects.latest("id")
    carry_on(uploading.READ, row.pk)
    return row


def take(client: Any, row: Upload) -> str:
    page = f"/desk/bank/uploads/{row.pk}"
    client.post(f"{page}/take", taking(client, page))
    row.refresh_from_db()
    if row.state == "importing":
        carry_on(uploading.BRING_IN, row.pk)
        row.refresh_from_db()
    return row.state


def test_one_supervisor_alone_withdraws_nothing_of_another_source(
    bank: Desk, cast: Cast, spool: Path, tmp_path: Path
) -> None:
    brought(tmp_path, listed(row_of("one"), row_of("two")))
    carl = signed_in(cast, "carl")
    row = sent(carl, listed(row_of("one", gone=True), row_of("new")))
    page = f"/desk/bank/uploads/{row.pk}"
    own = carl.get(page).content.decode()
    assert ("A second person has to confirm this import." in own, "Propose it" in own) == (True, True)
    assert take(carl, row) == "proposed"
    assert [found.match for found in known(file_hashes("one"))] == ["known"]
    assert known(file_hashes("new")) == []
    tell_of_waiting_list(row.pk)
    assert set(StaffNote.objects.values_list("what", "path")) == {("list_asked", page)}
    cleo = signed_in(add_people({"cleo": ["supervisor"]}, bank.hotline_id), "cleo")
    assert "Waiting for a second person" in cleo.get("/desk/bank/imports").content.decode()
    shown = " ".join(cleo.get(page).content.decode().split())
    for text in ("proposed by Carl", "Withdrawn</dt><dd>1<", "“Confirmed” becomes “Withdrawn”", "I confirm it"):
        assert text in shown
    assert re.findall(r'href="/desk/bank/(\d+)"', shown) == [str(known(file_hashes("one"))[0].record_id)]
    own = carl.get(page).content.decode()
    assert ("Withdraw the proposal" in own, "I confirm it" in own) == (True, False)
    answers = [(signed_in(cast, name), status) for name, status in (("ana", 403), ("adam", 403), ("dora", 404))]
    for client, status in [*answers, (carl, 403)]:
        assert client.post(f"{page}/confirm", {"once": new_form_key()}).status_code == status
    assert Upload.objects.get().state == "proposed"
    assert cleo.post(f"{page}/confirm", {"once": new_form_key()}).status_code == 409, "nobody saw what they confirm"
    assert cleo.post(f"{page}/confirm", taking(cleo, page)).status_code == 302
    carry_on(uploading.BRING_IN, row.pk)
    assert known(file_hashes("one")) == []
    assert [found.match for found in known(file_hashes("new"))] == ["known"]
    done = Import.objects.latest("id")
    assert (done.withdrawn, done.second_by != done.by, list(spool.iterdir())) == (1, True, [])
    assert "Confirmed by Cleo" in cleo.get(page, follow=True).content.decode()
    events = AuditRow.objects.filter(event__in=("list.proposed", "list.confirmed")).order_by("id")
    assert [(one.event, one.actor) for one in events] == [
        ("list.proposed", done.by),
        ("list.confirmed", done.second_by),
    ]


@pytest.mark.parametrize("who", ["carl", "cleo"])
def test_a_proposal_withdrawn_or_declined_leaves_nothing(
    bank: Desk, cast: Cast, spool: Path, tmp_path: Path, who: str
) -> None:
    brought(tmp_path, listed(row_of("one")))
    before = Record.objects.count(), Vote.objects.count(), Import.objects.count(), Source.objects.count()
    row = sent(signed_in(cast, "carl"), listed(row_of("one", gone=True), row_of("new")), "ncmec")
    assert take(signed_in(cast, "carl"), row) == "proposed"
    client = signed_in(cast if who == "carl" else add_people({"cleo": ["supervisor"]}, bank.hotline_id), who)
    again = {"source": "Another", "bank": "general", "once": new_form_key()}
    assert client.post(f"/desk/bank/uploads/{row.pk}", again).status_code == 409, "what waits is not read as another's"
    client.post(f"/desk/bank/uploads/{row.pk}/drop", {"once": new_form_key()})
    assert (Upload.objects.count(), list(spool.iterdir())) == (0, [])
    assert (Record.objects.count(), Vote.objects.count(), Import.objects.count(), Source.objects.count()) == before
    tell_of_waiting_list(row.pk)
    assert StaffNote.objects.count() == 0


def test_the_first_list_of_a_source_takes_two_and_later_additions_one(bank: Desk, cast: Cast, spool: Path) -> None:
    carl, cleo = signed_in(cast, "carl"), add_people({"cleo": ["supervisor"]}, bank.hotline_id)["cleo"]
    row = sent(carl, table(2), "Project X")
    assert (
        "So far nobody has confirmed a list of “Project X”."
        in carl.get(f"/desk/bank/uploads/{row.pk}").content.decode()
    )
    assert take(carl, row) == "proposed"
    uploading.confirm_upload(row.pk, seen=uploading.mark_of_preview(row), actor=cleo.actor)
    carry_on(uploading.BRING_IN, row.pk)
    assert Source.objects.get(name="Project X").registered_by == cleo.actor.label
    assert take(carl, sent(carl, table(4), "project  x")) == "done"
    assert Record.objects.count() == 4


def test_what_the_bank_holds_since_the_preview_is_looked_at_too(
    bank: Desk, cast: Cast, spool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(tmp_path, listed(row_of("one")), source="Project X")
    carl = signed_in(cast, "carl")
    row = sent(carl, listed(row_of("two"), row_of("three")), "Project X")
    monkeypatch.setattr(importing, "BATCH", 1)
    keep_bank(LOOK_ALIKES, harmless=True, actor=bank.supervisor)
    number = add_record(file_hashes("three"), bank=LOOK_ALIKES, actor=OPERATOR)
    assert take(carl, row) == "reading", "what was previewed would now make a conflict"
    assert (record(number).state, Vote.objects.filter(record_id=number).count()) == ("harmless", 1)
    carry_on(uploading.READ, row.pk)
    assert "“Harmless look-alike” becomes “Conflict: illegal and harmless”" in carl.get(
        f"/desk/bank/uploads/{row.pk}"
    ).content.decode().replace("&#x27;", "’")
    assert take(carl, row) == "proposed"
    cleo = add_people({"cleo": ["supervisor"]}, bank.hotline_id)["cleo"].actor
    uploading.confirm_upload(row.pk, seen=uploading.mark_of_preview(row), actor=cleo)
    carry_on(uploading.BRING_IN, row.pk)
    assert (record(number).state, Record.objects.count()) == ("conflict", 3)


def test_where_the_rest_is_declined_what_was_added_stays_and_the_list_can_come_again_otherwise(
    bank: Desk, cast: Cast, spool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(tmp_path, listed(row_of("one")), source="Project X")
    carl = signed_in(cast, "carl")
    row = sent(carl, listed(row_of("two"), row_of("three")), "Project X")
    monkeypatch.setattr(importing, "BATCH", 1)
    add_record(file_hashes("three"), bank=LOOK_ALIKES, actor=OPERATOR)
    assert take(carl, row) == "reading"
    carry_on(uploading.READ, row.pk)
    carl.post(f"/desk/bank/uploads/{row.pk}/drop", {"once": new_form_key()})
    begun = Import.objects.latest("id")
    assert (begun.added, begun.finished_at is not None) == (1, True)
    assert [found.match for name in ("two", "three") for found in known(file_hashes(name))] == ["known", "harmless"]
    again = brought(tmp_path, listed(row_of("two"), row_of("three")), source="Project X", facts=FACTS)
    assert (again.resumed_at, again.joined) == (0, 2)


def test_a_second_person_confirmed_only_what_they_saw(
    bank: Desk, cast: Cast, spool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(tmp_path, listed(row_of("zero")))
    carl, cleo = signed_in(cast, "carl"), add_people({"cleo": ["supervisor"]}, bank.hotline_id)["cleo"]
    row = sent(carl, listed(row_of("one", gone=True), row_of("new")), "Project X")
    assert take(carl, row) == "proposed"
    uploading.confirm_upload(row.pk, seen=uploading.mark_of_preview(row), actor=cleo.actor)
    with monkeypatch.context() as broken:
        broken.setattr(importing, "digest_of", Path.rmdir)  # the file can't be read for once
        carry_on(uploading.BRING_IN, row.pk)
    carl.post(f"/desk/bank/uploads/{row.pk}", {"source": "NCMEC", "bank": "general", "once": new_form_key()})
    carry_on(uploading.READ, row.pk)
    brought(tmp_path, listed(row_of("one")))
    assert take(carl, row) == "reading", "read again as another source’s, it is one person’s once more"
    assert [found.match for found in known(file_hashes("one"))] == ["known"]


def test_a_tab_of_before_confirms_no_other_preview_of_the_same_list(
    bank: Desk, cast: Cast, spool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(tmp_path, listed(row_of("one")))
    carl = signed_in(cast, "carl")
    cleo = signed_in(add_people({"cleo": ["supervisor"]}, bank.hotline_id), "cleo")
    row = sent(carl, listed(row_of("one", gone=True), row_of("new")), "Project X")
    page = f"/desk/bank/uploads/{row.pk}"
    assert take(carl, row) == "proposed"
    old_tab = taking(cleo, page)
    assert cleo.post(f"{page}/confirm", taking(cleo, page)).status_code == 302
    with monkeypatch.context() as broken:
        broken.setattr(importing, "digest_of", Path.rmdir)  # the file can't be read for once
        carry_on(uploading.BRING_IN, row.pk)
    carl.post(page, {"source": "NCMEC", "bank": "general", "once": new_form_key()})
    carry_on(uploading.READ, row.pk)
    assert take(carl, row) == "proposed", "as another source’s, it withdraws what that one has confirmed"
    refused = cleo.post(f"{page}/confirm", old_tab)
    assert (refused.status_code, Upload.objects.get().state) == (409, "proposed")
    assert cleo.post(f"{page}/confirm", taking(cleo, page)).status_code == 302
    assert Upload.objects.get().state == "importing"


def test_the_same_list_for_two_banks_goes_into_both(bank: Desk, cast: Cast, spool: Path, tmp_path: Path) -> None:
    brought(tmp_path, listed(row_of("zero")))
    carl, rows = signed_in(cast, "carl"), []
    for name in ("general", "second"):
        send(carl, listed(row_of("one")), source="NCMEC", bank=name)
        rows.append(Upload.objects.latest("id"))
        carry_on(uploading.READ, rows[-1].pk)
    for row in rows:
        page = f"/desk/bank/uploads/{row.pk}"
        carl.post(f"{page}/take", taking(carl, page))
    for row in rows:
        carry_on(uploading.BRING_IN, row.pk)
    assert Membership.objects.filter(bank__name="second").count() == 1


@pytest.mark.parametrize(
    ("rows", "more", "effects"),
    [
        ([row_of("seen")], {}, {}),
        ([row_of("new")], {}, {}),
        ([row_of("seen", verdict="dispute")], {}, {"confirmed>withdrawn": 1}),
        ([row_of("seen")], {"source": "IWF"}, {"baseline": 1}),
        ([row_of("both", verdict="not_illegal")], {"source": "Third"}, {"confirmed>quarantined": 1}),
        ([row_of("doubted", verdict="not_illegal")], {}, {"verdict": 1}),
        ([row_of("seen")], {"facts": FACTS}, {"facts": 1}),
    ],
    ids=["again", "new", "other verdict", "second source", "denied", "same state", "facts"],
)
def test_a_preview_says_what_a_list_does_to_records_and_the_import_refuses_it_alone(
    bank: Desk, tmp_path: Path, rows: list[str], more: dict[str, Any], effects: dict[str, int]
) -> None:
    brought(tmp_path, listed(row_of("seen"), row_of("both"), row_of("doubted", verdict="dispute")))
    brought(tmp_path, listed(row_of("both"), row_of("doubted")), source="IWF")
    brought(tmp_path, listed(row_of("both")), source="Third")
    source, facts = more.get("source", "NCMEC"), more.get("facts")
    path = tmp_path / "list.csv"
    path.write_bytes(listed(*rows))
    if not facts:
        assert dict(preview_import(path, source=source, actor=bank.supervisor).effects.counts) == effects
    states = list(Record.objects.order_by("id").values_list("state", "is_baseline", "facts"))
    if effects:
        with pytest.raises(ImportTakesTwo):
            import_list(path, source=source, facts=facts, actor=bank.supervisor)
        assert list(Record.objects.order_by("id").values_list("state", "is_baseline", "facts")) == states
    else:
        import_list(path, source=source, actor=bank.supervisor)
    import_list(path, source=source, facts=facts, second_by="staff:77", actor=bank.supervisor)


@pytest.mark.parametrize("by_column", [True, False])
def test_look_alikes_which_let_pictures_pass_take_two(bank: Desk, tmp_path: Path, by_column: bool) -> None:
    brought(tmp_path, listed(row_of("one")))
    more = {} if by_column else {"bank": "stock", "harmless": True}
    data = listed(row_of("two", verdict="harmless" if by_column else ""))
    with pytest.raises(ImportTakesTwo):
        brought(tmp_path, data, actor=bank.supervisor, **more)
    assert known(file_hashes("two")) == []
    seen = preview_import(tmp_path / "list.csv", source="NCMEC", actor=bank.supervisor, **more)
    assert dict(seen.effects.counts) == {"look-alikes": 1}


def test_hashes_marks_and_unions_count_as_changes(bank: Desk, tmp_path: Path) -> None:
    md5, sha1, sha256 = (one.text for one in file_hashes("a"))
    other = file_hashes("b")[2].text
    path = tmp_path / "list.csv"
    for text in (f"md5,sha256\n{md5},\n,{sha256}\n", f"sha1,sha256\n,{other}\n"):
        path.write_text(text)
        import_list(path, source="NCMEC", actor=ROOT)
    RecordHash.objects.filter(record__hashes__value=file_hashes("b")[2].value).update(kept_here=True)
    for text, effects in (
        (f"md5,sha256\n{md5},{sha256}\n", {"united": 2, "hashes": 1}),
        (f"sha1,md5\n{sha1},{md5}\n", {"hashes": 1}),
        (f"sha256\n{other}\n", {"sharing": 1}),
    ):
        path.write_text(text)
        assert dict(preview_import(path, source="NCMEC", actor=bank.supervisor).effects.counts) == effects
        before = list(RecordHash.objects.order_by("id").values_list("record_id", "kind", "kept_here"))
        with pytest.raises(ImportTakesTwo):
            import_list(path, source="NCMEC", actor=bank.supervisor)
        assert list(RecordHash.objects.order_by("id").values_list("record_id", "kind", "kept_here")) == before


def test_a_list_may_repeat_itself_across_batches(bank: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brought(tmp_path, listed(row_of("one")))
    monkeypatch.setattr(importing, "BATCH", 1)
    md5, _sha1, sha256 = (one.text for one in file_hashes("new"))
    data = f"md5,sha256\n{md5},\n{md5},{sha256}\n".encode()
    assert brought(tmp_path, data, actor=bank.supervisor).added == 1
