import django.db.models.deletion
import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        leeward.tables.NewTable(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('location_id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('up', 'up'), ('missing', 'missing'), ('removed', 'removed'), ('unreachable', 'unreachable'), ('off', 'off')], default='up', max_length=12)),
                ('since', models.DateTimeField()),
                ('misses', models.PositiveIntegerField(default=0)),
                ('last_good_at', models.DateTimeField(null=True)),
                ('first_miss_at', models.DateTimeField(null=True)),
                ('last_miss_at', models.DateTimeField(null=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('unreachable_since', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'state', 'next_at'], name='watch_state')],
                'constraints': [models.UniqueConstraint(fields=('hotline', 'location_id'), name='watch_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('watch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='monitoring.watch')),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('same', 'same'), ('changed', 'changed'), ('gone', 'gone'), ('unreachable', 'unreachable')], max_length=12)),
                ('counted', models.BooleanField()),
                ('status', models.PositiveIntegerField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=60)),
                ('distance_bits', models.PositiveIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['watch', '-at'], name='check_newest')],
            },
        ),
    ]
