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
            name='ReviewedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=16)),
                ('key', models.CharField(max_length=32)),
                ('forms', models.JSONField(default=list)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('language', 'key'), name='text_reviewed_once')],
            },
        ),
        leeward.tables.NewTable(
            name='LanguageReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(db_index=True, max_length=16)),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
            ],
        ),
        leeward.tables.NewTable(
            name='TextProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=16)),
                ('kind', models.CharField(choices=[('texts', 'texts'), ('reading', 'reading')], max_length=8)),
                ('texts', models.JSONField(default=dict)),
                ('reader', models.CharField(blank=True, default='', max_length=120)),
                ('why', models.CharField(blank=True, default='', max_length=500)),
                ('proposed_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_name', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('state', models.CharField(db_index=True, default='waiting', max_length=8)),
                ('endorsed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('endorsed_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, default='', max_length=500)),
            ],
        ),
    ]
