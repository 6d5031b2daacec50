"""Sources, memberships and rulings become rows of their own; votes say by whose list they came, and harmless is a verdict.

Votes that a list of harmless look-alikes brought were kept as if they confirmed a record. They become what they were, also where they
had joined a record that others call illegal: such a record is a conflict from now on.
"""

import django.db.models.deletion
from django.db import migrations, models

from leeward.hashbank.migrations import _filling

_HOTLINE = {"db_index": False, "on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}
_ID = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)


class Migration(migrations.Migration):
    dependencies = [("hashbank", "0001_initial"), ("people", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                _ID,
                ("hotline", models.ForeignKey(to="people.hotline", **_HOTLINE)),
                ("name", models.CharField(max_length=80)),
                ("name_key", models.CharField(max_length=80)),
                ("is_ours", models.BooleanField(default=False)),
                ("vouches", models.BooleanField(default=False)),
                ("merged_into", models.ForeignKey(null=True, to="hashbank.source", **_HOTLINE)),
                ("merged_by", models.CharField(default="", max_length=40)),
                ("merged_at", models.DateTimeField(null=True)),
                ("first_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("hotline", "name_key"), name="source_once")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                _ID,
                ("hotline", models.ForeignKey(to="people.hotline", **_HOTLINE)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="hashbank.record"
                    ),
                ),
                ("bank", models.ForeignKey(to="hashbank.bank", **_HOTLINE)),
                ("brought_by", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("bank", "record"), name="membership_once")],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                _ID,
                ("hotline", models.ForeignKey(to="people.hotline", **_HOTLINE)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rulings", to="hashbank.record"
                    ),
                ),
                ("verdict", models.CharField(max_length=12)),
                ("reason", models.CharField(max_length=300)),
                ("covers", models.JSONField(default=list)),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("needs_second", models.BooleanField(default=False)),
                ("second_by", models.CharField(default="", max_length=40)),
                ("second_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(default="", max_length=40)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("record",), name="ruling_once"
                    )
                ],
            },
        ),
        migrations.RenameModel(old_name="Vote", new_name="EarlierVote"),
        migrations.CreateModel(
            name="Vote",
            fields=[
                _ID,
                ("hotline", models.ForeignKey(to="people.hotline", **_HOTLINE)),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="hashbank.record",
                    ),
                ),
                ("source", models.ForeignKey(to="hashbank.source", **_HOTLINE)),
                ("via", models.ForeignKey(to="hashbank.source", **_HOTLINE)),
                ("verdict", models.CharField(max_length=12)),
                ("label", models.CharField(default="", max_length=40)),
                ("facts", models.JSONField(default=dict)),
                ("share", models.CharField(default="", max_length=8)),
                ("foreign_id", models.CharField(default="", max_length=60)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("case_id", models.BigIntegerField(default=0)),
                ("brought_by", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("foreign_id", ""), _negated=True),
                        fields=["hotline", "foreign_id"],
                        name="vote_foreign_key",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "source", "via"), name="vote_once_each_way")
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchCount",
            fields=[
                _ID,
                ("hotline", models.ForeignKey(to="people.hotline", **_HOTLINE)),
                (
                    "hash",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="hashbank.recordhash",
                    ),
                ),
                ("day", models.DateField()),
                ("subscriber", models.CharField(max_length=80)),
                ("matches", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["hotline", "day"], name="match_count_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("hash", "day", "subscriber"), name="match_count_once")
                ],
            },
        ),
        migrations.RunPython(_filling.fill, migrations.RunPython.noop),
        migrations.DeleteModel(name="EarlierVote"),
        migrations.DeleteModel(name="HashTally"),
        migrations.RemoveField(model_name="record", name="bank"),
        migrations.RemoveField(model_name="quarantine", name="usual"),
        migrations.AddField("quarantine", "subscribers", models.PositiveIntegerField(default=0)),
        migrations.AddField("quarantine", "weight", models.FloatField(default=0)),
        migrations.AddField("quarantine", "is_noted", models.BooleanField(default=True)),
        migrations.AddField("feedback", "was_right", models.BooleanField(null=True)),
        migrations.AddIndex("feedback", models.Index(fields=["hotline", "source"], name="feedback_source")),
        migrations.AddField("hashlist", "harmless", models.BooleanField(default=False)),
        migrations.AddField("import", "profile", models.CharField(default="", max_length=20)),
        migrations.AddField("import", "categories", models.JSONField(default=dict)),
        migrations.AddField("upload", "profile", models.CharField(default="", max_length=20)),
        migrations.AddField("upload", "mapping", models.JSONField(default=dict)),
    ]
