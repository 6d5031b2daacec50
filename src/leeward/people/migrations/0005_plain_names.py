"""What an outside reviewer is invited to has a kind and an id."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_changes_side_by_side")]

    operations = [
        migrations.RemoveConstraint(model_name="outsidereview", name="outside_review_one_at_a_time"),
        migrations.RenameField(model_name="outsidereview", old_name="matter", new_name="subject_kind"),
        migrations.AddConstraint(
            model_name="outsidereview",
            constraint=models.UniqueConstraint(
                fields=["hotline", "subject_kind", "subject_id"],
                condition=models.Q(state="open"),
                name="outside_review_one_at_a_time",
            ),
        ),
    ]
