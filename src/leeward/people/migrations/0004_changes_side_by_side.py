"""Changes of different things wait beside one another, also of what all portals of a hotline share."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_portal_changes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="portalchange",
            name="portal_change_one_waits",
        ),
        migrations.AddField(
            model_name="portalchange",
            name="about",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AlterField(
            model_name="portalchange",
            name="portal",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.portal"
            ),
        ),
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
                ],
                max_length=16,
            ),
        ),
    ]
