from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0018_verified_removals'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['hotline', 'to', '-id'], name='message_to'),
        ),
        migrations.AddIndex(
            model_name='inboundmail',
            index=models.Index(fields=['hotline', 'sender', '-id'], name='mail_sender'),
        ),
    ]
