"""Tagged PDFs (PDF/UA-1), made in a child (`sandbox/`): the renderer loads image decoders, and fetches nothing."""

from typing import Any

from leeward.foundation import sandbox
from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _

LIMITS = sandbox.Limits(seconds=60)


class PaperNotMade(LeewardError):
    """The PDF could not be made."""

    code = "paper_not_made"
    sentence = _("The PDF could not be made: {why}.")
    hint = _("Download it as a web page and print that.")
    status = 503


def as_pdf(text: str) -> bytes:
    """Return an HTML text as a PDF; raises PaperNotMade."""
    made = sandbox.call("leeward.foundation.sandbox.paper:make", text.encode(), LIMITS)
    if isinstance(made, sandbox.Finding):
        raise PaperNotMade(why=made.why)
    pdf: bytes = made
    return pdf


def make(text: bytes) -> bytes:
    """Render it. Runs in a child."""
    from PIL import ImageFile
    from weasyprint import HTML

    ImageFile.LOAD_TRUNCATED_IMAGES = (
        False  # WeasyPrint sets this for the whole child: a truncated image would look complete
    )
    pdf: bytes = HTML(string=text.decode(), url_fetcher=_fetch_nothing).write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def _fetch_nothing(url: str, *args: object, **kwargs: object) -> dict[str, Any]:
    raise ValueError(f"the paper refers to {url}, and nothing is fetched for it")
