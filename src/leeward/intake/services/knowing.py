"""What of a report is here already, also where its words can't be opened: by traces of what was sent with the same form."""

from leeward.intake.models import Report, ReporterMessage
from leeward.intake.rules.draft import ReportDraft
from leeward.sealing.rules.traces import Traces, traces_of
from leeward.sealing.services import open_rows

ONE_LINE = ("contact", "password", "referrer")  # of which the last one counts


def first_traces(key: bytes, draft: ReportDraft) -> dict[str, object] | None:
    """Return what is stored with a new report, so that the same form again is known by its key; None without one."""
    traces = Traces(key)
    for name in ("text", *ONE_LINE):
        traces.add(name, getattr(draft, name))
    return traces.as_stored() if key else None


class Known:
    """The words of a report, as far as they can be compared: by the key of the form they came with, or by opening them where
    there is none, or it came before there were traces."""

    def __init__(self, report: Report, key: bytes) -> None:
        self._report, self._traces = report, traces_of(key, report.traces or {}) if key else None
        self._texts: set[str] | None = None
        if self._traces is None or report.traces is None:
            messages = list(ReporterMessage.objects.filter(report=report))
            open_rows([report, *messages])
            self._texts = {report.text, *(message.text for message in messages)}

    def new_text(self, draft: ReportDraft) -> str:
        """Return the text of a draft, or "" if it is known."""
        return self._taken("text", "" if self._is_known(draft.text) else draft.text)

    def new_lines(self, draft: ReportDraft) -> dict[str, object]:
        """Return the contact and what opens the page, as far as they are other ones now."""
        sent = {name: str(getattr(draft, name)) for name in ONE_LINE}
        return {name: self._taken(name, line) for name, line in sent.items() if line and not self._is_last(name, line)}

    def as_stored(self) -> dict[str, object]:
        """Return the column of traces to be stored, if this report has one."""
        return {} if self._traces is None else {"traces": self._traces.as_stored()}

    def _is_known(self, text: str) -> bool:
        if self._texts is not None:
            return text in self._texts
        return self._traces is not None and self._traces.has("text", text)

    def _is_last(self, name: str, line: str) -> bool:
        if self._texts is not None:
            return bool(getattr(self._report, name) == line)
        return self._traces is not None and self._traces.ends_with(name, line)

    def _taken(self, name: str, text: str) -> str:
        if self._traces is not None:
            self._traces.add(name, text)
        return text
