import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        leeward.tables.NewTable(
            name='Chosen',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('value', models.JSONField()),
            ],
        ),
        leeward.tables.NewTable(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(db_index=True, max_length=20)),
                ('names', models.JSONField(default=list)),
                ('by', models.CharField(max_length=120)),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
            ],
        ),
        leeward.tables.NewTable(
            name='Trial',
            fields=[
                ('group', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('worked', models.BooleanField()),
                ('problem', models.CharField(blank=True, default='', max_length=40)),
                ('print', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
    ]
