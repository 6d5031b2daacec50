import django.db.models.deletion
import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        # Django comes here early, with few tables yet: those of allauth, which it changes twice, cost 0.25 s more after all of ours.
        ('mfa', '0003_authenticator_type_uniq'),
        ('people', '0001_initial'),
    ]

    operations = [
        leeward.tables.NewTable(
            name='ReferralTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('to', models.EmailField(max_length=254)),
                ('asked_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('code', models.PositiveIntegerField(default=0)),
                ('problem', models.CharField(blank=True, default='', max_length=40)),
                ('confirmed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['portal', '-id'], name='referral_test_newest')],
            },
        ),
    ]
