"""The log can only grow: the database itself refuses UPDATE and DELETE on its rows and heads."""

from django.db import migrations

from leeward.audit import append_only
from leeward.tables import BesideTables


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [BesideTables(append_only.refuse, append_only.allow)]
