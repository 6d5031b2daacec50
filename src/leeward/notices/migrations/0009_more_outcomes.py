"""Two more outcomes of a referral: somebody was identified, no case is opened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0008_released_with_a_second_person"),
    ]

    operations = [
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
                ],
                default="",
                max_length=14,
            ),
        ),
    ]
