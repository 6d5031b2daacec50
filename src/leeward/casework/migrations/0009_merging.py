"""Merges and splits are called so in the database too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0008_plain_names")]

    operations = [migrations.RenameModel("Joining", "Merging")]
