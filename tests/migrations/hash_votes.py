"""The upgrade of the hash bank: votes of harmless lists become what they were, memberships that got lost come back, nothing else changes."""

from tests.migrations.rows import tables_at

FILLED = (
    tables_at(("hashbank", "0001_initial"), ("people", "0001_initial"))
    + """
at = datetime(2026, 1, 1, tzinfo=UTC)
here = row("people.Hotline", slug="jm", name="Ours", email="a@ours.example")
def make(model, **values):
    return row("hashbank." + model, hotline=here, **values)
make("BankClock", revision=4)
general = make("Bank", number=0, name="general")
safe = make("Bank", number=1, name="safe", harmless=True)
def brought(source, bank):
    values = {"format": "csv", "file_name": "x", "sha256": "0" * 64, "by": "staff:1", "started_at": at}
    return make("Import", source=source, bank=bank, **values).pk
good, stock = brought("Jamaica", general), brought("Stock photos", safe)
def record(bank, *votes, state="confirmed", is_baseline=False, facts=None):
    made = make("Record", bank=bank, revision=1, first_seen=at, last_seen=at, state=state, is_baseline=is_baseline,
                facts=facts or {})
    for source, verdict, by in votes:
        make("Vote", record=made, source=source, verdict=verdict, brought_by=by, at=at)
    return made
record(general, ("Jamaica", "confirm", good), facts={"act": "uk_a"})
record(general, ("Jamaica", "confirm", good), ("Jamaica: Stock", "confirm", good), is_baseline=True)
record(general, ("Jamaica", "confirm", good), ("Stock photos", "confirm", stock), is_baseline=True, facts={"act": "uk_a"})
record(safe, ("Stock photos", "confirm", stock))
record(safe, ("Stock photos", "confirm", stock), ("Jamaica", "confirm", good), is_baseline=True)
record(general, ("Ours", "confirm", 0), ("IWF", "dispute", 0), state="quarantined")
five = record(general, ("IWF", "confirm", 0))
of_five = make("RecordHash", record=five, kind=5, key=1, value=b"x" * 32, aside=True)
make("Quarantine", hash=of_five, why="flood", at=at)
make("HashTally", hash=of_five, day=at.date(), matches=7)
"""
)
CHECKED = """
from django_scopes import scopes_disabled
from leeward.hashbank.models import BankClock, MatchCount, Membership, Record, RecordHash, Source, Vote
with scopes_disabled():
    found = [(row.state, row.is_baseline, sorted(row.memberships.values_list("bank__name", flat=True)))
             for row in Record.objects.order_by("id")]
    assert found == [
        ("confirmed", False, ["general"]),
        ("confirmed", False, ["general"]),
        ("conflict", False, ["general", "safe"]),
        ("harmless", False, ["safe"]),
        ("conflict", False, ["general", "safe"]),
        ("quarantined", False, ["general"]),
        ("confirmed", False, ["general"]),
    ], found
    assert list(Record.objects.order_by("id").values_list("revision", flat=True)) == [1, 5, 5, 5, 5, 1, 1]
    assert BankClock.objects.get().revision == 5
    second = list(Record.objects.order_by("id")[1].votes.order_by("id").values_list("source__name", "via__name"))
    assert sorted(second) == [("Jamaica", "Jamaica"), ("Stock", "Jamaica")], second
    third = dict(Record.objects.order_by("id")[2].votes.values_list("source__name", "verdict"))
    assert third == {"Jamaica": "confirm", "Stock photos": "harmless"}, third
    facts = [vote.facts for vote in Vote.objects.filter(record=Record.objects.order_by("id")[0])]
    assert facts == [{"act": "uk_a"}], facts
    assert [one.name for one in Source.objects.filter(is_ours=True)] == ["Ours"]
    assert [one.aside for one in RecordHash.objects.all()] == [False]
    assert [one.matches for one in MatchCount.objects.all()] == [7]
    assert Membership.objects.count() == 9
"""
