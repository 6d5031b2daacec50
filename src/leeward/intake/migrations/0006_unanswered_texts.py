"""Text messages that got no answer, since a portal writes only so many in an hour."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_text_messages")]

    operations = [migrations.AddField("smstalk", "unanswered_at", models.DateTimeField(db_index=True, null=True))]
