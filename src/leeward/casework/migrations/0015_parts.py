import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def parts_of_those_who_sent(apps, editor):
    """Who acted on a case stood in its row alone: keep it as a part."""
    case, part = apps.get_model("casework", "Case"), apps.get_model("casework", "Part")
    rows = case._base_manager.using(editor.connection.alias).filter(acted_by__isnull=False)
    found = rows.values_list("hotline_id", "pk", "acted_by_id", "turn", "decided_at", "received_at")
    made = (
        part(hotline_id=hotline, case_id=number, by_id=by, act="act", turn=turn, at=decided or received)
        for hotline, number, by, turn, decided, received in found.iterator(chunk_size=2000)
    )
    part._base_manager.using(editor.connection.alias).bulk_create(made, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0014_weights_of_exposure"),
        ("people", "0007_leave_to_come"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=20)),
                ("turn", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("case", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="casework.case")),
                ("hotline", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.hotline")),
            ],
            options={"indexes": [models.Index(fields=["case", "by"], name="part_of_person")]},
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(condition=models.Q(("round__in", ("first", "second", "sample"))), fields=("case", "turn", "by"), name="look_once_a_turn"),
        ),
        migrations.RunPython(parts_of_those_who_sent, migrations.RunPython.noop),
    ]
