"""A page's form as a person meets it: only visible fields can be filled, only choices on offer can be made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml.html import HtmlElement

from leeward.demo.errors import NotOnPage

_BUTTONS = {"submit", "image", "button", "reset"}
_HIDDEN = {"hidden"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file for a file field."""

    name: str
    body: bytes
    content_type: str = "application/octet-stream"


type Value = str | bool | list[str] | Upload


@dataclass(frozen=True, slots=True)
class Submission:
    """What a browser sends for a form: target, method, and the fields in the order of the page."""

    method: str
    address: str
    multipart: bool
    pairs: tuple[tuple[str, str | Upload], ...]


@dataclass(slots=True)
class _Control:
    """One named control: its kind, its value now, and what can be chosen."""

    name: str
    kind: str
    values: list[str]
    choices: list[str] = field(default_factory=list)
    own_value: str = ""
    upload: Upload | None = None


class Form[P]:
    """One form of a page; `submit` sends it and returns the page that comes back."""

    def __init__(self, element: HtmlElement, page_address: str, send: Callable[[Submission], P]) -> None:
        self._element = element
        self._page_address = page_address
        self._send = send
        controls = [control for control in _controls_of(element) if not _is_off(control)]
        self._buttons = [control for control in controls if _kind_of(control) in _BUTTONS]
        self._controls = [_read(control) for control in controls if control.get("name") and _is_field(control)]

    @property
    def action(self) -> str:
        """The absolute address to which the form goes."""
        return str(urljoin(self._page_address, self._element.get("action") or self._page_address))

    @property
    def values(self) -> dict[str, list[str]]:
        """The fields and what would be sent for each now; hidden ones too."""
        found: dict[str, list[str]] = {control.name: [] for control in self._controls}
        for control in self._controls:
            found[control.name] += control.values
        return found

    def has(self, name: str) -> bool:
        """Whether the form has a field of this name or a button of this `name` or `name=value`."""
        return any(control.name == name for control in self._controls) or any(
            name in (button.get("name"), f"{button.get('name')}={button.get('value')}") for button in self._buttons
        )

    def choices(self, name: str) -> list[str]:
        """The values among which a select, radio buttons or check boxes of this name let one choose."""
        return [choice for control in self._visible(name) for choice in control.choices]

    def fill(self, values: Mapping[str, Value]) -> "Form[P]":
        """Fill fields by name: text or one choice as str, a single check box as bool, several choices as list."""
        for name, value in values.items():
            self._fill_one(name, value)
        return self

    def submit(self, button: str | None = None) -> P:
        """Press a button, known by its `name`, `name=value` or words (None: the first one), and send the form."""
        return self._send(self._submission(self._button(button)))

    def _fill_one(self, name: str, value: Value) -> None:
        controls = self._visible(name)
        if isinstance(value, Upload):
            self._first(controls, {"file"}, name).upload = value
        elif isinstance(value, bool):
            box = self._first(controls, {"checkbox"}, name)
            box.values = [box.own_value] if value else []
        elif controls[0].kind in ("radio", "checkbox", "select", "select-multiple"):
            self._choose(name, controls, [value] if isinstance(value, str) else value)
        elif isinstance(value, str):
            controls[0].values = [value]
        else:
            raise self._missing(f"field {name} that takes several values")

    def _choose(self, name: str, controls: list[_Control], wanted: list[str]) -> None:
        """Choose exactly these; every one must be on offer, and several only where the page allows it."""
        offered = self.choices(name)
        for choice in wanted:
            if choice not in offered:
                raise self._missing(f"choice {choice} for {name}", f"On offer: {', '.join(offered)}.")
        if len(wanted) != 1 and controls[0].kind in ("radio", "select"):
            raise self._missing(f"way to choose several for {name}")
        for control in controls:
            control.values = [choice for choice in control.choices if choice in wanted]

    def _visible(self, name: str) -> list[_Control]:
        controls = [control for control in self._controls if control.name == name and control.kind not in _HIDDEN]
        if not controls:
            seen = sorted({control.name for control in self._controls if control.kind not in _HIDDEN})
            raise self._missing(
                f"field {name} that can be filled", f"Fields in this form: {', '.join(seen) or 'none'}."
            )
        return controls

    def _first(self, controls: list[_Control], kinds: set[str], name: str) -> _Control:
        for control in controls:
            if control.kind in kinds:
                return control
        raise self._missing(f"{' or '.join(kinds)} {name}")

    def _button(self, wanted: str | None) -> HtmlElement | None:
        buttons = [button for button in self._buttons if _kind_of(button) in ("submit", "image")]
        if wanted is None:
            return buttons[0] if buttons else None
        for button in buttons:
            name, value = button.get("name", ""), button.get("value", "")
            label = " ".join(button.text_content().split()) or value
            if wanted in (name, f"{name}={value}", label):
                return button
        raise self._missing(f"button {wanted}")

    def _submission(self, button: HtmlElement | None) -> Submission:
        pairs: list[tuple[str, str | Upload]] = []
        for control in self._controls:
            if control.kind == "file":
                pairs.append((control.name, control.upload or Upload("", b"")))
            else:
                pairs += [(control.name, _with_crlf(value)) for value in control.values]
        source = self._element if button is None else button
        if button is not None and button.get("name"):
            pairs.append((button.get("name", ""), button.get("value", "")))
        method = (source.get("formmethod") or self._element.get("method") or "get").upper()
        kind = source.get("formenctype") or self._element.get("enctype") or ""
        address = urljoin(self._page_address, source.get("formaction") or self.action)
        return Submission(method, address, kind == "multipart/form-data", tuple(pairs))

    def _missing(self, what: str, hint: str | None = None) -> NotOnPage:
        return NotOnPage(hint, what=what, address=self._page_address)


