"""A peer that was restored again doesn't take back what it said of the first time."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_restored_peers")]

    operations = [
        migrations.AlterField(
            model_name="peerrestoring",
            name="peer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="restorings",
                to="exchange.peer",
            ),
        ),
        migrations.AddConstraint(
            model_name="peerrestoring",
            constraint=models.UniqueConstraint(fields=["peer", "backup_at", "restored_at"], name="peer_restoring_once"),
        ),
    ]
