"""Where each payee and case stands in the drawing of what hangs together: in columns by distance. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

type Node = tuple[str, int]

COLUMN, ROW, MARGIN = 230, 30, 18
MOST_IN_COLUMN = 40


@dataclass(frozen=True, slots=True)
class Spot:
    """One node and the middle of its mark, in pixels."""

    node: Node
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The nodes that are drawn, the lines between them, and the size; `left_out` counts what is not drawn."""

    spots: tuple[Spot, ...] = ()
    lines: tuple[tuple[int, int, int, int], ...] = ()
    width: int = 0
    height: int = 0
    left_out: int = 0


def drawn(start: Node, edges: Iterable[tuple[Node, Node]], most: int) -> Drawing:
    """Return the drawing of what hangs together with `start`: at most `most` nodes, the nearest, and of each distance those
    with the most links first. Takes time proportional to the edges.
    """
    import networkx  # loads only when something is drawn

    graph = networkx.Graph()
    graph.add_node(start)
    graph.add_edges_from(edges)
    columns: list[list[Node]] = []
    room = most
    for layer in networkx.bfs_layers(graph, start):
        kept = sorted(layer, key=lambda node: (-graph.degree(node), node))[: min(room, MOST_IN_COLUMN)]
        room -= len(kept)
        if not kept:
            break
        columns.append(kept)
    shown = {node: place for place, column in enumerate(columns) for node in column}
    inside = graph.subgraph(shown)
    where = networkx.multipartite_layout(inside, subset_key=dict(enumerate(columns)))
    rows = max(map(len, columns))
    width, height = COLUMN * len(columns) + MARGIN, ROW * rows + 2 * MARGIN
    heights = [float(spot[1]) for spot in where.values()]
    lowest, spread = min(heights), max(heights) - min(heights)
    at = {
        node: Spot(
            node,
            MARGIN + COLUMN * shown[node],
            round(
                height / 2 if not spread else MARGIN + ROW / 2 + (float(spot[1]) - lowest) / spread * ROW * (rows - 1)
            ),
        )
        for node, spot in where.items()
    }
    pairs = (sorted((one, other), key=shown.__getitem__) for one, other in inside.edges)
    lines = tuple(sorted((at[one].x, at[one].y, at[other].x, at[other].y) for one, other in pairs))
    spots = tuple(sorted(at.values(), key=lambda spot: (spot.x, spot.y, spot.node)))
    return Drawing(spots, lines, width, height, graph.number_of_nodes() - len(shown))
