"""Who entered by hand what the police answered, who stands behind it, and the letter that tells them of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_PERSON = {
    "db_index": False,
    "null": True,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}
_PEOPLE = ("answered_by", "acknowledged_by", "acknowledged_with", "outcome_by", "outcome_with")
_REPLIES = [("withdrawn", "withdrawn"), ("kept", "kept"), ("recorded", "recorded")]


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_earlier_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AddField(model_name="referral", name=name, field=models.ForeignKey(**_PERSON))
            for name in _PEOPLE
        ),
        migrations.AddField(model_name="reply", name="entered", field=models.JSONField(blank=True, default=dict)),
        migrations.AlterField(model_name="reply", name="what", field=models.CharField(choices=_REPLIES, max_length=9)),
    ]
