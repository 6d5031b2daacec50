"""An edition as its data package, with the line to cite it by."""

from leeward.indicators.queries import COLUMNS, PublishedRow
from leeward.indicators.rules.open_data import ROUNDED_NOTE, as_package, citation
from leeward.people.queries import PortalRow


def cite_of(row: PortalRow, found: PublishedRow) -> str:
    """Return the line to cite an edition by."""
    return citation(row.hotline_name, found.year, found.edition, f"{found.at:%Y-%m-%d}")


def package_of(row: PortalRow, found: PublishedRow) -> str:
    """Return the data package of an edition."""
    notes = [ROUNDED_NOTE] if found.figures.rounded else []
    notes += [found.note] if found.note else []
    if found.changed_at:
        why = "; no further edition can follow" if found.is_last else ", too few to show them"
        notes.append(f"{found.changed_at:%Y-%m-%d}: some numbers have changed since{why}.")
    return as_package(
        COLUMNS,
        title=f"Figures of {found.year}: {row.name}",
        name=f"figures-{row.slug}-{found.year}",
        cite=cite_of(row, found),
        edition=found.edition,
        notes=notes,
    )
