"""A change of the installation's mail server waits for a second person, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_plain_names")]

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
                ],
                max_length=16,
            ),
        ),
    ]
