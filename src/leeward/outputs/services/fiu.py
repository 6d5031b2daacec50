"""What our financial intelligence unit has said: our number with it, its codes, and its schema, loaded as data."""

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
_DECODER = "leeward.outputs.decoders.schemas"


def save_fiu(values: dict[str, str], schema: bytes | None, name: str, *, hotline_id: int, actor: Actor) -> None:
    """Keep what the FIU has said; a schema replaces the earlier one, None leaves it. Raises BadInput, NotAllowed."""
    authorize(actor, "receiver.edit", hotline_id)
    codes = {field: values.get(field, "").strip() for field in CODES}
    if not all(_CODE.fullmatch(code) for code in codes.values()):
        raise BadInput(what=_("A code"), why=_("it has at most 20 letters, digits, dots, hyphens and lines"))
    if schema is not None:
        check_schema(schema)
    with hotline_transaction():
        found, _made = FiuProfile.objects.select_for_update().get_or_create(
            hotline_id=hotline_id, defaults={"by_id": staff_id(actor), "at": datetime.now(UTC)}
        )
        for field, code in codes.items():
            setattr(found, field, code)
        if schema is not None:
            found.schema, found.schema_name = schema.decode("utf-8", "replace"), name[:100]
            found.digest = sha256(found.schema.encode()).hexdigest()
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


def check_schema(schema: bytes) -> None:
    """Raise BadInput unless a schema can be used: one whole file of at most 2 MB, without a document type, that reads
    nothing else."""
    if not 0 < len(schema) <= MOST_SCHEMA_BYTES:
        raise BadInput(what=_("The schema"), why=_("it is empty, or larger than 2 MB"))
    why = sandbox.call(f"{_DECODER}:why_unusable", schema, LIMITS)
    if isinstance(why, sandbox.Finding):
        raise BadInput(what=_("The schema"), why=_("it takes too long or too much memory to read"))
    if why:
        raise BadInput(what=_("The schema"), why=str(SCHEMA_FAULTS[why]))


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
