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
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('kind', models.CharField(max_length=10)),
                ('under_18', models.BooleanField(default=False)),
                ('threat', models.CharField(blank=True, default='', max_length=10)),
                ('urgency', models.CharField(blank=True, default='', max_length=10)),
                ('marked_because', models.CharField(blank=True, default='', max_length=500)),
                ('language', models.CharField(default='en', max_length=20)),
                ('where', models.TextField(blank=True, default='')),
                ('words', models.TextField(blank=True, default='')),
                ('when_seen', models.CharField(default='unknown', max_length=10)),
                ('contact', models.CharField(blank=True, default='', max_length=254)),
                ('needs_login', models.BooleanField(default=False)),
                ('password', models.CharField(blank=True, default='', max_length=300)),
                ('referrer', models.CharField(blank=True, default='', max_length=2000)),
                ('source', models.CharField(default='form', max_length=10)),
                ('entered_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('received_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('receipt_hash', models.CharField(max_length=64, null=True, unique=True)),
                ('receipt_turn', models.PositiveSmallIntegerField(default=0)),
                ('once_digest', models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', '-id'], name='report_newest'), models.Index(fields=['hotline', 'source', '-id'], name='report_by_source'), models.Index(condition=models.Q(('contact', ''), _negated=True), fields=['hotline', 'closed_at'], name='report_contact_due'), models.Index(condition=models.Q(('closed_at__isnull', False), ('receipt_hash__isnull', False)), fields=['hotline', 'closed_at'], name='report_receipt_due')],
            },
        ),
        leeward.tables.NewTable(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='intake.report')),
                ('kind', models.CharField(max_length=20)),
                ('typed', models.TextField(blank=True, default='')),
                ('display', models.TextField(blank=True, default='')),
                ('comparable', models.TextField(blank=True, default='')),
                ('service', models.CharField(blank=True, default='', max_length=100)),
                ('state', models.CharField(default='received', max_length=10)),
                ('reason', models.CharField(blank=True, default='', max_length=40)),
                ('state_changed_at', models.DateTimeField()),
            ],
        ),
        leeward.tables.NewTable(
            name='ReporterMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='intake.report')),
                ('direction', models.CharField(max_length=15)),
                ('form', models.CharField(default='words', max_length=10)),
                ('text', models.TextField(blank=True, default='')),
                ('code', models.CharField(blank=True, default='', max_length=30)),
                ('texts', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answers', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='intake.reportermessage')),
                ('answered_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        leeward.tables.NewTable(
            name='CannedQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('code', models.CharField(max_length=30)),
                ('form', models.CharField(default='words', max_length=10)),
                ('texts', models.JSONField(blank=True, default=dict)),
                ('is_off', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hotline', 'code'), name='one_question_per_code')],
            },
        ),
        leeward.tables.NewTable(
            name='ReviewRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='intake.report')),
                ('text', models.TextField(blank=True, default='')),
                ('asked_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=10)),
                ('reasons', models.TextField(blank=True, default='')),
                ('statement', models.TextField(blank=True, default='')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('report',), name='one_open_review')],
            },
        ),
        leeward.tables.NewTable(
            name='OutsideAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('kind', models.CharField(max_length=20)),
                ('typed', models.TextField()),
                ('display', models.TextField()),
                ('comparable', models.TextField()),
                ('service', models.CharField(blank=True, default='', max_length=100)),
                ('relation', models.CharField(max_length=10)),
                ('text', models.TextField()),
                ('contact', models.CharField(blank=True, default='', max_length=254)),
                ('language', models.CharField(default='en', max_length=20)),
                ('report', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.report')),
                ('state', models.CharField(default='received', max_length=10)),
                ('outcome', models.CharField(blank=True, default='', max_length=10)),
                ('reasons', models.TextField(blank=True, default='')),
                ('statement', models.TextField(blank=True, default='')),
                ('state_changed_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('receipt_hash', models.CharField(max_length=64, null=True, unique=True)),
                ('receipt_turn', models.PositiveSmallIntegerField(default=0)),
                ('once_digest', models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'state', '-id'], name='outside_appeal_by_state'), models.Index(condition=models.Q(('state', 'closed')), fields=['hotline', 'state_changed_at'], name='outside_appeal_done')],
            },
        ),
    ]
