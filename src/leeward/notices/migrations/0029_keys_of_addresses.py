"""A notice case knows the key of its address, which cases that were kept apart share: each of these has a location of its own."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from leeward.hosting.rules.keys import address_key
from leeward.tables import NewText

FILL = {
    "sqlite": """
        UPDATE notices_noticecase SET address_key = coalesce(
            (SELECT leeward_address_key(kind, comparable, key) FROM hosting_location AS place WHERE place.id = location_id), '')""",
    "postgresql": """
        UPDATE notices_noticecase SET address_key = CASE
            WHEN place.kind IN ('words', 'unknown', 'own') THEN place.key
            ELSE encode(sha256(convert_to(
                CASE WHEN place.kind = 'onion' THEN 'url' ELSE place.kind END || chr(10)
                || regexp_replace(place.comparable, ' split:[0-9]+$', ''), 'UTF8')), 'hex') END
        FROM hosting_location AS place WHERE place.id = location_id""",
}


def fill_keys(_apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Give each notice case that is there the key of its address."""
    if schema.connection.vendor == "sqlite":
        schema.connection.connection.create_function("leeward_address_key", 3, address_key, deterministic=True)
    schema.execute(FILL[schema.connection.vendor])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0028_held_at_the_address"), ("hosting", "0009_sealed_access")]
    operations: ClassVar = [
        NewText("noticecase", "address_key", models.TextField(blank=True, default="")),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.AddIndex("noticecase", models.Index(fields=["address_key"], name="notice_case_address")),
    ]
