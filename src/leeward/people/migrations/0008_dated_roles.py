import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def date_roles(apps, schema_editor):
    """Whoever works here already keeps working: their roles are as old as their accounts, and nobody in particular gave them."""
    user, grant = apps.get_model("people", "User"), apps.get_model("people", "RoleGrant")
    grant.objects.bulk_create(
        grant(hotline_id=row.hotline_id, account_id=row.pk, role=role, given_at=row.made_at)
        for row in user.objects.all()
        for role in sorted(set(row.roles))
    )


def _person():
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


def _maker():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):

    dependencies = [("people", "0007_leave_to_come")]

    operations = [
        migrations.RenameField("user", "created_at", "made_at"),
        migrations.AlterField("user", "made_at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AddField("user", "made_by", _maker()),
        migrations.AddField("user", "confirmed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("user", "confirmed_by", _maker()),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=20)),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_by", _person()),
                ("ended_by", _person()),
                ("given_by", _person()),
                (
                    "hotline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.hotline"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["hotline", "-id"], name="role_grant_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("account", "role"),
                        name="role_given_once",
                    )
                ],
            },
        ),
        migrations.RunPython(date_roles, migrations.RunPython.noop),
    ]
