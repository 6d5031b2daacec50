"""Between which moments rows of one hotline were lost that its log speaks of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("backup", "0005_facts_of_the_log")]

    operations = [
        migrations.CreateModel(
            name="LostTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hotline_number", models.BigIntegerField(unique=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("matters", models.PositiveIntegerField()),
            ],
        ),
    ]
