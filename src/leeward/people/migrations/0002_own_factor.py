"""Since when an account's owner has had a second factor of their own; for those who have one, since the oldest was set up."""

from django.db import migrations, models
from django.db.models import Min


def date_factors(apps, schema_editor):
    """Fill it in from the second factors that there are."""
    factors = apps.get_model("mfa", "Authenticator")._base_manager
    accounts = apps.get_model("people", "User")._base_manager
    for account_id, at in factors.values_list("user_id").annotate(at=Min("created_at")).order_by():
        accounts.filter(pk=account_id).update(own_factor_at=at)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.AddField(
            model_name="user", name="own_factor_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunPython(date_factors, migrations.RunPython.noop),
    ]
