"""The values in a file of settings, NAME=VALUE a line, as systemd and a shell both read them."""

from leeward.foundation.patterns import Pattern

_PLAIN = Pattern(r"[A-Za-z0-9_./:@%+,=-]*")
_ESCAPED = str.maketrans({letter: f"\\{letter}" for letter in '\\"`$'})
_QUOTED = Pattern(r'"((?:[^"\\]|\\(?s:.))*)"')
_ESCAPE = Pattern(r'\\([\\"`$])')


def quoted(value: str) -> str:
    """Return a value as it stands in the file: plain, or between double quotes."""
    return value if _PLAIN.fullmatch(value) else f'"{value.translate(_ESCAPED)}"'


def values_of(name: str, text: str) -> list[str]:
    """Return what the text of the file gives a name: its value, and its line as it stands, which is the value where an older version of ours
    wrote it without quotes. Nothing where it gives none."""
    _before, is_there, rest = f"\n{text}".partition(f"\n{name}=")
    if not is_there:
        return []
    line, found = rest.partition("\n")[0], _QUOTED.match(rest)
    return [_ESCAPE.sub(lambda escape: str(escape[1]), str(found[1])), line] if found else [line]
