import django.db.models.deletion
import leeward.blocklist.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('hosting', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BlockList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('national', 'national'), ('worst_of', 'worst_of'), ('partner', 'partner')], max_length=10)),
                ('country', models.CharField(max_length=2)),
                ('source', models.CharField(blank=True, default='', max_length=80)),
                ('review_days', models.PositiveSmallIntegerField(default=90)),
                ('is_open', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField()),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.BigIntegerField(null=True)),
                ('case_reference', models.CharField(blank=True, default='', max_length=20)),
                ('case_people', models.JSONField(default=leeward.blocklist.models.no_names)),
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
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('approved', 'approved'), ('suspended', 'suspended'), ('removed', 'removed'), ('refused', 'refused')], max_length=10)),
                ('state_at', models.DateTimeField()),
                ('ending', models.CharField(blank=True, default='', max_length=10)),
                ('ending_words', models.CharField(blank=True, default='', max_length=500)),
                ('proposed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('review_on', models.DateField()),
                ('misses', models.PositiveSmallIntegerField(default=0)),
                ('checked_at', models.DateTimeField(null=True)),
                ('check_outcome', models.CharField(blank=True, default='', max_length=12)),
                ('approved_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='blocklist.blocklist')),
                ('location', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hosting.location')),
                ('proposed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='BlockAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outside_id', models.BigIntegerField()),
                ('relation', models.CharField(max_length=10)),
                ('words', models.TextField(blank=True, default='')),
                ('state', models.CharField(default='open', max_length=10)),
                ('is_stranded', models.BooleanField(default=False)),
                ('nobody_since', models.DateTimeField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reasons', models.TextField(blank=True, default='')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='blocklist.entry')),
            ],
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=80)),
                ('form', models.CharField(max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('good', models.PositiveIntegerField()),
                ('bad', models.PositiveIntegerField()),
                ('added', models.PositiveIntegerField()),
                ('removed', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='blocklist.blocklist')),
            ],
        ),
        migrations.AddField(
            model_name='entry',
            name='imported',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='blocklist.import'),
        ),
        migrations.CreateModel(
            name='NameList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('platforms', 'platforms'), ('popular', 'popular'), ('government', 'government')], max_length=10)),
                ('as_of', models.DateField()),
                ('source', models.CharField(max_length=200)),
                ('content', models.TextField()),
                ('names', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
            ],
        ),
        migrations.AddConstraint(
            model_name='blocklist',
            constraint=models.UniqueConstraint(fields=('hotline', 'name'), name='block_list_once'),
        ),
        migrations.AddIndex(
            model_name='blockappeal',
            index=models.Index(fields=['hotline', 'state', 'id'], name='block_appeal_open'),
        ),
        migrations.AddConstraint(
            model_name='blockappeal',
            constraint=models.UniqueConstraint(fields=('entry', 'outside_id'), name='block_appeal_once'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['hotline', 'list', 'state', '-id'], name='entry_by_state'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['list', '-id'], name='entry_newest'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['list', 'scope', '-id'], name='entry_by_scope'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('state', 'proposed')), fields=['hotline', 'id'], name='entry_queue'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['hotline', 'host'], name='entry_host'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['hotline', 'digest'], name='entry_digest'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('case_id__isnull', False)), fields=['hotline', 'case_id'], name='entry_of_case'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('location__isnull', False)), fields=['hotline', 'location'], name='entry_of_location'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('source', ''), ('state', 'approved')), fields=['hotline', 'review_on'], name='entry_review_due'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('state', 'approved')), fields=['list', 'checked_at', 'id'], name='entry_check_due'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('proposed', 'approved', 'suspended'))), fields=('list', 'digest', 'scope'), name='entry_once'),
        ),
        migrations.AddIndex(
            model_name='namelist',
            index=models.Index(fields=['hotline', 'kind', '-id'], name='name_list_newest'),
        ),
    ]
