"""What the police are told at once, when they confirmed it, and what came of it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Exists, OuterRef


def say_what_was_passed_on(apps, schema_editor):
    """A referral whose message was a report passed on says so, and an answer so far was a confirmation."""
    referral, message = apps.get_model("notices", "Referral"), apps.get_model("notices", "Message")
    rows = referral._base_manager.all()
    passed = message._base_manager.filter(kind="forward", subject_id=OuterRef("pk"))
    rows.filter(Exists(passed)).update(kind="forward")
    rows.filter(answered_at__isnull=False).update(acknowledged_at=models.F("answered_at"))


class Migration(migrations.Migration):
    dependencies = [("notices", "0010_urgent")]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="kind",
            field=models.CharField(
                choices=[
                    (kind, kind)
                    for kind in ("police", "protection", "hotline", "host", "owner", "upstream", "registrar")
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    (kind, kind)
                    for kind in ("referral", "forward", "protect", "notice", "staff", "alert", "reply")
                ],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="kind",
            field=models.CharField(
                choices=[(kind, kind) for kind in ("referral", "forward", "protection")],
                default="referral",
                max_length=10,
            ),
        ),
        migrations.AddField(model_name="referral", name="urgent", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="referral",
            name="mail_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried",
                to="notices.referral",
            ),
        ),
        migrations.AddField(model_name="referral", name="acknowledged_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="referral",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    (word, word)
                    for word in ("child_safe", "investigating", "passed_on", "not_traced", "no_danger", "other")
                ],
                default="",
                max_length=14,
            ),
        ),
        migrations.AddField(model_name="referral", name="outcome_at", field=models.DateTimeField(null=True)),
        migrations.RunPython(say_what_was_passed_on, migrations.RunPython.noop),
    ]
