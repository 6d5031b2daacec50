"""Recordings of public pages."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from leeward.tables import NewTable


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0014_what_the_police_do"),
    ]

    operations = [
        migrations.AlterField(
            model_name="portalchange",
            name="what",
            field=models.CharField(
                choices=[
                    ("portal", "portal"),
                    ("on_call_mail", "on_call_mail"),
                    ("page_webhook", "page_webhook"),
                    ("hotline", "hotline"),
                    ("police_contact", "police_contact"),
                    ("police_text", "police_text"),
                    ("mail_server", "mail_server"),
                    ("installation", "installation"),
                    ("peer", "peer"),
                    ("helpline", "helpline"),
                    ("police_words", "police_words"),
                    ("recording", "recording"),
                ],
                max_length=16,
            ),
        ),
        NewTable(
            name="Recording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "page",
                    models.CharField(
                        choices=[("report", "report"), ("receipt", "receipt"), ("talk", "talk")], max_length=8
                    ),
                ),
                ("language", models.CharField(max_length=20)),
                (
                    "media_type",
                    models.CharField(
                        choices=[("audio/mpeg", "audio/mpeg"), ("audio/mp4", "audio/mp4"), ("audio/ogg", "audio/ogg")],
                        max_length=10,
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("seconds", models.PositiveSmallIntegerField()),
                ("body", models.BinaryField()),
                ("is_shown", models.BooleanField(default=False)),
                ("kept_at", models.DateTimeField()),
                (
                    "kept_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recordings", to="people.portal"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("portal", "page", "language", "is_shown"), name="recording_once")
                ],
            },
        ),
    ]
