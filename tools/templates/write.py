"""A tree as a layout: which line breaks may stand where, and which must."""

import re

from tools.templates.layout import Doc, fill, group, hard, indent, line, soft
from tools.templates.spaces import EDGE, SPACE, is_blocky
from tools.templates.tree import BRANCHES, TOKEN, Item, Seq, django_token, name_of, tag_end

LISTS = frozenset(
    "class aria-describedby aria-labelledby d".split()
)  # attributes whose words may stand on lines of their own
LITERAL = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')\s*(?:as\s+(\w+)\s*)?%\}""")
TRANSLATED = re.compile(r"{%\s*blocktranslate\b(.*?)%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
PLURAL = re.compile(r"({%\s*plural\s*%})")
OPTION = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""")


def gap(seq: Seq, at: int) -> str:
    """glue, space (one is seen), soft (a break is not seen) or free (nor is white space missing)."""
    best = max(seq.before[at], seq.after[at])
    if seq.bound:
        return "space" if seq.spaces[at] else "glue"
    if best == EDGE:
        return "free"
    if seq.spaces[at]:
        return "space"
    return "soft" if best == SPACE else "glue"


def between(seq: Seq, at: int) -> Doc:
    kind = gap(seq, at)
    left = seq.items[at - 1] if at else None
    right = seq.items[at] if at < len(seq.items) else None
    if kind == "free" and ((left is not None and is_blocky(left)) or (right is not None and is_blocky(right))):
        return hard
    if kind == "space" and left is not None and right is not None and wants_lines(left, right):
        return hard
    return "" if kind == "glue" else line if kind == "space" else soft


def wants_lines(left: Item, right: Item) -> bool:
    names, kinds = {left.name, right.name}, {left.kind, right.kind}
    return not names.isdisjoint(("load", "comment")) or ("include" in names and kinds <= {"tag", "block"})


def write(seq: Seq) -> Doc:
    """The items with what stands between them; neither first nor last gap."""
    parts: list[Doc] = []
    for at, item in enumerate(seq.items):
        if at:
            separator = between(seq, at)
            if separator == "":
                parts[-1] = [parts[-1], write_item(item)]
                continue
            parts.append(separator)
        parts.append(write_item(item))
    return fill(parts)


def wrapped(seq: Seq) -> Doc:
    """What stands inside an element or a branch: indented where it is broken."""
    if not seq.items:
        return line if gap(seq, 0) == "space" else ""
    return [indent([between(seq, 0), write(seq)]), between(seq, len(seq.items))]


def write_item(item: Item) -> Doc:  # noqa: PLR0911 - one a kind
    if item.kind == "element":
        start, inner = item.seqs[0]
        return group([open_tag(start), wrapped(inner), item.end])
    if item.kind == "block":
        return group([[head, wrapped(seq)] for head, seq in item.seqs] + [item.end])
    if item.kind == "loose":
        return open_tag(item.text) if item.text[1] not in "/!" else item.text
    if item.kind == "raw" and item.name == "blocktranslate":
        return translated(item.text)
    if item.kind == "raw" and item.text.startswith("<") and item.name:
        end = tag_end(item.text, 0)
        return [open_tag(item.text[:end]), item.text[end:]]
    if item.kind == "tag" and item.name == "translate":
        return literal(item.text)
    return item.text


def literal(text: str) -> Doc:
    """{% translate %} of a long text can't be broken; {% blocktranslate trimmed %} with the same message can."""
    found = LITERAL.fullmatch(text)
    if found is None or len(text) <= 90:
        return text
    message = found.group(1) or found.group(2)
    if re.search(r"%|{[{%#]", message) or message != " ".join(message.split()):
        return text
    named = f" asvar {found.group(3)}" if found.group(3) else ""
    return translated(f"{{% blocktranslate trimmed{named} %}}{message}{{% endblocktranslate %}}")


def translated(text: str) -> Doc:
    options, body = TRANSLATED.fullmatch(text).groups()
    pieces = PLURAL.split(body)
    if "trimmed" not in options.split():
        if any("\n" in piece or piece != piece.strip() for piece in pieces[::2]):
            return text
        options = " trimmed" + options
    parts: list[Doc] = [f"{{% blocktranslate {' '.join(OPTION.findall(options))} %}}"]
    for piece in pieces:
        if PLURAL.fullmatch(piece):
            parts.append("{% plural %}")
            continue
        message = re.sub(r"\s*\n\s*", " ", piece.strip())
        words = re.split(r"(?<=[^\s]) (?=[^\s])(?![^{]*}})(?![^<]*>)", message)
        filled: list[Doc] = [words[0]]
        for word in words[1:]:
            filled += [line, word]
        parts.append([indent([soft, fill(filled)]), soft])
    return group([*parts, "{% endblocktranslate %}"])


class OpenTag:
    """<name and its attributes: broken at white space outside quotes and outside Django's tags, or between words of a list."""

    def __init__(self, text: str):
        self.close = "/>" if text.endswith("/>") else ">"
        self.text, self.end = text, len(text) - len(self.close)
        self.at, self.depth, self.quote = 0, 0, ""
        self.done: list[Doc] = []  # attributes and what stands between them
        self.pieces: list[Doc] = []  # of this attribute: contents and breaks by turns
        self.word: list[Doc] = []

    def doc(self) -> Doc:
        while self.at < self.end:
            if django := TOKEN.match(self.text, self.at):
                self._django(django)
            else:
                self._letter()
        self._finish()
        return (
            [self.done[0], self.close] if len(self.done) == 1 else group([indent(indent(fill(self.done))), self.close])
        )

    def _finish(self) -> None:
        """Ends an attribute."""
        pieces: list[Doc] = [*self.pieces, self.word]
        if self.word:
            self.done.append(group(indent(fill(pieces))) if len(pieces) > 1 else self.word)
        elif self.done:
            self.done.pop()
        self.pieces, self.word = [], []

    def _django(self, found: re.Match[str]) -> None:
        piece, end = found.group(), found.end()
        name = name_of(piece) if piece.startswith("{%") else ""
        if name == "blocktranslate":
            end = django_token(self.text, self.at, end, piece)[1]
            self.word.append(translated(self.text[self.at : end]))
        else:
            if not self.quote and name in BRANCHES:
                if self.depth == 0 and self.text[end].isspace() and self.word:
                    self._finish()
                    self.done.append(soft)
                self.depth += 1
            elif not self.quote and name.startswith("end"):
                self.depth -= 1
            self.word.append(literal(piece) if name == "translate" else piece)
        self.at = end

    def _letter(self) -> None:
        char = self.text[self.at]
        if char in "\"'" and self.quote in ("", char):
            self.quote = "" if self.quote else char
        if char.isspace() and (not self.quote or self._is_list()):
            self.at += len(re.match(r"\s+", self.text[self.at :]).group())
            if self.quote or self.depth:
                self.pieces += [self.word, line]
                self.word = []
            else:
                self._finish()
                self.done.append(line)
            return
        self.word.append(char)
        self.at += 1

    def _is_list(self) -> bool:
        start = (
            "".join(one for one in [*self.pieces_flat(), *self.word] if isinstance(one, str))
            .split("=", 1)[0]
            .split("%}")[-1]
        )
        return start in LISTS

    def pieces_flat(self) -> list[Doc]:
        return [one for piece in self.pieces if isinstance(piece, list) for one in piece]


def open_tag(text: str) -> Doc:
    return OpenTag(text).doc()
