"""What a contact answered before stays beside what it answers now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_channels_chosen")]

    operations = [
        migrations.AddField(model_name="noticeitem", name="earlier", field=models.JSONField(blank=True, default=list)),
    ]
