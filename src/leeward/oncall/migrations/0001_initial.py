import django.db.models.deletion
import leeward.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('intake', '0001_initial'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        leeward.tables.NewTable(
            name='OnCallPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('is_on', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('portal', 'person'), name='on_call_once')],
            },
        ),
        leeward.tables.NewTable(
            name='PageWebhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('person', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('url', models.CharField(max_length=500)),
                ('serial', models.PositiveIntegerField(default=1)),
                ('set_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('portal__isnull', True)), models.Q(('person__isnull', True), ('portal__isnull', False)), _connector='OR'), name='page_webhook_has_one_owner')],
            },
        ),
        leeward.tables.NewTable(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('kind', models.CharField(choices=[('urgent', 'urgent'), ('test', 'test')], default='urgent', max_length=6)),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rounds', models.PositiveIntegerField(default=0)),
                ('round_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('how', models.CharField(blank=True, choices=[('link', 'link'), ('desk', 'desk'), ('case', 'case'), ('not_urgent', 'not_urgent'), ('ended', 'ended')], default='', max_length=10)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', '-id'], name='page_newest'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['hotline', 'id'], name='page_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('portal', 'kind'), name='one_open_page_per_portal')],
            },
        ),
        leeward.tables.NewTable(
            name='PagedReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='oncall.page')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.report')),
                ('urgency', models.CharField(max_length=10)),
                ('is_rehearsal', models.BooleanField(default=False)),
                ('received_at', models.DateTimeField()),
                ('added_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('taken_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        leeward.tables.NewTable(
            name='PageMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='oncall.page')),
                ('round', models.PositiveIntegerField()),
                ('way', models.CharField(choices=[('mail', 'mail'), ('webhook', 'webhook')], max_length=7)),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('webhook', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='oncall.pagewebhook')),
                ('to', models.CharField(max_length=500)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sending', 'sending'), ('sent', 'sent'), ('unsure', 'unsure'), ('dead', 'dead'), ('stopped', 'stopped')], default='waiting', max_length=8)),
                ('created_at', models.DateTimeField()),
                ('sending_since', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('code', models.PositiveIntegerField(default=0)),
                ('problem', models.CharField(blank=True, default='', max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('page', 'round', 'way', 'to'), name='page_message_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='oncall.page')),
                ('message', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oncall.pagemessage')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('how', models.CharField(choices=[('link', 'link'), ('desk', 'desk'), ('case', 'case'), ('not_urgent', 'not_urgent'), ('ended', 'ended')], max_length=10)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('page', 'person'), name='acknowledged_once')],
            },
        ),
    ]
