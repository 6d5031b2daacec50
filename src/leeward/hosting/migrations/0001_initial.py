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
            name='Location',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('kind', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=64)),
                ('display', models.TextField()),
                ('comparable', models.TextField()),
                ('service', models.CharField(blank=True, default='', max_length=100)),
                ('host', models.CharField(blank=True, default='', max_length=255)),
                ('access', models.JSONField(blank=True, default=dict)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'host'], name='location_host')],
                'constraints': [models.UniqueConstraint(fields=('hotline', 'key'), name='location_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='hosting.location')),
                ('kind', models.CharField(max_length=24)),
                ('value', models.TextField()),
                ('source', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('corrected_by', models.CharField(blank=True, default='', max_length=40)),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['location', 'kind', '-at'], name='finding_latest')],
            },
        ),
        leeward.tables.NewTable(
            name='Fetch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fetches', to='hosting.location')),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(max_length=24)),
                ('reason', models.CharField(blank=True, default='', max_length=32)),
                ('status', models.PositiveIntegerField(default=0)),
                ('final_url', models.TextField(blank=True, default='')),
                ('content_type', models.CharField(blank=True, default='', max_length=100)),
                ('bytes', models.PositiveBigIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('words', models.CharField(blank=True, default='', max_length=16)),
                ('files_named', models.PositiveIntegerField(default=0)),
                ('tls_problem', models.CharField(blank=True, default='', max_length=120)),
                ('duration_ms', models.PositiveIntegerField(default=0)),
                ('waiting', models.PositiveIntegerField(default=0)),
                ('on_behalf', models.CharField(blank=True, default='', max_length=40)),
            ],
            options={
                'indexes': [models.Index(fields=['location', '-at'], name='fetch_latest')],
            },
        ),
        leeward.tables.NewTable(
            name='FoundFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('fetch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='hosting.fetch')),
                ('position', models.PositiveIntegerField()),
                ('url', models.TextField()),
                ('media', models.CharField(max_length=8)),
                ('problem', models.CharField(blank=True, default='', max_length=32)),
                ('content_type', models.CharField(blank=True, default='', max_length=100)),
                ('bytes', models.PositiveBigIntegerField(default=0)),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('md5', models.CharField(blank=True, default='', max_length=32)),
                ('sha1', models.CharField(blank=True, default='', max_length=40)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('pdq', models.CharField(blank=True, default='', max_length=64)),
                ('pdq_quality', models.PositiveIntegerField(default=0)),
                ('pdq_nn512', models.CharField(blank=True, default='', max_length=64)),
                ('licensed', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'sha256'], name='found_file_sha256'), models.Index(fields=['hotline', 'md5'], name='found_file_md5'), models.Index(fields=['hotline', 'sha1'], name='found_file_sha1'), models.Index(fields=['hotline', 'pdq'], name='found_file_pdq')],
            },
        ),
    ]