def _controls_of(form: HtmlElement) -> list[HtmlElement]:
    """The controls that belong to a form, in the order of the page: inside it, or tied to it by its id."""
    every = form.getroottree().getroot().iter("input", "select", "textarea", "button")
    own_id = form.get("id")
    return [
        one for one in every if (one.get("form") == own_id if one.get("form") else form in one.iterancestors("form"))
    ]


def _is_off(control: HtmlElement) -> bool:
    off = control.get("disabled") is not None
    return off or any(outer.get("disabled") is not None for outer in control.iterancestors("fieldset"))


def _kind_of(control: HtmlElement) -> str:
    if control.tag == "select":
        return "select" if control.get("multiple") is None else "select-multiple"
    if control.tag == "button":
        return (control.get("type") or "submit").lower()
    return "textarea" if control.tag == "textarea" else (control.get("type") or "text").lower()


def _is_field(control: HtmlElement) -> bool:
    return _kind_of(control) not in _BUTTONS


def _read(element: HtmlElement) -> _Control:
    """Read a control in its initial state."""
    name, kind = element.get("name", ""), _kind_of(element)
    if kind in ("select", "select-multiple"):
        return _read_select(element, name, kind)
    if kind in ("checkbox", "radio"):
        own = element.get("value", "on")
        return _Control(name, kind, [own] if element.get("checked") is not None else [], [own], own)
    if kind == "textarea":
        return _Control(name, kind, [(element.text or "").removeprefix("\n")])
    return _Control(name, kind, [] if kind == "file" else [element.get("value", "")])


def _read_select(element: HtmlElement, name: str, kind: str) -> _Control:
    options = [option for option in element.iter("option") if option.get("disabled") is None]
    values = [option.get("value", option.text_content().strip()) for option in options]
    chosen = [value for value, option in zip(values, options, strict=True) if option.get("selected") is not None]
    if kind == "select" and not chosen:
        chosen = values[:1]
    return _Control(name, kind, chosen if kind == "select-multiple" else chosen[-1:], values)


def _with_crlf(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
