import django.db.models.deletion
import django.db.models.functions.datetime
import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('blocklist', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        leeward.tables.NewTable(
            name='ListSettings',
            fields=[
                ('hotline', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='people.hotline')),
                ('test_domain', models.CharField(blank=True, default='', max_length=200)),
                ('canary_domains', models.JSONField(default=list)),
                ('zone_suffix', models.CharField(blank=True, default='', max_length=200)),
                ('primary_name', models.CharField(blank=True, default='', max_length=200)),
                ('mailbox_name', models.CharField(blank=True, default='', max_length=200)),
                ('stop_name', models.CharField(blank=True, default='', max_length=200)),
                ('stop_addresses', models.JSONField(default=list)),
                ('gives_networks', models.BooleanField(default=False)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        leeward.tables.NewTable(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='blocklist.blocklist')),
                ('state', models.CharField(choices=[('published', 'published'), ('stopped', 'stopped')], max_length=10)),
                ('serial', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('why', models.CharField(choices=[('duty', 'duty'), ('removal', 'removal'), ('person', 'person'), ('rollback', 'rollback'), ('subscriber', 'subscriber')], max_length=10)),
                ('back_to', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.publication')),
                ('only_removals', models.BooleanField(default=False)),
                ('entries', models.PositiveIntegerField()),
                ('by_scope', models.JSONField(default=dict)),
                ('added', models.PositiveIntegerField()),
                ('removed', models.PositiveIntegerField()),
                ('failures', models.JSONField(default=list)),
                ('accepted', models.JSONField(default=list)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('signature', models.CharField(blank=True, default='', max_length=100)),
            ],
            options={
                'indexes': [models.Index(fields=['list', '-id'], name='publication_newest'), models.Index(fields=['list', 'state', '-id'], name='publication_by_state')],
                'constraints': [models.UniqueConstraint(fields=('list', 'serial'), name='publication_serial_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Hold',
            fields=[
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('list', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='blocklist.blocklist')),
                ('reason', models.CharField(max_length=300)),
                ('then_sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        leeward.tables.NewTable(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('slug', models.SlugField(db_index=False, max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('access', 'access'), ('mobile', 'mobile'), ('search', 'search'), ('host', 'host'), ('school', 'school'), ('other', 'other')], max_length=10)),
                ('contact', models.CharField(blank=True, default='', max_length=200)),
                ('formats', models.JSONField(default=list)),
                ('is_trusted', models.BooleanField(default=False)),
                ('takes_plain_addresses', models.BooleanField(default=False)),
                ('certificate', models.TextField(blank=True, default='')),
                ('dns_action', models.CharField(choices=[('no_such_name', 'no_such_name'), ('stop_name', 'stop_name'), ('stop_addresses', 'stop_addresses')], default='no_such_name', max_length=14)),
                ('notify', models.JSONField(default=list)),
                ('token', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.apitoken')),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ended_at', models.DateTimeField(null=True)),
                ('alarm', models.CharField(blank=True, default='', max_length=20)),
                ('alarm_at', models.DateTimeField(null=True)),
                ('lists', models.ManyToManyField(related_name='+', to='blocklist.blocklist')),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'name', 'id'], name='subscriber_by_name')],
                'constraints': [models.UniqueConstraint(fields=('hotline', 'slug'), name='subscriber_slug_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Fetch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('subscriber', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='fetches', to='publishing.subscriber')),
                ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='blocklist.blocklist')),
                ('form', models.CharField(max_length=12)),
                ('serial', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subscriber', 'list', 'form'), name='fetch_once')],
            },
        ),
        leeward.tables.NewTable(
            name='ListTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('subscriber', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tests', to='publishing.subscriber')),
                ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='blocklist.blocklist')),
                ('quarter', models.CharField(max_length=7)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, default='', max_length=7)),
                ('answered_at', models.DateTimeField(null=True)),
                ('by_programme', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'quarter'], name='list_test_quarter')],
                'constraints': [models.UniqueConstraint(fields=('subscriber', 'list', 'quarter'), name='list_test_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('subscriber', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='publishing.subscriber')),
                ('commitment', models.CharField(choices=[('support_hotline', 'support_hotline'), ('notice_and_takedown', 'notice_and_takedown'), ('block_list', 'block_list')], max_length=20)),
                ('on', models.DateField()),
                ('words', models.CharField(max_length=500)),
                ('source', models.CharField(blank=True, default='', max_length=300)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'subscriber', '-on', '-id'], name='evidence_newest')],
            },
        ),
        leeward.tables.NewTable(
            name='StopCount',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('shown', models.PositiveBigIntegerField(default=0)),
            ],
        ),
    ]
