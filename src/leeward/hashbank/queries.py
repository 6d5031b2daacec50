"""The hash bank's reads for other slices: look-ups, records, imports, and who fetches published lists."""

from leeward.hashbank.lists.queries import ListRow, ReaderRow, lists, reader, reader_rows, readers
from leeward.hashbank.own_pictures.queries import Listed as OwnListed
from leeward.hashbank.own_pictures.queries import own_pictures_of
from leeward.hashbank.records.live import behind_since, check_file, closed, damage_of
from leeward.hashbank.records.queries.altered import altered_known, called_illegal, knows_pictures
from leeward.hashbank.records.queries.browsing import (
    bank_named,
    banks,
    errors_of_import,
    has_errors,
    hashes_of,
    hashes_that_count,
    import_row,
    imports,
    is_upload_kept,
    keeps_windows,
    open_quarantines,
    record,
    records,
    second_name,
    seen_in,
    upload,
    uploads_waiting,
)
from leeward.hashbank.records.queries.looking_up import RADIUS, classification_of, known, known_many
from leeward.hashbank.records.queries.unsettled import (
    doubt_rows,
    merge_targets,
    newest_decision,
    source_rows,
    sources,
    unsettled,
    unsettled_rows,
    waiting_for_second,
)
from leeward.hashbank.records.rows import Known, RecordRow
from leeward.hashbank.records.windows import windows_here
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.sources.queries import SourceRow, live_source, live_sources, old_sources, source_by_id

__all__ = [
    "RADIUS",
    "Hash",
    "Known",
    "ListRow",
    "OwnListed",
    "ReaderRow",
    "RecordRow",
    "SourceRow",
    "altered_known",
    "bank_named",
    "banks",
    "behind_since",
    "called_illegal",
    "check_file",
    "classification_of",
    "closed",
    "damage_of",
    "doubt_rows",
    "errors_of_import",
    "has_errors",
    "hashes_of",
    "hashes_that_count",
    "import_row",
    "imports",
    "is_upload_kept",
    "keeps_windows",
    "known",
    "known_many",
    "knows_pictures",
    "lists",
    "live_source",
    "live_sources",
    "merge_targets",
    "newest_decision",
    "old_sources",
    "open_quarantines",
    "own_pictures_of",
    "reader",
    "reader_rows",
    "readers",
    "record",
    "records",
    "second_name",
    "seen_in",
    "source_by_id",
    "source_rows",
    "sources",
    "unsettled",
    "unsettled_rows",
    "upload",
    "uploads_waiting",
    "waiting_for_second",
    "windows_here",
]
