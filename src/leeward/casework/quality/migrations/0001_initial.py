import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('casework', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LawReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('law_version', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('hotline', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.hotline')),
            ],
        ),
        migrations.CreateModel(
            name='SamplingRates',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('illegal_percent', models.PositiveSmallIntegerField()),
                ('closed_percent', models.PositiveSmallIntegerField()),
                ('untrained_percent', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotline', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.hotline')),
            ],
        ),
        migrations.CreateModel(
            name='TrainingRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('set_name', models.CharField(max_length=20)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('kappa', models.FloatField(null=True)),
                ('passed', models.BooleanField(default=False)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
            ],
        ),
        migrations.CreateModel(
            name='TrainingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.PositiveSmallIntegerField()),
                ('facts', models.JSONField()),
                ('at', models.DateTimeField()),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='quality.trainingrun')),
            ],
        ),
        migrations.CreateModel(
            name='Adjudication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='open', max_length=10)),
                ('proposal', models.JSONField(null=True)),
                ('proposals', models.PositiveSmallIntegerField(default=0)),
                ('opened_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('assessment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.assessment')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.case')),
                ('first', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.assessment')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('proposed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.assessment')),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'state', '-id'], name='adjudication_open')],
            },
        ),
        migrations.CreateModel(
            name='ChangedDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=10)),
                ('country', models.CharField(blank=True, default='', max_length=2)),
                ('before', models.CharField(max_length=20)),
                ('after', models.CharField(max_length=20)),
                ('found_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.assessment')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.case')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('seen_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'seen_at', '-id'], name='changed_unseen')],
                'constraints': [models.UniqueConstraint(fields=('assessment', 'why', 'country', 'after'), name='changed_decision_once')],
            },
        ),
        migrations.AddIndex(
            model_name='trainingrun',
            index=models.Index(fields=['hotline', 'by', '-id'], name='training_of_person'),
        ),
        migrations.AddConstraint(
            model_name='trainingrun',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True)), fields=('by',), name='training_one_open_run'),
        ),
        migrations.AddConstraint(
            model_name='traininganswer',
            constraint=models.UniqueConstraint(fields=('run', 'item'), name='training_answer_once'),
        ),
    ]
