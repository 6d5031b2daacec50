import django.db.models.deletion
import leeward.blocklist.models
import leeward.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('hosting', '0001_initial'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        leeward.tables.NewTable(
            name='BlockList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('name', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('national', 'national'), ('worst_of', 'worst_of'), ('partner', 'partner')], max_length=10)),
                ('country', models.CharField(max_length=2)),
                ('source', models.CharField(blank=True, default='', max_length=80)),
                ('review_days', models.PositiveSmallIntegerField(default=90)),
                ('is_open', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hotline', 'name'), name='block_list_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='blocklist.blocklist')),
                ('source', models.CharField(max_length=80)),
                ('form', models.CharField(max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('good', models.PositiveIntegerField()),
                ('bad', models.PositiveIntegerField()),
                ('added', models.PositiveIntegerField()),
                ('removed', models.PositiveIntegerField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
        ),
        leeward.tables.NewTable(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='blocklist.blocklist')),
                ('case_id', models.BigIntegerField(null=True)),
                ('case_reference', models.CharField(blank=True, default='', max_length=20)),
                ('case_people', models.JSONField(default=leeward.blocklist.models.no_names)),
                ('location', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hosting.location')),
                ('scope', models.CharField(max_length=6)),
                ('address', models.TextField(blank=True, default='')),
                ('comparable', models.TextField()),
                ('host', models.CharField(max_length=255)),
                ('digest', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('basis', models.CharField(blank=True, default='', max_length=500)),
                ('basis_version', models.CharField(blank=True, default='', max_length=80)),
                ('tried_by', models.CharField(blank=True, default='', max_length=10)),
                ('tried_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.JSONField(default=leeward.blocklist.models.no_names)),
                ('source', models.CharField(blank=True, default='', max_length=80)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('imported', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='blocklist.import')),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('approved', 'approved'), ('suspended', 'suspended'), ('removed', 'removed'), ('refused', 'refused')], max_length=10)),
                ('state_at', models.DateTimeField()),
                ('ending', models.CharField(blank=True, default='', max_length=10)),
                ('ending_words', models.CharField(blank=True, default='', max_length=500)),
                ('proposed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_at', models.DateTimeField(null=True)),
                ('review_on', models.DateField()),
                ('misses', models.PositiveSmallIntegerField(default=0)),
                ('checked_at', models.DateTimeField(null=True)),
                ('check_outcome', models.CharField(blank=True, default='', max_length=12)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'list', 'state', '-id'], name='entry_by_state'), models.Index(fields=['list', '-id'], name='entry_newest'), models.Index(fields=['list', 'scope', '-id'], name='entry_by_scope'), models.Index(condition=models.Q(('state', 'proposed')), fields=['hotline', 'id'], name='entry_queue'), models.Index(fields=['hotline', 'host'], name='entry_host'), models.Index(fields=['hotline', 'digest'], name='entry_digest'), models.Index(condition=models.Q(('case_id__isnull', False)), fields=['hotline', 'case_id'], name='entry_of_case'), models.Index(condition=models.Q(('location__isnull', False)), fields=['hotline', 'location'], name='entry_of_location'), models.Index(condition=models.Q(('source', ''), ('state', 'approved')), fields=['hotline', 'review_on'], name='entry_review_due'), models.Index(condition=models.Q(('state', 'approved')), fields=['list', 'checked_at', 'id'], name='entry_check_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('proposed', 'approved', 'suspended'))), fields=('list', 'digest', 'scope'), name='entry_once')],
            },
        ),
        leeward.tables.NewTable(
            name='BlockAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='blocklist.entry')),
                ('outside_id', models.BigIntegerField()),
                ('relation', models.CharField(max_length=10)),
                ('words', models.TextField(blank=True, default='')),
                ('state', models.CharField(default='open', max_length=10)),
                ('is_stranded', models.BooleanField(default=False)),
                ('nobody_since', models.DateTimeField(null=True)),
                ('portal', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reasons', models.TextField(blank=True, default='')),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'state', 'id'], name='block_appeal_open')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'outside_id'), name='block_appeal_once')],
            },
        ),
        leeward.tables.NewTable(
            name='NameList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('kind', models.CharField(choices=[('platforms', 'platforms'), ('popular', 'popular'), ('government', 'government')], max_length=10)),
                ('as_of', models.DateField()),
                ('source', models.CharField(max_length=200)),
                ('content', models.TextField()),
                ('names', models.PositiveIntegerField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'kind', '-id'], name='name_list_newest')],
            },
        ),
    ]
