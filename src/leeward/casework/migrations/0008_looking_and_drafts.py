import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A view says how much was shown; what is begun belongs to whoever began it."""

    dependencies = [
        ('casework', '0007_together'),
        ('people', '0004_leave'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='kind',
            field=models.CharField(default='facts', max_length=10),
        ),
        migrations.AddField(
            model_name='draft',
            name='text',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='view',
            name='part',
            field=models.PositiveSmallIntegerField(default=100),
        ),
        migrations.AlterField(
            model_name='draft',
            name='by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='draft',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.case'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('case', 'by', 'kind'), name='draft_once'),
        ),
    ]
