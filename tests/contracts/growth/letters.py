"""Mail that anybody can send."""

from leeward.notices.rules.bounces import status_in
from leeward.notices.rules.incoming import guessed_bounce, read_mail
from leeward.notices.rules.plain_text import from_html
from leeward.notices.rules.reference import marks_in
from tests.contracts.growth import MOST, Reader, Shape
from tests.contracts.growth.shapes import TEXT, hostile, in_bytes, repeated

HTML = "Content-Type: text/html\n\n"
REPORT = "Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n--a\nContent-Type: message/delivery-status\n\n"


def mail(before: str, part: str, after: str = "\n\na") -> dict[str, Shape]:
    return {f"{before}{part}"[-60:]: in_bytes(repeated(part, before=before, after=after))}


MAILS = (
    mail("", "X-A: b\n")
    | mail("To: ", "a@b.example, ")
    | mail("To: ", "(")
    | mail("To: ", '"')
    | mail("To: ", "<")
    | mail("To: ", "\\")
    | mail("From: ", "=?utf-8?q?a?= ")
    | mail("From: ", "=?")
    | mail("From: a", "\n ")
    | mail("References: ", "<a@b> ")
    | mail("References: ", "<")
    | mail("References: ", "<!")
    | mail("Message-ID: ", "<a")
    | mail("Content-Type: text/plain; ", "a=b; ")
    | mail("Content-Type: text/plain; charset=", "a")
    | mail("Content-Type: text/plain; ", "a*0*=b; ")
    | mail("Content-Type: multipart/mixed; boundary=a\n\n", "--a\n\n")
    | mail("Content-Type: multipart/mixed; boundary=a\n\n", "--a\nContent-Type: multipart/mixed; boundary=a\n\n")
    | mail("Content-Type: multipart/mixed; boundary=" + "a" * 60 + "\n\n", "-" * 61)
    | mail("Content-Type: message/rfc822\n\n", "Content-Type: message/rfc822\n\n")
    | mail("Content-Transfer-Encoding: base64\n\n", "YQ==\n")
    | mail("Content-Transfer-Encoding: quoted-printable\n\n", "=\n")
    | mail("Content-Transfer-Encoding: uuencode\n\n", "begin 666 a\n")
    | mail(REPORT, "Action: failed\nStatus: 5.1.1\n\n")
    | mail(REPORT, "Final-Recipient: rfc822;")
    | mail("\n", "a\n \n")
    | mail("\n", "\r")
)
MARKUP = {
    f"{part}*": repeated(part)
    for part in (
        "<",
        "</",
        "<a",
        "<a ",
        "<a b",
        "<a b=",
        "<a b='",
        "<!--",
        "<!",
        "<![",
        "<?",
        "&",
        "&#",
        "&amp",
        "<p>",
        "<script>",
        "<script></",
        "</p ",
        "<a/",
    )
}

READERS = [
    Reader("mail", lambda raw: guessed_bounce(read_mail(raw)), MAILS, 4 * MOST),
    Reader("mail of any kind", read_mail, {name: in_bytes(shape) for name, shape in TEXT.items()}),
    Reader("mail in HTML", from_html, MARKUP),
    Reader("a mark in a subject", lambda text: marks_in(b"x" * 32, text), TEXT | hostile("LW-N1-")),
    Reader("the status in a bounce", status_in, TEXT | hostile("5.1.", "1")),
]
