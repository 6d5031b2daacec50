import django.db.models.deletion
import leeward.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('casework', '0001_initial'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        leeward.tables.NewTable(
            name='SamplingRates',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.hotline')),
                ('illegal_percent', models.PositiveSmallIntegerField()),
                ('closed_percent', models.PositiveSmallIntegerField()),
                ('untrained_percent', models.PositiveSmallIntegerField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
        ),
        leeward.tables.NewTable(
            name='TrainingRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_name', models.CharField(max_length=20)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('kappa', models.FloatField(null=True)),
                ('passed', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'by', '-id'], name='training_of_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True)), fields=('by',), name='training_one_open_run')],
            },
        ),
        leeward.tables.NewTable(
            name='TrainingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='quality.trainingrun')),
                ('item', models.PositiveSmallIntegerField()),
                ('facts', models.JSONField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'item'), name='training_answer_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Adjudication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.case')),
                ('first', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.assessment')),
                ('second', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.assessment')),
                ('state', models.CharField(default='open', max_length=10)),
                ('proposal', models.JSONField(null=True)),
                ('proposals', models.PositiveSmallIntegerField(default=0)),
                ('proposed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assessment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.assessment')),
                ('opened_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'state', '-id'], name='adjudication_open')],
            },
        ),
        leeward.tables.NewTable(
            name='ChangedDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.case')),
                ('assessment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.assessment')),
                ('why', models.CharField(max_length=10)),
                ('country', models.CharField(blank=True, default='', max_length=2)),
                ('before', models.CharField(max_length=20)),
                ('after', models.CharField(max_length=20)),
                ('found_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('seen_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'seen_at', '-id'], name='changed_unseen')],
                'constraints': [models.UniqueConstraint(fields=('assessment', 'why', 'country', 'after'), name='changed_decision_once')],
            },
        ),
        leeward.tables.NewTable(
            name='LawReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.hotline')),
                ('law_version', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
        ),
    ]
