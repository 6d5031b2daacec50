"""A template as a tree: Django's blocks with their branches, elements with what they hold, words, and the gaps between them."""

import re
from dataclasses import dataclass, field

VOID = frozenset("area base br col embed hr img input link meta source track wbr path rect circle line".split())
RAW = frozenset("pre textarea script style".split())
BRANCHES = {
    "if": ("elif", "else"),
    "for": ("empty",),
    "ifchanged": ("else",),
    "with": (),
    "block": (),
    "language": (),
    "spaceless": (),
}
# Blocks that other templates fill: their edges touch block-level elements in every parent; a title stays one text.
BARE_BLOCKS = frozenset(
    "title content keys head_extra steps confirm extra_body main sub emergency tail messages deskbar languages"
    " heading before_rows heads rows empty".split()
)

TOKEN = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}")


@dataclass
class Item:
    kind: str  # word var tag block element loose raw
    text: str = ""
    name: str = ""
    seqs: list[tuple[str, "Seq"]] = field(default_factory=list)  # opening piece and what follows it
    end: str = ""
    is_block: bool = False


@dataclass
class Seq:
    items: list[Item]
    spaces: list[bool]  # one more than items: is there white space before, between, after?
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    bound: bool = False  # white space would make an empty cell full


def tokens(source: str) -> list[tuple[str, str]]:
    """(kind, text), kinds: space word var tag note open close raw; nothing is lost."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(source):
        kind, end = _token(source, at)
        found.append((kind, source[at:end]))
        at = end
    return found


def _token(source: str, at: int) -> tuple[str, int]:
    if django := TOKEN.match(source, at):
        text = django.group()
        if text.startswith("{%"):
            return django_token(source, at, django.end(), text)
        return ("note" if text.startswith("{#") else "var"), django.end()
    if re.match(r"</?[a-zA-Z!]", source[at : at + 3]):
        return _html(source, at)
    if source[at].isspace() and source[at] != "\xa0":
        return "space", at + len(re.match(r"[ \t\r\n\f]+", source[at:]).group())
    end = at + 1
    while end < len(source) and not (source[end] in " \t\r\n\f<" or TOKEN.match(source, end)):
        end += 1
    return "word", end


def django_token(source: str, at: int, end: int, text: str) -> tuple[str, int]:
    name = name_of(text)
    if name in ("blocktranslate", "comment", "verbatim"):
        return "raw", re.compile(r"{%\s*end" + name + r"\s*%}").search(source, end).end()
    return "tag", end


def _html(source: str, at: int) -> tuple[str, int]:
    if source.startswith("<!--", at):
        return "raw", source.index("-->", at) + 3
    end = tag_end(source, at)
    name = tag_name(source[at:end])
    if source[at + 1] == "/":
        return "close", end
    if name in RAW or re.search(r'class="message[" ]', source[at:end]):
        return "raw", source.index(f"</{name}>", end) + len(name) + 3
    return "open", end


def tag_end(source: str, at: int) -> int:
    """Behind the > of the tag that begins here, whatever stands in quotes or in Django's tags."""
    quote = ""
    while source[at] != ">" or quote:
        if django := TOKEN.match(source, at):
            at = django.end()
            continue
        if source[at] in "\"'" and quote in ("", source[at]):
            quote = "" if quote else source[at]
        at += 1
    return at + 1


def name_of(text: str) -> str:
    return text[2:-2].split(maxsplit=1)[0]


def tag_name(text: str) -> str:
    return re.match(r"</?!?([a-zA-Z0-9-]+)", text).group(1).lower()


class Reader:
    """A tree of what a template holds: Django's blocks are balanced; elements that aren't within one branch stay loose tags."""

    def __init__(self, source: str):
        self.tokens, self.at = tokens(source), 0

    def seq(self, stops: tuple[str, ...] = ()) -> tuple[Seq, str]:
        """Up to a tag of one of these names, and that tag."""
        open_now: list[tuple[str, Seq]] = [("", Seq([], [False]))]
        stop = ""
        while self.at < len(self.tokens):
            kind, text = self.tokens[self.at]
            self.at += 1
            here = open_now[-1][1]
            if kind == "space":
                here.spaces[-1] = True
            elif kind == "tag" and name_of(text) in stops:
                stop = text
                break
            elif kind == "open" and not (tag_name(text) in VOID or text.endswith("/>") or text.startswith("<!")):
                open_now.append((text, Seq([], [False])))
            elif kind == "close":
                self._close(open_now, text)
            else:
                _add(here, self._item(kind, text))
        while len(open_now) > 1:
            _spill(open_now)
        return open_now[0][1], stop

    def _close(self, open_now: list[tuple[str, Seq]], text: str) -> None:
        name = tag_name(text)
        if name not in [tag_name(start) for start, _ in open_now[1:]]:
            _add(open_now[-1][1], Item("loose", text, name))
            return
        while tag_name(open_now[-1][0]) != name:
            _spill(open_now)
        start, inner = open_now.pop()
        _add(open_now[-1][1], Item("element", start, name, [(start, inner)], text))

    def _item(self, kind: str, text: str) -> Item:
        if kind == "tag" and name_of(text) in BRANCHES:
            return self._block(text)
        if kind == "note":
            return Item("tag", text, "comment")
        if kind == "open" and text.startswith("<!"):
            return Item("loose", text, "html")
        if kind == "open" or (kind == "raw" and re.match("<[a-zA-Z]", text)):
            return Item("loose" if kind == "open" else "raw", text, tag_name(text))
        return Item(kind, text, name_of(text) if text.startswith("{%") else "")

    def _block(self, head: str) -> Item:
        name, whole = name_of(head), head
        if name == "block" and head.split()[2] not in BARE_BLOCKS:
            return self._verbatim(head)
        parts = []
        while True:
            inner, stop = self.seq((*BRANCHES[name], "end" + name))
            parts.append((head, inner))
            if not stop or name_of(stop) == "end" + name:
                return Item("block", whole, name, parts, stop)
            head = stop

    def _verbatim(self, text: str) -> Item:
        whole = text
        while True:
            part = self.tokens[self.at][1]
            self.at += 1
            whole += part
            if part.startswith("{%") and name_of(part) == "endblock":
                return Item("var", whole)


def _add(seq: Seq, item: Item) -> None:
    if item.kind == "word" and seq.items and seq.items[-1].kind == "word" and not seq.spaces[-1]:
        seq.items[-1].text += item.text
        return
    seq.items.append(item)
    seq.spaces.append(False)


def _spill(open_now: list[tuple[str, Seq]]) -> None:
    """What wasn't closed here: its tag stands alone."""
    start, inner = open_now.pop()
    outer = open_now[-1][1]
    _add(outer, Item("loose", start, tag_name(start)))
    outer.spaces[-1] = inner.spaces[0]
    for item, space in zip(inner.items, inner.spaces[1:], strict=True):
        outer.items.append(item)
        outer.spaces.append(space)
