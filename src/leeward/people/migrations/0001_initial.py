import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import leeward.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        leeward.tables.NewTable(
            name='Hotline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=31, unique=True, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9-]{1,30}$', 'Small letters, digits and hyphens; a letter first.')])),
                ('name', models.CharField(max_length=120)),
                ('country', models.CharField(max_length=2)),
                ('mode', models.CharField(choices=[('assess', 'assesses'), ('post_box', 'passes on to the police')], default='assess', max_length=10)),
                ('email', models.EmailField(blank=True, default='', max_length=254)),
                ('notify_foreign_hosts', models.BooleanField(default=False)),
                ('unused_parts', models.JSONField(blank=True, default=list)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        leeward.tables.NewTable(
            name='Portal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='portals', to='people.hotline')),
                ('slug', models.CharField(max_length=31, unique=True, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9-]{1,30}$', 'Small letters, digits and hyphens; a letter first.')])),
                ('name', models.CharField(max_length=120)),
                ('country', models.CharField(max_length=2)),
                ('languages', models.JSONField(default=list)),
                ('emergency_number', models.CharField(blank=True, default='', max_length=40)),
                ('helpline_name', models.CharField(blank=True, default='', max_length=120)),
                ('helpline_number', models.CharField(blank=True, default='', max_length=40)),
                ('police_name', models.CharField(blank=True, default='', max_length=120)),
                ('police_email', models.EmailField(blank=True, default='', max_length=254)),
                ('police_on_danger', models.CharField(choices=[('at_once', 'at_once'), ('after_look', 'after_look'), ('after_assessment', 'after_assessment')], default='at_once', max_length=16)),
                ('police_on_urgent', models.CharField(choices=[('at_once', 'at_once'), ('after_look', 'after_look'), ('after_assessment', 'after_assessment')], default='after_look', max_length=16)),
                ('exit_url', models.URLField(default='https://www.bbc.com/weather')),
                ('time_zone', models.CharField(default='UTC', max_length=60)),
                ('working_days', models.JSONField(default=list)),
                ('follows_holidays', models.BooleanField(default=False)),
                ('holidays', models.JSONField(blank=True, default=list)),
                ('worked_holidays', models.JSONField(blank=True, default=list)),
                ('is_open', models.BooleanField(default=True)),
                ('takes_reports', models.BooleanField(default=True)),
            ],
        ),
        leeward.tables.NewTable(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='people.hotline')),
                ('roles', models.JSONField(blank=True, default=list)),
                ('languages', models.JSONField(blank=True, default=list)),
                ('countries', models.JSONField(blank=True, default=list)),
                ('away_from', models.DateField(blank=True, null=True)),
                ('away_until', models.DateField(blank=True, null=True)),
                ('is_active', models.BooleanField(default=True)),
                ('must_change_password', models.BooleanField(default=False)),
                ('session_epoch', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        leeward.tables.NewTable(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
                ('role', models.CharField(max_length=20)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', '-id'], name='role_grant_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('account', 'role'), name='role_given_once')],
            },
        ),
        leeward.tables.NewTable(
            name='SecondFactorReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.hotline')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('', 'open'), ('approved', 'approved'), ('refused', 'refused')], default='', max_length=10)),
            ],
        ),
        leeward.tables.NewTable(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='people.hotline')),
                ('name', models.CharField(max_length=80)),
                ('agency', models.CharField(blank=True, default='', max_length=120)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scopes', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('expires_on', models.DateField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('last_used_on', models.DateField(null=True)),
            ],
        ),
        leeward.tables.NewTable(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='people.hotline')),
                ('email', models.EmailField(max_length=254)),
                ('name', models.CharField(max_length=80)),
                ('roles', models.JSONField(default=list)),
                ('languages', models.JSONField(blank=True, default=list)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('links', models.PositiveIntegerField(default=1)),
                ('mail_state', models.CharField(default='waiting', max_length=8)),
                ('mail_problem', models.CharField(blank=True, default='', max_length=40)),
                ('mail_code', models.PositiveIntegerField(default=0)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', '-id'], name='invitation_newest')],
            },
        ),
        leeward.tables.NewTable(
            name='OutsideReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('matter', models.CharField(choices=[('case', 'case'), ('appeal', 'appeal'), ('entry', 'entry')], max_length=8)),
                ('subject_id', models.BigIntegerField()),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'state'], name='outside_review_mine')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('hotline', 'matter', 'subject_id'), name='outside_review_one_at_a_time')],
            },
        ),
    ]
