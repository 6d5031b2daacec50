"""A receiver of reports, a partner and the police’s number for those on call take two people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0016_emergency_number_confirmed"),
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
                    ("receiver", "receiver"),
                    ("partner", "partner"),
                    ("police_number", "police_number"),
                ],
                max_length=16,
            ),
        ),
    ]
