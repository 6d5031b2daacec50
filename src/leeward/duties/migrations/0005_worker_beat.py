from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0004_hung"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkerBeat",
            fields=[
                ("owner", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
