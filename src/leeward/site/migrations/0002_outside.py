import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('site', '0001_initial'),
    ]

    operations = [
        leeward.tables.NewTable(
            name='Outside',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('what', models.CharField(blank=True, default='', max_length=120)),
            ],
        ),
    ]
