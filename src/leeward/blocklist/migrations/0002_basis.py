"""Lists name their operators' agreement, and entries say on which kind of basis they rest; those so far on the law."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blocklist', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='blocklist',
            name='agreement',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
        migrations.AddField(
            model_name='entry',
            name='base',
            field=models.CharField(blank=True, default='', max_length=9),
        ),
        migrations.RunSQL(
            "UPDATE blocklist_entry SET base = 'own_law' WHERE source = '' AND basis <> ''", migrations.RunSQL.noop
        ),
    ]
