"""What a portal says that its police do, and who reviewed it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0013_mode_of_a_portal")]

    operations = [
        migrations.AddField("portal", "police_words", models.JSONField(blank=True, default=dict)),
        migrations.AddField("portal", "police_words_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "portal",
            "police_words_by",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.user"
            ),
        ),
        migrations.AlterField(
            "portalchange",
            "what",
            models.CharField(
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
                ],
                max_length=16,
            ),
        ),
    ]
