"""A change of the installation's mailbox, name servers, proxies or of the police's time waits for a second person, too;
and whoever asks to open a portal leaves on record what was open on its checklist."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_the_mail_server_takes_two")]

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
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="portalchange",
            name="missing",
            field=models.JSONField(default=list),
        ),
    ]
