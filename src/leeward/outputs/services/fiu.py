"""What our financial intelligence unit has said: our number with it, its codes, and its schema, loaded as data."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from datetime import UTC, datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation import sandbox
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.foundation.patterns import Pattern
from leeward.outputs.labels import SCHEMA_FAULTS
from leeward.outputs.models import FiuProfile
from leeward.outputs.rules import goaml
from leeward.people.services import authorize, staff_id

MOST_SCHEMA_BYTES = 2 << 20
LIMITS = sandbox.Limits(seconds=20)
CODES = ("entity_id", "report_code", "currency", "live_streamed", "extortion")
_CODE = Pattern(r"[A-Za-z0-9_.-]{0,20}")
_DECLARED = Pattern(rb"<\?xml[^>]{0,100}encoding=[\"']([A-Za-z0-9._-]{1,20})")
_ONE_BYTE = ("iso-8859-1", "iso-8859-15", "windows-1252")
_DECODER = "leeward.outputs.decoders.schemas"


def save_fiu(values: dict[str, str], schema: bytes | None, name: str, *, hotline_id: int, actor: Actor) -> None:
    """Keep what the FIU has said; a schema replaces the earlier one, None leaves it. Raises BadInput, NotAllowed."""
    authorize(actor, "receiver.edit", hotline_id)
    codes = {field: values.get(field, "").strip() for field in CODES}
    if not all(_CODE.fullmatch(code) for code in codes.values()):
        raise BadInput(what=_("A code"), why=_("it has at most 20 letters, digits, dots, hyphens and lines"))
    text = check_schema(schema) if schema is not None else ""
    with hotline_transaction():
        found, _made = FiuProfile.objects.select_for_update().get_or_create(
            hotline_id=hotline_id, defaults={"by_id": staff_id(actor), "at": datetime.now(UTC)}
        )
        for field, code in codes.items():
            setattr(found, field, code)
        if schema is not None:
            found.schema, found.schema_name = text, name[:100]
            found.digest = sha256(schema).hexdigest()
        found.by_id, found.at = staff_id(actor), datetime.now(UTC)
        found.save()
        facts = {"schema": found.digest, "registered": bool(found.entity_id)}
        record("fiu.saved", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)


def remove_schema(*, hotline_id: int, actor: Actor) -> None:
    """Forget the FIU's schema: reports are shape only again."""
    authorize(actor, "receiver.edit", hotline_id)
    with hotline_transaction():
        if (
            FiuProfile.objects.filter(hotline_id=hotline_id)
            .exclude(schema="")
            .update(schema="", schema_name="", digest="")
        ):
            record("fiu.schema_removed", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts={})


def check_schema(schema: bytes) -> str:
    """Return a schema as text. Raises BadInput unless it can be used: one whole file of at most 2 MB, without a document type,
    that reads nothing else."""
    if not 0 < len(schema) <= MOST_SCHEMA_BYTES:
        raise BadInput(what=_("The schema"), why=_("it is empty, or larger than 2 MB"))
    try:
        text = _text_of(schema)
    except UnicodeDecodeError as error:
        raise BadInput(what=_("The schema"), why=str(SCHEMA_FAULTS["malformed"])) from error
    why = sandbox.call(f"{_DECODER}:why_unusable", text.encode(), LIMITS)
    if isinstance(why, sandbox.Finding):
        raise BadInput(what=_("The schema"), why=_("it takes too long or too much memory to read"))
    if why:
        raise BadInput(what=_("The schema"), why=str(SCHEMA_FAULTS[why]))
    return text


def _text_of(schema: bytes) -> str:
    """Return a schema as it is written, without the declaration of its encoding: what is checked, kept and used is one text, and
    no encoding hides a document type in it. Raises UnicodeDecodeError."""
    declared = _DECLARED.match(schema)
    encoding = declared[1].decode("ascii").lower() if declared else ""
    one_byte = encoding if encoding in _ONE_BYTE else "utf-8-sig"
    text = schema.decode("utf-16" if schema.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else one_byte)
    return text.partition("?>")[2] if text.startswith("<?xml") else text


def profile_of(hotline_id: int) -> tuple[goaml.FiuProfile, str, str]:
    """Return what the FIU has said, its schema ("" if none is loaded) and the schema's name with the start of its digest."""
    found = FiuProfile.objects.filter(hotline_id=hotline_id).first()
    if found is None:
        return goaml.FiuProfile(), "", ""
    profile = goaml.FiuProfile(**{field: getattr(found, field) for field in CODES})
    return profile, found.schema, f"{found.schema_name[:40]} {found.digest[:12]}".strip()


def faults_by(schema: str, content: bytes) -> list[str]:
    """Return what the FIU's schema says against a report."""
    found = sandbox.call(f"{_DECODER}:faults", schema.encode(), LIMITS, document=content.decode())
    return [found.code] if isinstance(found, sandbox.Finding) else list(found)
