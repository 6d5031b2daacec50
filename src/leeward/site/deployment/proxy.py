"""Checks of the reverse proxy: whether its settings let it write down who asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from leeward.foundation.plain_http import is_loopback
from leeward.site.deployment.seen import Here, Seen, fails, holds, unseen

_MOST_DEPTH = 8
_OFF = "access_log off; error_log /dev/null crit;"


@dataclass(slots=True)
class Directive:
    """One directive of nginx with what is inside its braces."""

    words: list[str]
    inside: list["Directive"] = field(default_factory=list)


def access_log(here: Here) -> Iterator[Seen]:
    """The proxy in front writes no address of a visitor down."""
    host = urlsplit(here.config.base_url).hostname or ""
    if not here.config.behind_proxy:
        yield holds("No proxy is in front, and Leeward itself keeps no access log.")
        return
    seen = [*_of_nginx(here, host), *_of_caddy(here, host), *_of_apache(here, host)]
    yield from seen
    if not seen:
        where = (
            "on this machine, or not readable" if is_loopback(host) else f"for {host} on this machine, or not readable"
        )
        hint = f"See that it keeps no access log; in nginx: {_OFF}"
        yield unseen(f"The settings of the proxy are not {where}.", hint)


def _of_nginx(here: Here, host: str) -> Iterator[Seen]:
    text = here.text("etc/nginx/nginx.conf")
    if text is None:
        return
    tree = parsed(here, text, 0)
    for http in (one for one in tree if one.words[:1] == ["http"]):
        above = _log_words(http)
        for server in (one for one in http.inside if one.words[:1] == ["server"]):
            names = [name for one in server.inside if one.words[:1] == ["server_name"] for name in one.words[1:]]
            if not {host, *here.config.onion_hosts} & set(names) and "_" not in names:
                continue
            kept = [words for words in _logs(server, above) if words[1:2] != ["off"]]
            if kept:
                what = kept[0][1] if len(kept[0]) > 1 else "its own access log"
                yield fails(f"nginx writes the addresses of visitors of {' '.join(names)} into {what}.", _OFF)
            else:
                yield holds(f"nginx keeps no access log of {' '.join(names)}.")


def _logs(server: Directive, above: list[str]) -> Iterator[list[str]]:
    """Return the access log of each part of a server; nginx keeps one where nothing says otherwise."""
    own = _log_words(server) or above or ["access_log"]
    yield own
    for part in server.inside:
        if part.words[:1] == ["location"] and (words := _log_words(part)):
            yield words


def _log_words(block: Directive) -> list[str]:
    found = [one.words for one in block.inside if one.words[:1] == ["access_log"]]
    return next((words for words in found if words[1:2] != ["off"]), found[0] if found else [])


def parsed(here: Here, text: str, depth: int) -> list[Directive]:
    """Return the directives of a file of nginx with those of the files that it includes."""
    stack, words = [Directive([])], list[str]()
    for word in _words(text):
        if word == ";":
            if words[:1] == ["include"] and depth < _MOST_DEPTH:
                pattern = words[1] if words[1].startswith("/") else f"/etc/nginx/{words[1]}"
                for path in here.files(pattern.lstrip("/")):
                    stack[-1].inside += parsed(here, _text(path), depth + 1)
            elif words:
                stack[-1].inside.append(Directive(words))
        elif word == "{":
            block = Directive(words)
            stack[-1].inside.append(block)
            stack.append(block)
        elif word == "}" and len(stack) > 1:
            stack.pop()
        else:
            words.append(word)
            continue
        words = []
    return stack[0].inside


def _words(text: str) -> Iterator[str]:
    word, quote, comment = "", "", False
    for letter in text + "\n":
        if comment:
            comment = letter != "\n"
        elif quote:
            quote, word = ("", word) if letter == quote else (quote, word + letter)
        elif letter in "\"'":
            quote = letter
        elif letter == "#" and not word:
            comment = True
        elif letter in ";{}" or letter.isspace():
            if word:
                yield word
            word = ""
            if not letter.isspace():
                yield letter
        else:
            word += letter


def _of_caddy(here: Here, host: str) -> Iterator[Seen]:
    text = here.text("etc/caddy/Caddyfile")
    if text is None or host not in text:
        return
    if any(line.split()[:1] == ["log"] for line in text.splitlines()):
        yield fails("Caddy writes the addresses of visitors into a log.", "Take log out of the site's block.")
    else:
        yield holds(f"Caddy keeps no access log of {host}.")


def _of_apache(here: Here, host: str) -> Iterator[Seen]:
    for path in here.files("etc/apache2/sites-enabled/*", "etc/httpd/conf.d/*.conf"):
        text = _text(path)
        if host not in text:
            continue
        if any(line.split()[:1] == ["CustomLog"] and "/dev/null" not in line for line in text.splitlines()):
            yield fails("Apache writes the addresses of visitors into a log.", "Take CustomLog out of the site.")
        else:
            hint = "apachectl -t -D DUMP_RUN_CFG; a CustomLog of the whole server holds for this site too."
            yield unseen(f"Apache’s settings for {host} name no access log; those of the whole server may.", hint)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
