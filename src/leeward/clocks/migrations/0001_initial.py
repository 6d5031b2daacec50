import django.db.models.deletion
import leeward.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        leeward.tables.NewTable(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('kind', models.CharField(max_length=24)),
                ('number', models.PositiveIntegerField()),
                ('amount', models.FloatField()),
                ('unit', models.CharField(max_length=12)),
                ('pauses', models.JSONField(default=list)),
                ('steps', models.JSONField(default=dict)),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('since', models.DateTimeField()),
                ('is_current', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('portal', 'kind', 'number'), name='clock_rule_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('case_id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=24)),
                ('about_id', models.BigIntegerField(default=0)),
                ('run', models.PositiveIntegerField(default=1)),
                ('rule_kind', models.CharField(max_length=24)),
                ('rule', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clocks.ruleversion')),
                ('law', models.TextField(default='')),
                ('law_hours', models.FloatField(null=True)),
                ('state', models.CharField(default='running', max_length=8)),
                ('started_at', models.DateTimeField()),
                ('not_before', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('pause_reason', models.CharField(default='', max_length=12)),
                ('pauses', models.JSONField(default=list)),
                ('met_at', models.DateTimeField(null=True)),
                ('holder_id', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'running')), fields=['hotline', 'kind', 'due_at'], name='clock_running'), models.Index(condition=models.Q(('state', 'paused')), fields=['hotline', 'kind', 'paused_at'], name='clock_paused'), models.Index(condition=models.Q(('state__in', ('running', 'paused'))), fields=['portal', 'rule_kind', 'id'], name='clock_of_rule')],
                'constraints': [models.UniqueConstraint(fields=('case_id', 'kind', 'about_id'), name='clock_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='escalations', to='clocks.clock')),
                ('run', models.PositiveIntegerField()),
                ('act', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('to_id', models.BigIntegerField(null=True)),
                ('outcome', models.CharField(default='', max_length=12)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', '-at'], name='escalation_newest')],
                'constraints': [models.UniqueConstraint(fields=('clock', 'run', 'act'), name='escalation_once')],
            },
        ),
        leeward.tables.NewTable(
            name='OnCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.portal')),
                ('email', models.EmailField(max_length=254)),
            ],
        ),
    ]
