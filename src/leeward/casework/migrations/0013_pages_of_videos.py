from django.db import migrations, models


class Migration(migrations.Migration):
    """A long video is looked at in pages, each a look of its own."""

    dependencies = [
        ('casework', '0012_merge_of_decided'),
    ]

    operations = [
        migrations.AddField(
            model_name='view',
            name='page',
            field=models.PositiveIntegerField(default=1),
        ),
    ]
