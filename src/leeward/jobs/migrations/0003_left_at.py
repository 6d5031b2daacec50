"""Whether a worker ended as it should. Of those before this, nobody knows: none of them is missed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0002_clock_jumps'),
    ]

    operations = [
        migrations.AddField(
            model_name='workerbeat',
            name='left_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL('UPDATE jobs_workerbeat SET left_at = at', migrations.RunSQL.noop),
    ]
