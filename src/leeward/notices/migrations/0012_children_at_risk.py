"""What an office for child protection is told about a child, what it is, and what it can answer."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0011_when_a_text_was_worded"),
        ("people", "0015_recordings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="service",
            field=models.CharField(
                blank=True,
                choices=[("advocacy", "advocacy"), ("social", "social"), ("helpline", "helpline")],
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="statement",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="referral",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("child_safe", "child_safe"),
                    ("identified", "identified"),
                    ("investigating", "investigating"),
                    ("passed_on", "passed_on"),
                    ("no_case", "no_case"),
                    ("not_traced", "not_traced"),
                    ("no_danger", "no_danger"),
                    ("other", "other"),
                    ("looked_after", "looked_after"),
                    ("no_answer", "no_answer"),
                ],
                default="",
                max_length=14,
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("kind", "protection")), fields=["hotline", "created_at"], name="referral_protection"
            ),
        ),
    ]
