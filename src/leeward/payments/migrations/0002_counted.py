"""At how many places each payee was seen is kept with it, so that long lists need not count."""

from typing import Any

from django.db import migrations, models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce


def count(apps: Any, editor: Any) -> None:
    """Count what is there."""
    payee, demand = apps.get_model("payments", "Payee"), apps.get_model("payments", "Demand")
    mine = demand.objects.filter(payee=OuterRef("pk")).order_by().values("payee")
    every = mine.annotate(count=Count("pk")).values("count")
    pages = mine.annotate(count=Count("pk", filter=Q(place="location"))).values("count")
    payee.objects.update(places=Coalesce(Subquery(every), 0), pages=Coalesce(Subquery(pages), 0))


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.AddField("payee", "places", models.PositiveIntegerField(default=0)),
        migrations.AddField("payee", "pages", models.PositiveIntegerField(default=0)),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.AddIndex(
            "payee",
            models.Index(fields=["hotline", "-last_at", "-id", "kind", "pages"], name="payee_newest"),
        ),
        migrations.AddIndex("payee", models.Index(fields=["hotline", "key"], name="payee_written")),
        migrations.AddIndex(
            "payee",
            models.Index(
                condition=models.Q(("places__gt", 1)),
                fields=["hotline", "-places", "-last_at", "-id", "kind"],
                name="payee_several",
            ),
        ),
        migrations.AddIndex(
            "payee",
            models.Index(
                condition=models.Q(("pages__gt", 1)),
                fields=["hotline", "-pages", "-last_at", "-id", "kind"],
                name="payee_several_pages",
            ),
        ),
    ]
