"""Clients that prove themselves with keys, and what other systems send in."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from core.models.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_people_guards'),
        ('records', '0002_deliveries'),
    ]

    operations = [
        migrations.AddField(
            model_name='apiclient',
            name='jwks',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='apiclient',
            name='jwks_url',
            field=models.CharField(blank=True, db_default='', default='', max_length=500),
        ),
        migrations.AddField(
            model_name='apiclient',
            name='last_used_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='scopes',
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name='DraftQuestionnaire',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('url', models.CharField(max_length=500)),
                ('version', models.CharField(max_length=100)),
                ('title', models.CharField(max_length=300)),
                ('digest', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('received_at', models.DateTimeField()),
                ('discarded_at', models.DateTimeField(null=True)),
                ('discarded_by_id', models.CharField(blank=True, default='', max_length=40)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.apiclient')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'received_at'], name='draft_by_clinic')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('discarded_at__isnull', True)), fields=('clinic', 'digest'), name='draft_questionnaire_once')],
            },
        ),
        migrations.CreateModel(
            name='Received',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('RESPONSE', 'Answers'), ('ORDER', 'An order')], max_length=10)),
                ('key_hash', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('object_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.apiclient')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'digest'], name='received_by_digest')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'kind', 'key_hash'), name='received_once')],
            },
        ),
        migrations.CreateModel(
            name='UsedAssertion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('jti_hash', models.CharField(max_length=64)),
                ('expires_at', models.DateTimeField()),
                ('client', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='assertions', to='records.apiclient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('client', 'jti_hash'), name='assertion_used_once')],
            },
        ),
        append_only_triggers("records_received"),
    ]
