"""The desk's forms: a report that came by telephone, letter, e-mail or from the police, and a list of reports."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leeward.intake.labels import KINDS as KIND_WORDS
from leeward.intake.labels import REMOVAL_WISHES, SOURCES, problem_sentence
from leeward.intake.labels import THREATS as THREAT_WORDS
from leeward.intake.labels import WHEN as WHEN_WORDS
from leeward.intake.rules import typed
from leeward.intake.rules.canned import MOST_LETTERS
from leeward.intake.rules.draft import DANGER, KINDS, WHEN, ReportDraft
from leeward.intake.rules.listed import MOST_LIST_CHARACTERS
from leeward.intake.rules.own_picture import QUIET, lacks_wish, wish_kept
from leeward.intake.rules.urgency import MOST_REASON, THREATS, asks_about_threat
from leeward.intake.rules.where import item_drafts, read_pieces
from leeward.intake.services import SOURCES_OF_STAFF
from leeward.people.queries import PortalRow


def _choices(labels: Any, codes: Sequence[str]) -> list[tuple[str, Any]]:
    return [(code, labels[code]) for code in codes]


class _OfPortal(forms.Form):
    """Where a report came to, and how."""

    portal = forms.ChoiceField(label=_("Portal"))
    source = forms.ChoiceField(label=_("Received by"))
    once = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, portals: Sequence[PortalRow], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.portals = {str(row.id): row for row in portals}
        cast(forms.ChoiceField, self.fields["portal"]).choices = [(str(row.id), row.name) for row in portals]
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    @property
    def chosen_portal(self) -> PortalRow:
        """Return the portal chosen in a valid form."""
        return self.portals[self.cleaned_data["portal"]]


class ReportForm(_OfPortal):
    """One report, entered by staff."""

    source = forms.ChoiceField(
        label=_("Received by"), choices=_choices(SOURCES, ("telephone", "letter", "email", "police"))
    )
    received_at = forms.DateTimeField(
        label=_("When it came"),
        required=False,
        help_text=_("In the portal’s time. Empty means now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "short"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    kind = forms.ChoiceField(label=_("What happened"), choices=_choices(KIND_WORDS, KINDS))
    threat = forms.ChoiceField(
        label=_("If it is a picture of them: is anyone threatening to share it?"),
        required=False,
        choices=[("", _("Not asked")), *_choices(THREAT_WORDS, THREATS)],
    )
    wish = forms.ChoiceField(
        label=_("If it is a picture of them and nobody threatens: what do they want?"),
        required=False,
        choices=[("", _("Not asked")), *_choices(REMOVAL_WISHES, list(REMOVAL_WISHES))],
    )
    urgent = forms.BooleanField(
        label=_("Mark it as urgent"),
        required=False,
        help_text=_(
            "Somebody is paged at once. Danger, contact with a child and a threat to share a picture are urgent without it."
        ),
    )
    urgent_because = forms.CharField(
        label=_("Why it is urgent"),
        required=False,
        max_length=MOST_REASON,
        help_text=_("Only if you mark it yourself. No names and no addresses."),
    )
    under_18 = forms.BooleanField(label=_("The reporter is under 18"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    where = forms.CharField(
        label=_("Where"),
        required=False,
        strip=False,
        help_text=_("Addresses, user names with their service, numbers. One a line, up to 200."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false"}),
    )
    text = forms.CharField(
        label=_("In their words"), required=False, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"})
    )
    when = forms.ChoiceField(label=_("When it was seen"), choices=_choices(WHEN_WORDS, WHEN), initial="unknown")
    contact = forms.CharField(
        label=_("E-mail address, if they wish to be reached"),
        required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )
    needs_login = forms.BooleanField(label=_("You have to sign in to see it"), required=False)
    password = forms.CharField(label=_("Password of the page or file"), required=False, max_length=typed.MOST_LINE)
    referrer = forms.CharField(label=_("The page you came from"), required=False, max_length=typed.MOST_REFERRER)

    def __init__(self, *args: Any, asking: Collection[int], **kwargs: Any) -> None:
        """`asking`: the portals where somebody in the picture may be asked what they want."""
        super().__init__(*args, **kwargs)
        self.asking = asking
        if not asking:
            del self.fields["wish"]

    def clean_where(self) -> str:
        text = typed.clean(self.cleaned_data["where"])
        if len(text) > typed.MOST_WHERE_CHARACTERS:
            raise forms.ValidationError(_too_long(text, typed.MOST_WHERE_CHARACTERS))
        portal = self.portals.get(self.cleaned_data.get("portal", ""))
        if len(read_pieces(text, {}, country=portal.country if portal else "")) > typed.MOST_ADDRESSES:
            raise forms.ValidationError(problem_sentence("too_many_addresses", {"most": typed.MOST_ADDRESSES}))
        return text

    def clean_text(self) -> str:
        text = typed.clean(self.cleaned_data["text"])
        if len(text) > typed.MOST_CHARACTERS:
            raise forms.ValidationError(_too_long(text, typed.MOST_CHARACTERS))
        return text

    def clean_contact(self) -> str:
        mail = typed.clean_line(self.cleaned_data["contact"])
        problem = typed.mail_problem(mail) if mail else None
        if problem:
            raise forms.ValidationError(problem_sentence(problem))
        return mail

    def clean_received_at(self) -> datetime | None:
        value: datetime | None = self.cleaned_data["received_at"]
        portal = self.portals.get(self.cleaned_data.get("portal", ""))
        if value is None or portal is None:
            return None
        moment = value.replace(tzinfo=ZoneInfo(portal.time_zone))
        if moment > timezone.now():
            raise forms.ValidationError(_("This time is in the future. Enter when it came, or leave it empty."))
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["where"] or cleaned["text"]):
            self.add_error("text", _("Write where it is, or what you were told."))
        if cleaned.get("urgent") and not cleaned.get("urgent_because") and not self.errors:
            self.add_error("urgent_because", _("Write in a few words why it is urgent."))
        if cleaned.get("wish") == QUIET and not self.errors:
            if not self._wish():
                self.add_error("wish", problem_sentence("wish_not_asked"))
            elif not cleaned["threat"]:  # whoever is threatened has no choice, and here nobody knows
                self.add_error("threat", problem_sentence("threat_missing"))
        return cleaned

    def draft(self) -> ReportDraft:
        """Return the report that a valid form describes."""
        cleaned = self.cleaned_data
        return ReportDraft(
            kind=cleaned["kind"],
            items=item_drafts(cleaned["where"], {}, country=self.chosen_portal.country),
            where=cleaned["where"],
            text=cleaned["text"],
            when_seen=cleaned["when"],
            under_18=cleaned["under_18"],
            threat=cleaned["threat"],
            is_marked=cleaned["urgent"],
            marked_because=typed.clean_line(cleaned["urgent_because"]) if cleaned["urgent"] else "",
            contact=cleaned["contact"],
            needs_login=cleaned["needs_login"],
            password=typed.clean_line(cleaned["password"]),
            referrer=typed.clean_line(cleaned["referrer"]),
            wish=self._wish(),
        )

    @property
    def asks_wish(self) -> bool:
        """Return whether the chosen portal may ask for a wish."""
        portal = self.portals.get(self.cleaned_data.get("portal", ""))
        return portal is not None and portal.id in self.asking

    def _wish(self) -> str:
        wish = str(self.cleaned_data.get("wish", ""))
        return wish_kept(wish, kind=self.cleaned_data.get("kind", ""), asks_wish=self.asks_wish)


def _too_long(text: str, most: int) -> str:
    return problem_sentence("too_long", {"number": len(text), "most": most})


class CallForm(ReportForm):
    """One report, taken down while somebody is on the telephone; its fields are in the order of the script."""

    danger = forms.ChoiceField(
        label=_("Is a child in danger now?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("What happened"),
        required=False,
        choices=_choices(KIND_WORDS, [kind for kind in KINDS if kind != DANGER]),
        widget=forms.RadioSelect,
    )
    threat = forms.ChoiceField(
        label=_("If it is a picture of them: is anyone threatening to share it?"),
        required=False,
        choices=_choices(THREAT_WORDS, THREATS),
        widget=forms.RadioSelect,
    )
    wish = forms.ChoiceField(
        label=_("If it is a picture of them and nobody threatens: what do they want?"),
        required=False,
        choices=_choices(REMOVAL_WISHES, list(REMOVAL_WISHES)),
        widget=forms.RadioSelect,
    )
    contact = forms.CharField(
        label=_("E-mail address or telephone number, if they wish to be reached"),
        required=False,
        max_length=typed.MOST_MAIL,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "received_at", "urgent", "urgent_because", "needs_login", "password", "referrer"):
            del self.fields[name]
        for name in ("portal", "language"):
            self.fields[name].widget = forms.HiddenInput()

    def clean_contact(self) -> str:
        """Return what was written if it can be an e-mail address or a telephone number."""
        line = typed.clean_line(self.cleaned_data["contact"])
        problem = typed.mail_problem(line) if line and not typed.is_number(line) else None
        if problem:
            raise forms.ValidationError(problem_sentence(problem))
        return line

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("danger") == "yes":
            cleaned["kind"] = DANGER
        elif cleaned.get("danger") == "no" and not cleaned.get("kind"):
            self.add_error("kind", problem_sentence("kind_missing"))
        elif asks_about_threat(cleaned.get("kind", "")) and not cleaned.get("threat"):
            self.add_error("threat", problem_sentence("threat_missing"))
        elif lacks_wish(
            self._wish(), kind=cleaned.get("kind", ""), threat=cleaned.get("threat", ""), asks_wish=self.asks_wish
        ):
            self.add_error("wish", problem_sentence("wish_missing"))
        if not self.errors and not (cleaned["where"] or cleaned["text"]):
            self.add_error("text", _("Write where it is, or what you were told."))
        return cleaned

    def draft(self) -> ReportDraft:
        """Return the report that a valid form describes."""
        cleaned = self.cleaned_data
        return ReportDraft(
            kind=cleaned["kind"],
            items=item_drafts(cleaned["where"], {}, country=self.chosen_portal.country, language=cleaned["language"]),
            where=cleaned["where"],
            text=cleaned["text"],
            when_seen=cleaned["when"],
            under_18=cleaned["under_18"],
            threat=cleaned["threat"] if asks_about_threat(cleaned["kind"]) else "",
            contact=cleaned["contact"],
            wish=self._wish(),
        )


class ListForm(_OfPortal):
    """A list of reports: a file or pasted text."""

    source = forms.ChoiceField(label=_("Received by"), choices=_choices(SOURCES, SOURCES_OF_STAFF), initial="csv")
    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=_("Or the list itself"),
        required=False,
        strip=False,
        max_length=MOST_LIST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "ltr", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("file"):
            try:
                cleaned["text"] = cleaned["file"].read(4 * MOST_LIST_CHARACTERS + 1).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is not UTF-8 text. Save it as CSV in UTF-8."))
        elif not cleaned.get("text", "").strip() and not self.errors:
            self.add_error("file", _("Choose a file, or paste the list below."))
        return cleaned


class QuestionForm(forms.Form):
    """A question to a reporter."""

    text = forms.CharField(
        label=_("Ask the reporter"),
        max_length=2000,
        help_text=_("The reporter sees it with their receipt. Never ask for a picture, or for a description of one."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    form = forms.ChoiceField(
        label=_("How they answer"),
        choices=[("words", _("in words")), ("yes_no", _("yes, no, I don’t know"))],
        initial="words",
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=64)


class CannedForm(forms.Form):
    """A hotline's own question: its code, how it is answered, and its text in every language of the portals."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=30,
        help_text=_(
            "A short name, for example “which-school”: letters, digits and hyphens. It can’t be changed later."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
    )
    form = forms.ChoiceField(
        label=_("How they answer"),
        choices=[("yes_no", _("yes, no, I don’t know")), ("words", _("in words"))],
        initial="yes_no",
    )

    def __init__(self, languages: Sequence[tuple[str, str]], *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        if not is_new:
            del self.fields["code"]
        for tag, name in languages:
            self.fields[f"text-{tag}"] = forms.CharField(
                label=name,
                required=False,
                max_length=MOST_LETTERS,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "lang": tag}),
            )

    def texts(self) -> dict[str, str]:
        """Return the texts of a valid form, by language."""
        return {tag: self.cleaned_data[f"text-{tag}"] for tag, _name in self.languages}

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).lower()
        if code == "new":
            raise forms.ValidationError(_("This code is taken. Choose another one."))
        return code
