"""NCMEC's CyberTipline: five calls, each answered in XML with a code. What is uploaded is a list of hashes, never content."""

from base64 import b64encode
from secrets import token_hex
from urllib.parse import urlencode

from leeward.foundation import sandbox
from leeward.foundation.http import Answer, Client
from leeward.outputs.protocols.line import Credentials, Reply, send, silence
from leeward.outputs.rules.cybertip import LIST_NAME, LIST_TYPE, MEDIA_TYPE

_XML = ("text/xml", "application/xml")
_REFUSED = {401: 2000, 403: 3000}  # without a document, the status says the same
_OK = 200
_MOST_NUMBER = 40  # characters of a report's or a file's number


class CyberTipline:
    """The calls to one installation of it."""

    def __init__(self, way: Client, there: Credentials) -> None:
        self._way, self._url = way, there.url.rstrip("/")
        secret = b64encode(f"{there.user}:{there.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {secret}", "Accept": ", ".join(_XML)}

    def submit(self, document: bytes) -> Reply:
        """Open a report; the reply holds its `reportId`."""
        return self._needing("reportId", self._call("submit", document, MEDIA_TYPE))

    def upload_list(self, report_id: str, content: bytes) -> Reply:
        """Add the list of hashes; the reply holds its `fileId`."""
        boundary = token_hex(16)
        body = b"".join(
            (
                f'--{boundary}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'.encode(),
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{LIST_NAME}"\r\n'.encode(),
                f"Content-Type: {LIST_TYPE}\r\n\r\n".encode(),
                content,
                f"\r\n--{boundary}--\r\n".encode(),
            )
        )
        return self._needing("fileId", self._call("upload", body, f"multipart/form-data; boundary={boundary}"))

    def describe(self, document: bytes) -> Reply:
        """Say what the list is."""
        return self._call("fileinfo", document, MEDIA_TYPE)

    def finish(self, report_id: str) -> Reply:
        """Finish a report; the reply is its receipt."""
        reply = self._named(report_id, "finish")
        if reply.code == 0 and reply.values.get("reportId") != report_id:
            return Reply(None, "receipt_of_another")
        return reply

    def retract(self, report_id: str) -> Reply:
        """Withdraw a report that isn't finished."""
        return self._named(report_id, "retract")

    def _named(self, report_id: str, call: str) -> Reply:
        return self._call(call, urlencode({"id": report_id}).encode(), "application/x-www-form-urlencoded")

    def _call(self, call: str, body: bytes, media_type: str) -> Reply:
        headers = self._headers | {"Content-Type": media_type}
        return _read(send(self._way, "POST", f"{self._url}/{call}", body, headers))

    @staticmethod
    def _needing(name: str, reply: Reply) -> Reply:
        if reply.code == 0 and not 0 < len(reply.values[name]) <= _MOST_NUMBER:
            return Reply(None, "answer_incomplete")
        return reply


def _read(answer: Answer) -> Reply:
    """Return what an answer says: its code and names, or that it is none."""
    if answer.status in _REFUSED:
        return Reply(_REFUSED[answer.status], f"http_{answer.status}")
    if answer.outcome != "answered":
        return silence(answer, answer.outcome)
    if answer.content_type not in _XML:
        return silence(answer, "not_xml" if answer.status == _OK else "")
    found = sandbox.call("leeward.outputs.decoders.documents:cybertip_answer", answer.body)
    match found:
        case {"code": int(code), "values": dict(values)}:
            return Reply(code, "" if code == 0 else str(code), values=values)
        case {"why": str(why)}:
            return silence(answer, why)
    return silence(answer, "answer_unreadable")
