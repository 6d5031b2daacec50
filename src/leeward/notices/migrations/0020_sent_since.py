"""After restoring: which messages left since the backup, by the mail server's log."""

from django.db import migrations, models

import leeward.tables



class Migration(migrations.Migration):
    dependencies = [("notices", "0019_letters_by_address")]

    operations = [
        leeward.tables.NewTable(
            name="SentSince",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(max_length=250, unique=True)),
                ("to", models.CharField(blank=True, default="", max_length=254)),
                ("fate", models.CharField(max_length=10)),
                ("at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["to"], name="sent_since_to")]},
        ),
        leeward.tables.NewTable(
            name="SentSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=10)),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField()),
                ("found", models.PositiveIntegerField(default=0)),
            ],
        ),
    ]
