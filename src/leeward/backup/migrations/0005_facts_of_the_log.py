"""What installations before 0.2.0 didn't write down, from the checkpoints in their log: with which key it was signed, and which
checkpoint was the newest of a backup that is held."""

import base64
import hashlib

from django.db import migrations


def derive(apps, _editor):
    newest = apps.get_model("audit", "AuditCheckpoint")._base_manager.order_by("-id").first()
    if newest is None:
        return
    restorings = apps.get_model("backup", "Restoration")._base_manager
    held = restorings.filter(prepared_at__isnull=False, confirmed_at__isnull=True)
    held.filter(checkpoint=0).update(checkpoint=newest.pk)  # nothing is signed while it is held
    # After a restoring, and once a log began anew, the next key that signs is the right one.
    last = restorings.order_by("-id").first()
    is_signed_since = last is None or (last.confirmed_at is not None and newest.at > last.confirmed_at)
    tip = apps.get_model("audit", "AuditTip")._base_manager.filter(chain=newest.chain).first()
    name, _hash, key = (newest.vkey.split("+", 2) + ["", ""])[:3]
    if is_signed_since and tip is not None and tip.origin == name:
        raw = base64.b64decode(key)[1:]
        found = hashlib.sha256(b"leeward fingerprint of log.key" + raw).hexdigest()
        prints = apps.get_model("audit", "KeyPrint")._base_manager
        prints.get_or_create(name="log.key", defaults={"print": found, "kept_at": newest.at})


class Migration(migrations.Migration):
    dependencies = [("backup", "0004_newest_checkpoint"), ("audit", "0003_tree")]

    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]
