"""Receipts of batches and lines, with the log's proof as soon as a checkpoint covers their row."""

from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.errors import NotProven
from leeward.audit.keys import public_key
from leeward.audit.queries import entry_at
from leeward.audit.rules.chain import moment
from leeward.audit.tree.checkpoints import prove
from leeward.foundation.errors import NotFound
from leeward.providers.models import ProviderBatch, ProviderLine
from leeward.providers.rules.line import incident_of
from leeward.providers.rules.receipt import Accepted, Statement, batch_number, of_batch, of_line, receipt_of


def batch_of(provider_id: int, number: int, *, is_sandbox: bool | None = None) -> ProviderBatch:
    """Return a batch of this provider, or only one of its sandbox or none of it. Raises NotFound."""
    row = ProviderBatch.objects.filter(pk=number, provider_id=provider_id).exclude(root="").first()
    if row is None or is_sandbox not in (None, row.is_sandbox):
        raise NotFound(what=_("receipt"))
    return row


def batch_here(provider_id: int, number: int) -> ProviderBatch:
    """Return a batch of this provider, also one of which every line came before."""
    return ProviderBatch.objects.get(pk=number, provider_id=provider_id)


def receipt(batch: ProviderBatch, line: int | None = None) -> dict[str, Any]:
    """Return the receipt of a batch, or of one of its lines, which names no other. Raises NotFound."""
    rows = ProviderLine.objects.filter(batch=batch).order_by("number").values_list("number", "digest")
    accepted = [Accepted(number, incident_of(batch.pk, number), digest) for number, digest in rows]
    common = _common(batch)
    if line is None:
        return of_batch(common, accepted)
    found = next((index for index, one in enumerate(accepted) if one.line == line), None)
    if found is None:
        raise NotFound(what=_("receipt"))
    return of_line(common, accepted, found)


def _common(batch: ProviderBatch) -> dict[str, Any]:
    statement = Statement(
        batch_number(batch.pk), batch.provider_id, moment(batch.received_at), batch.lines, batch.root, batch.is_sandbox
    )
    row, proof, log = entry_at(batch.hotline_id, batch.row_number), None, None
    try:
        proven = prove(batch.hotline_id, batch.row_number)
        proof, log = proven.proof.text, proven.log_key
    except NotProven:
        pass  # no checkpoint covers it yet: the receipt is signed, and can be fetched again
    return receipt_of(statement, signature=batch.signature, key=public_key(), row=row, proof=proof, log=log)
