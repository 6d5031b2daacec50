"""Another hotline to exchange reports with waits for a second person, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0008_keys_that_are_vouched_for")]

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
                ],
                max_length=16,
            ),
        ),
    ]
