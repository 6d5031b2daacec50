"""Read the files of a request into memory, and nowhere else, within limits."""

from io import BytesIO
from typing import Any

from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import BadInput, LeewardError

MOST_FILES = 100  # Django accepts no more files in one form either
_CHUNK = 1 << 20


class TooMuchAtOnce(LeewardError):
    """The request contains more than is accepted at once."""

    code = "too_much_at_once"
    sentence = _("That is too much at once: {why}.")
    hint = _("Send it in several requests.")
    status = 413


class InMemory(FileUploadHandler):
    """Keeps every file of a form in memory, whatever its size; the limit on the body bounds their total."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._kept = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin the next file."""
        super().new_file(*args, **kwargs)
        self._kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Store a chunk of the file; nothing is passed on to other handlers."""
        self._kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Return the file without its name."""
        self._kept.seek(0)
        return InMemoryUploadedFile(self._kept, self.field_name, "file", self.content_type, file_size, self.charset)


def body_of(request: HttpRequest, most_bytes: int) -> bytes:
    """Read the body of a request in pieces; raises TooMuchAtOnce."""
    pieces, size = [], 0
    while piece := request.read(_CHUNK):
        size += len(piece)
        if size > most_bytes:
            raise TooMuchAtOnce(why=_("more than {most} bytes").format(most=most_bytes))
        pieces.append(piece)
    return b"".join(pieces)


def form_files(request: HttpRequest) -> list[tuple[str, bytes]]:
    """Return the files of a multipart form in order, each with the name of its field; raises BadInput, TooMuchAtOnce."""
    request.upload_handlers = [InMemory(request)]
    try:
        fields = request.FILES.lists()
    except TooManyFilesSent as error:
        raise TooMuchAtOnce(why=_("more than {most} files").format(most=MOST_FILES)) from error
    except MultiPartParserError as error:
        raise BadInput(what=_("The format"), why=_("it is cut off, or is not a multipart form")) from error
    return [(name, one.read()) for name, files in fields for one in files]
