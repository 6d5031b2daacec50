from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_opening_and_invitations'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='away_from',
            field=models.DateField(blank=True, null=True),
        ),
    ]
