"""The data that migration 0002 moves: plain SQL that both databases understand, each statement a single pass over a
table.
"""

from typing import Any

from django.db.models import Min

_MAP = "CREATE TEMPORARY TABLE bank_said (hotline_id bigint, said varchar(80), source_id bigint, via_id bigint)"
_VOTES = """
INSERT INTO hashbank_vote
    (hotline_id, record_id, source_id, via_id, verdict, label, facts, share, foreign_id, at, case_id, brought_by)
SELECT v.hotline_id, v.record_id, m.source_id, m.via_id,
    CASE WHEN v.verdict = 'confirm'
        AND ((v.brought_by > 0 AND ib.harmless) OR (v.brought_by = 0 AND v.case_id = 0 AND rb.harmless))
        THEN 'harmless' ELSE v.verdict END,
    v.label,
    CASE WHEN v.id = (SELECT MIN(w.id) FROM hashbank_earliervote w WHERE w.record_id = v.record_id AND w.verdict = 'confirm')
        THEN r.facts ELSE {nothing} END,
    '', v.foreign_id, v.at, v.case_id, v.brought_by
FROM hashbank_earliervote v
JOIN bank_said m ON m.hotline_id = v.hotline_id AND m.said = v.source
JOIN hashbank_record r ON r.id = v.record_id
JOIN hashbank_bank rb ON rb.id = r.bank_id
LEFT JOIN hashbank_import i ON i.id = v.brought_by
LEFT JOIN hashbank_bank ib ON ib.id = i.bank_id
WHERE TRUE
ORDER BY v.at DESC, v.id
ON CONFLICT DO NOTHING
"""
_MEMBERSHIPS = (
    """
INSERT INTO hashbank_membership (hotline_id, record_id, bank_id, brought_by)
SELECT hotline_id, id, bank_id, brought_by FROM hashbank_record ORDER BY bank_id, id
""",
    """
INSERT INTO hashbank_membership (hotline_id, record_id, bank_id, brought_by)
SELECT v.hotline_id, v.record_id, i.bank_id, MIN(i.id)
FROM hashbank_vote v JOIN hashbank_import i ON i.id = v.brought_by
WHERE v.brought_by > 0
GROUP BY v.hotline_id, v.record_id, i.bank_id
ON CONFLICT DO NOTHING
""",
)
_CONFIRMED = "EXISTS (SELECT 1 FROM hashbank_vote v WHERE v.record_id = hashbank_record.id AND v.verdict = 'confirm')"
_NEXT = """COALESCE((SELECT c.revision FROM hashbank_bankclock c WHERE c.hotline_id = hashbank_record.hotline_id),
    hashbank_record.revision) + 1"""
# The standing of a record has changed with this revision, so that published lists drop it.
_STATES = (
    """
UPDATE hashbank_record SET is_baseline = FALSE, revision = {next},
    facts = CASE WHEN {confirmed} THEN facts ELSE {nothing} END,
    state = CASE WHEN {confirmed} THEN 'conflict' ELSE 'harmless' END
WHERE EXISTS (SELECT 1 FROM hashbank_vote v WHERE v.record_id = hashbank_record.id AND v.verdict = 'harmless')
""",
    """
UPDATE hashbank_record SET is_baseline = FALSE, revision = {next}
WHERE is_baseline AND (SELECT COUNT(DISTINCT v.via_id) FROM hashbank_vote v WHERE v.record_id = hashbank_record.id) < 2
""",
    "UPDATE hashbank_bankclock SET revision = revision + 1",
)
_DOUBTS = (
    """
INSERT INTO hashbank_matchcount (hotline_id, hash_id, day, subscriber, matches)
SELECT hotline_id, hash_id, day, '', matches FROM hashbank_hashtally
""",
    """
UPDATE hashbank_recordhash SET aside = FALSE
WHERE aside AND id IN (SELECT hash_id FROM hashbank_quarantine WHERE settled_at IS NULL)
""",
)


def name_key(name: str) -> str:
    """Normalise case and spacing in a source's name."""
    return " ".join(name.split()).casefold()[:80]


def fill(apps: Any, editor: Any) -> None:
    """Move the existing data to the new tables."""
    nothing = "'{}'" if editor.connection.vendor == "sqlite" else "'{}'::jsonb"
    with editor.connection.cursor() as cursor:
        cursor.execute(_MAP)
        _name_sources(apps, cursor)
        for statement in (_VOTES, *_MEMBERSHIPS, *_STATES, *_DOUBTS):
            filled = statement.replace("{nothing}", nothing).replace("{confirmed}", _CONFIRMED)
            cursor.execute(filled.replace("{next}", _NEXT))
        cursor.execute("DROP TABLE bank_said")
        if editor.connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # pending checks would prevent altering the tables
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _name_sources(apps: Any, cursor: Any) -> None:
    """Create a source for every name, and for both parts of "list: member" where the list was imported."""
    lists: dict[int, set[str]] = {}
    for hotline_id, source in apps.get_model("hashbank", "Import")._base_manager.values_list("hotline_id", "source"):
        lists.setdefault(hotline_id, set()).add(source)
    ours = dict(apps.get_model("people", "Hotline")._base_manager.values_list("id", "name"))
    numbers: dict[tuple[int, str], int] = {}

    def source_of(hotline_id: int, name: str, at: Any) -> int:
        key = (hotline_id, name_key(name))
        if key not in numbers:
            made = apps.get_model("hashbank", "Source")._base_manager.create(
                hotline_id=hotline_id,
                name=name[:80],
                name_key=key[1],
                is_ours=key[1] == name_key(ours[hotline_id]),
                first_at=at,
            )
            numbers[key] = made.pk
        return numbers[key]

    rows = apps.get_model("hashbank", "EarlierVote")._base_manager
    said = rows.values_list("hotline_id", "source").annotate(first=Min("at")).order_by("hotline_id", "first", "source")
    for hotline_id, name, at in list(said):
        head, colon, member = name.partition(": ")
        is_passed_on = bool(colon and member.strip()) and head in lists.get(hotline_id, ())
        via = source_of(hotline_id, head if is_passed_on else name, at)
        source = source_of(hotline_id, member, at) if is_passed_on else via
        cursor.execute("INSERT INTO bank_said VALUES (%s, %s, %s, %s)", [hotline_id, name, source, via])
