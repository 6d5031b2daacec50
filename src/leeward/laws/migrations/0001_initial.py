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
            name='LawRegister',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('version', models.CharField(max_length=12)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='law_register_one_row')],
            },
        ),
        leeward.tables.NewTable(
            name='LawFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('text', models.TextField()),
                ('shipped', models.TextField()),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        leeward.tables.NewTable(
            name='LawRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('before', models.TextField()),
                ('text', models.TextField()),
                ('way', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=500)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('accepted', 'Accepted'), ('refused', 'Refused')], max_length=8)),
                ('by_label', models.CharField(max_length=40)),
                ('by_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('proposed_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('endorsed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('endorsed_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('answer', models.CharField(blank=True, default='', max_length=500)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['code', 'number'],
                'constraints': [models.UniqueConstraint(fields=('code', 'number'), name='law_revision_once')],
            },
        ),
    ]
