from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_no_replacing"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyPrint",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("print", models.CharField(max_length=64)),
                ("kept_at", models.DateTimeField()),
            ],
        ),
    ]
