"""Changes of whom a portal tells or calls wait for a second person; every portal that there is counts as opened before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leeward.tables


def call_all_opened(apps, schema_editor):
    """Nobody knows of a portal that takes no reports now whether it did before."""
    apps.get_model("people", "Portal")._base_manager.update(was_opened=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_own_factor")]

    operations = [
        migrations.AddField(model_name="portal", name="was_opened", field=models.BooleanField(default=False)),
        leeward.tables.NewTable(
            name='PortalChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('portal', 'portal'), ('on_call_mail', 'on_call_mail'), ('page_webhook', 'page_webhook')], max_length=16)),
                ('before', models.JSONField(default=dict)),
                ('wanted', models.JSONField(default=dict)),
                ('asked_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('', ''), ('confirmed', 'confirmed'), ('refused', 'refused'), ('replaced', 'replaced')], default='', max_length=10)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('portal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.portal')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', '-id'], name='portal_change_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('portal', 'what'), name='portal_change_one_waits')],
            },
        ),
        migrations.RunPython(call_all_opened, migrations.RunPython.noop),
    ]
