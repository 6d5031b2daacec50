import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                ('received_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('receipt_hash', models.CharField(max_length=64, null=True, unique=True)),
                ('receipt_turn', models.PositiveSmallIntegerField(default=0)),
                ('once_digest', models.CharField(max_length=64, null=True, unique=True)),
                ('entered_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
            ],
        ),
        migrations.CreateModel(
            name='OutsideAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('typed', models.TextField()),
                ('display', models.TextField()),
                ('comparable', models.TextField()),
                ('service', models.CharField(blank=True, default='', max_length=100)),
                ('relation', models.CharField(max_length=10)),
                ('text', models.TextField()),
                ('contact', models.CharField(blank=True, default='', max_length=254)),
                ('language', models.CharField(default='en', max_length=20)),
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
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('report', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.report')),
            ],
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('typed', models.TextField(blank=True, default='')),
                ('display', models.TextField(blank=True, default='')),
                ('comparable', models.TextField(blank=True, default='')),
                ('service', models.CharField(blank=True, default='', max_length=100)),
                ('state', models.CharField(default='received', max_length=10)),
                ('reason', models.CharField(blank=True, default='', max_length=40)),
                ('state_changed_at', models.DateTimeField()),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='intake.report')),
            ],
        ),
        migrations.CreateModel(
            name='ReporterMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(max_length=15)),
                ('form', models.CharField(default='words', max_length=10)),
                ('text', models.TextField(blank=True, default='')),
                ('code', models.CharField(blank=True, default='', max_length=30)),
                ('texts', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('answers', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='intake.reportermessage')),
                ('asked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='intake.report')),
            ],
        ),
        migrations.CreateModel(
            name='ReviewRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, default='')),
                ('asked_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=10)),
                ('reasons', models.TextField(blank=True, default='')),
                ('statement', models.TextField(blank=True, default='')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='intake.report')),
            ],
        ),
        migrations.CreateModel(
            name='CannedQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('form', models.CharField(default='words', max_length=10)),
                ('texts', models.JSONField(blank=True, default=dict)),
                ('is_off', models.BooleanField(default=False)),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hotline', 'code'), name='one_question_per_code')],
            },
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['hotline', '-id'], name='report_newest'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['hotline', 'source', '-id'], name='report_by_source'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('contact', ''), _negated=True), fields=['hotline', 'closed_at'], name='report_contact_due'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('closed_at__isnull', False), ('receipt_hash__isnull', False)), fields=['hotline', 'closed_at'], name='report_receipt_due'),
        ),
        migrations.AddIndex(
            model_name='outsideappeal',
            index=models.Index(fields=['hotline', 'state', '-id'], name='outside_appeal_by_state'),
        ),
        migrations.AddIndex(
            model_name='outsideappeal',
            index=models.Index(condition=models.Q(('state', 'closed')), fields=['hotline', 'state_changed_at'], name='outside_appeal_done'),
        ),
        migrations.AddConstraint(
            model_name='reviewrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('report',), name='one_open_review'),
        ),
    ]
