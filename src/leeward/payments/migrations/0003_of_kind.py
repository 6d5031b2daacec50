from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_counted")]

    operations = [
        migrations.AddIndex(
            "payee",
            models.Index(fields=["hotline", "kind", "-last_at", "-id", "pages"], name="payee_of_kind"),
        ),
    ]
