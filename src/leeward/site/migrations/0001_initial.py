import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        leeward.tables.NewTable(
            name='SentAlarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('hotline_id', models.BigIntegerField()),
                ('since', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'hotline_id'), name='alarm_once')],
            },
        ),
    ]
