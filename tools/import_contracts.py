"""Two contracts of our own for import-linter: what slices use of each other, and what modules of one slice use of each other."""

from collections.abc import Iterator
from fnmatch import fnmatch
from typing import override

import grimp
from importlinter import Contract, ContractCheck, fields, output

OPEN = frozenset({"services", "queries", "rules", "errors", "labels"})
DOORS = frozenset({"views", "desk_views", "urls", "desk_urls", "own_urls", "api", "tasks", "apps", "middleware"})
BESIDE_DOORS = frozenset({"templatetags"})  # may know doors, and be known


def slice_of(module: str) -> str:
    """The slice that a module stands in: `hosting` of `leeward.hosting.lookups.names`; nothing for what stands beside the slices."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def kind_of(module: str, nested: frozenset[str]) -> str:
    """The standard file or package that a module belongs to, in its slice or in a room that is built like one."""
    parts = module.split(".")
    inside = parts[3:] if len(parts) > 2 and ".".join(parts[:3]) in nested else parts[2:]
    return inside[0] if inside else ""


def _imports(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    for importer in sorted(graph.modules):
        if importer.startswith("leeward."):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if imported.startswith("leeward."):
                    yield importer, imported


class _Ours(Contract):
    @override
    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say each import that the contract doesn't have, and what of it nothing uses."""
        for line in check.metadata["lines"]:
            output.print_error(line)


class Published(_Ours):
    """Across slices only services, queries, rules, errors and labels are imported, and what is named here.

    `libraries` are open but for their models. `published` may be used by every slice above, `for_commands` by the command only;
    `models_for` may use models, which nobody else may. A name that nothing uses breaks the contract too.
    """

    type_name = "published"
    libraries = fields.SetField(subfield=fields.StringField())
    nested = fields.SetField(subfield=fields.StringField(), required=False)
    published = fields.SetField(subfield=fields.StringField())
    for_commands = fields.SetField(subfield=fields.StringField())
    models_for = fields.SetField(subfield=fields.StringField())

    @override
    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Every import between two slices, held against what is published."""
        used: set[str] = set()
        wrong = [
            f"{importer} imports {imported}"
            for importer, imported in _imports(graph)
            if slice_of(importer) != slice_of(imported) and not self._is_open(importer, imported, used)
        ]
        named = {*self.published, *self.for_commands, *self.models_for}
        wrong += [f"nothing uses {name}: take it out" for name in sorted(named - used)]
        return ContractCheck(kept=not wrong, metadata={"lines": wrong})

    def _is_open(self, importer: str, imported: str, used: set[str]) -> bool:
        nested = frozenset(self.nested or ())
        kind = kind_of(imported, nested)
        if kind == "models":
            return importer in self.models_for and not used.add(importer)
        if kind in OPEN or "leeward." + slice_of(imported) in self.libraries:
            return True
        for name in (*self.published, *(self.for_commands if slice_of(importer) in ("cli", "__main__") else ())):
            if fnmatch(imported, name):
                used.add(name)
                return True
        return False


class Doors(_Ours):
    """In every slice, at its root and in its rooms: only doors (views, addresses, the API, tasks) import doors.

    What everything else stands on, whatever its name, knows none of them; and models know only rules, errors, labels and what
    is not of their slice.
    """

    type_name = "doors"
    nested = fields.SetField(subfield=fields.StringField(), required=False)
    models_may_use = fields.SetField(subfield=fields.StringField(), required=False)

    @override
    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Every import within one slice, held against what stands on what."""
        nested = frozenset(self.nested or ())
        wrong = []
        for importer, imported in _imports(graph):
            if slice_of(importer) != slice_of(imported):
                continue
            mine, other = kind_of(importer, nested), kind_of(imported, nested)
            if other in DOORS and not (DOORS | BESIDE_DOORS) & set(importer.split(".")):
                wrong.append(f"{importer} imports {imported}: only doors know doors")
            known = other in {"models", "rules", "errors", "labels"} or imported in (self.models_may_use or ())
            if mine == "models" and not known:
                wrong.append(f"{importer} imports {imported}: models know rules only")
        return ContractCheck(kept=not wrong, metadata={"lines": wrong})
