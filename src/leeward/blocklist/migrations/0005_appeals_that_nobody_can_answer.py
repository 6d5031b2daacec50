from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blocklist', '0004_appeals_with_time'),
    ]

    operations = [
        migrations.AddField(
            model_name='blockappeal',
            name='nobody_since',
            field=models.DateTimeField(null=True),
        ),
    ]
