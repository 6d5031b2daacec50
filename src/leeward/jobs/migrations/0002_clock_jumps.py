"""What shows that the clock of a machine jumped, and which jumps nobody has settled."""

import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='set_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='workerbeat',
            name='boot_id',
            field=models.CharField(db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='workerbeat',
            name='running',
            field=models.FloatField(null=True),
        ),
        leeward.tables.NewTable(
            name='ClockJump',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.CharField(max_length=100)),
                ('before', models.DateTimeField()),
                ('after', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(default='', max_length=40)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['id'], name='clock_jump_open')],
            },
        ),
    ]
