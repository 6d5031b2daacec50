import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        leeward.tables.NewTable(
            name='UsedKey',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('used_at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
        ),
        leeward.tables.NewTable(
            name='Bucket',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('tokens', models.FloatField()),
                ('at', models.DateTimeField(db_index=True)),
            ],
        ),
    ]
