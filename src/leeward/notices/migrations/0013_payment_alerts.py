"""Alerts to payment firms: what each was told of which payee, on which cases it rests, and what came of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    dependencies = [
        ('notices', '0012_children_at_risk'),
        ('people', '0015_recordings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='kind',
            field=models.CharField(choices=[('police', 'police'), ('protection', 'protection'), ('hotline', 'hotline'), ('host', 'host'), ('owner', 'owner'), ('upstream', 'upstream'), ('registrar', 'registrar'), ('payment', 'payment'), ('fiu', 'fiu')], max_length=10),
        ),
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=[('referral', 'referral'), ('forward', 'forward'), ('protect', 'protect'), ('notice', 'notice'), ('staff', 'staff'), ('alert', 'alert'), ('reply', 'reply'), ('payment', 'payment')], max_length=8),
        ),
        leeward.tables.NewTable(
            name='PaymentAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payee_id', models.BigIntegerField()),
                ('brief', models.JSONField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('dead', 'dead'), ('stopped', 'stopped')], default='waiting', max_length=8)),
                ('answer', models.CharField(choices=[('none', 'none'), ('acknowledged', 'acknowledged'), ('closed', 'closed'), ('blocked', 'blocked'), ('marked', 'marked'), ('reported', 'reported'), ('nothing_found', 'nothing_found'), ('not_ours', 'not_ours')], default='none', max_length=14)),
                ('note', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('withdraws', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawn_by', to='notices.paymentalert')),
            ],
            options={
                "indexes": [
                    models.Index(fields=["hotline", "-id"], name="payment_alert_newest"),
                    models.Index(fields=["hotline", "payee_id", "-id"], name="payment_alert_payee"),
                    models.Index(fields=["contact", "-id"], name="payment_alert_contact"),
                    models.Index(condition=models.Q(("withdraws__isnull", False)), fields=["withdraws"], name="payment_alert_back"),
                ],
            },
        ),
        migrations.AddField(
            model_name='inboundmail',
            name='payment_alert',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to='notices.paymentalert'),
        ),
        leeward.tables.NewTable(
            name='PaymentAlertCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.BigIntegerField()),
                ('alert', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='notices.paymentalert')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
            ],
            options={
                "indexes": [models.Index(fields=["hotline", "case_id"], name="payment_alert_of_case")],
                "constraints": [models.UniqueConstraint(fields=("alert", "case_id"), name="payment_alert_case_once")],
            },
        ),
    ]
