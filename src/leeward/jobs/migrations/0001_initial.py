import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        leeward.tables.NewTable(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=100)),
                ('subject_id', models.BigIntegerField()),
                ('hotline_id', models.BigIntegerField(default=0)),
                ('urgent', models.BooleanField(default=False)),
                ('due_at', models.DateTimeField()),
                ('leased_until', models.DateTimeField(null=True)),
                ('leased_by', models.CharField(default='', max_length=100)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('begun', models.PositiveIntegerField(default=0)),
                ('hung', models.PositiveIntegerField(default=0)),
                ('generation', models.PositiveIntegerField(default=1)),
                ('dead', models.BooleanField(default=False)),
                ('problem', models.CharField(default='', max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('dead', False), ('urgent', True)), fields=['due_at', 'id'], name='job_due_urgent'), models.Index(condition=models.Q(('dead', False), ('urgent', False)), fields=['due_at', 'id'], name='job_due_ordinary'), models.Index(condition=models.Q(('dead', True)), fields=['hotline_id', '-id'], name='job_dead')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject_id', 'hotline_id'), name='job_once')],
            },
        ),
        leeward.tables.NewTable(
            name='WorkerBeat',
            fields=[
                ('owner', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
    ]
