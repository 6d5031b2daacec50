from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who read a drawn case, so that it is not theirs to look at blind."""

    dependencies = [("casework", "0019_seen_and_shown"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(model_name="sampledlook", name="readers", field=models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
    ]
