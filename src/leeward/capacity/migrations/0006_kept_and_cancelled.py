from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('capacity', '0005_revoked_list'),
    ]

    operations = [
        migrations.AddField(
            model_name='caredate',
            name='is_cancelled',
            field=models.BooleanField(default=False),
        ),
        migrations.RemoveConstraint(
            model_name='caredate',
            name='care_date_once',
        ),
        migrations.AddConstraint(
            model_name='caredate',
            constraint=models.UniqueConstraint(condition=models.Q(('is_cancelled', False)), fields=('hotline', 'counsellor', 'on', 'at'), name='care_date_offered_once'),
        ),
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(fields=['hotline', 'person'], name='participation_person'),
        ),
    ]
