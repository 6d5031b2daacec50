import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        leeward.tables.NewTable(
            name='AuditRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.BigIntegerField()),
                ('number', models.BigIntegerField()),
                ('at', models.CharField(max_length=40)),
                ('event', models.CharField(max_length=80)),
                ('actor', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=80)),
                ('facts', models.TextField()),
                ('facts_sha256', models.CharField(max_length=64)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['chain', 'subject', 'number'], name='audit_row_subject')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='audit_row_once')],
            },
        ),
        leeward.tables.NewTable(
            name='AuditTip',
            fields=[
                ('chain', models.BigIntegerField(primary_key=True, serialize=False)),
                ('number', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('at', models.CharField(max_length=40)),
                ('signature', models.CharField(max_length=128)),
            ],
        ),
        leeward.tables.NewTable(
            name='AuditHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.BigIntegerField()),
                ('number', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('at', models.CharField(max_length=40)),
                ('signature', models.CharField(max_length=128)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='audit_head_once')],
            },
        ),
        leeward.tables.NewTable(
            name='KeyPrint',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('print', models.CharField(max_length=64)),
                ('kept_at', models.DateTimeField()),
            ],
        ),
    ]
