from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0002_begun"),
    ]

    operations = [
        migrations.AddField(model_name="duty", name="urgent", field=models.BooleanField(default=False)),
        migrations.RemoveIndex(model_name="duty", name="duty_due"),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                fields=["due_at", "id"], condition=models.Q(dead=False, urgent=True), name="duty_due_urgent"
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                fields=["due_at", "id"], condition=models.Q(dead=False, urgent=False), name="duty_due_ordinary"
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["hotline_id", "-id"], condition=models.Q(dead=True), name="duty_dead"),
        ),
    ]
