from django.db import migrations, models


def count_as_before(apps, _schema_editor):
    """Until a contact is counted anew, everything that it was told counts as due, as it did."""
    apps.get_model("notices", "Contact")._base_manager.update(due=models.F("told"))


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0015_unconfirmed'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='due',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(count_as_before, migrations.RunPython.noop),
    ]
