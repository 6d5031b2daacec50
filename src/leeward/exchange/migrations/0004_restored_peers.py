"""What other hotlines say of having been restored from a backup."""

import django.db.models.deletion
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_known_and_imported"), ("people", "0019_handed_over")]

    operations = [
        leeward.tables.NewTable(
            name="PeerRestoring",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("backup_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                (
                    "hotline",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.hotline",
                    ),
                ),
                (
                    "peer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="restoring", to="exchange.peer"
                    ),
                ),
            ],
        ),
    ]
