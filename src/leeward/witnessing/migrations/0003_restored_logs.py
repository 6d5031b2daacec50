"""What a watched log says of itself: that it was restored from a backup."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("witnessing", "0002_by_chain"),
    ]

    operations = [
        migrations.AddField(
            model_name="watchedlog",
            name="backup_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="watchedlog",
            name="restored_at",
            field=models.DateTimeField(null=True),
        ),
    ]
