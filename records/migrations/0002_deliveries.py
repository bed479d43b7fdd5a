"""Where results go, what is owed to whom, and exports."""

import core.models.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_people_guards'),
        ('records', '0001_initial'),
        ('screening', '0007_plans'),
    ]

    operations = [
        migrations.CreateModel(
            name='Destination',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('FHIR', 'FHIR server'), ('WEBHOOK', 'Webhook'), ('HL7_MLLP', 'HL7 v2 over a network (MLLP)'), ('HL7_FILE', 'HL7 v2 files in a folder'), ('CSV_FILE', 'CSV files in a folder')], max_length=10)),
                ('name', models.CharField(max_length=100)),
                ('address', core.models.fields.EncryptedTextField(blank=True, default='')),
                ('secret', core.models.fields.EncryptedTextField(blank=True, default='')),
                ('since_at', models.DateTimeField()),
                ('planned_to_at', models.DateTimeField(null=True)),
                ('retry_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, default='', max_length=200)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by_id', models.CharField(blank=True, max_length=40)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by_id', models.CharField(blank=True, default='', max_length=40)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('DUE', 'Due'), ('SENT', 'Sent'), ('ACCEPTED', 'Accepted'), ('REFUSED', 'Refused'), ('DEAD', 'Dead'), ('REPLACED', 'Replaced'), ('STOPPED', 'Stopped')], default='DUE', max_length=8)),
                ('caused_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('claims', models.PositiveIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('last_error', models.CharField(blank=True, default='', max_length=200)),
                ('receipt', models.JSONField(default=list)),
                ('administration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.administration')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.patient')),
                ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='records.destination')),
            ],
            options={
                'ordering': ['caused_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('level', models.CharField(max_length=10)),
                ('types', models.JSONField()),
                ('patients', models.JSONField(default=list)),
                ('since_at', models.DateTimeField(null=True)),
                ('until_at', models.DateTimeField()),
                ('request', models.TextField()),
                ('state', models.CharField(choices=[('ASKED', 'Asked for'), ('RUNNING', 'Being made'), ('DONE', 'Made'), ('FAILED', 'Failed'), ('CANCELLED', 'Cancelled'), ('EXPIRED', 'Expired')], default='ASKED', max_length=10)),
                ('cursor', models.JSONField(default=dict)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('claims', models.PositiveIntegerField(default=0)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, default='', max_length=200)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.apiclient')),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ExportFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('resource', models.CharField(max_length=40)),
                ('part', models.PositiveIntegerField()),
                ('count', models.PositiveIntegerField(default=0)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='records.export')),
            ],
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('clinic', 'name'), name='destination_name_once'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['destination', 'next_at'], name='delivery_owed'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['destination', 'state', 'caused_at'], name='delivery_by_state'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('destination', 'administration', 'version'), name='delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'SENT')), fields=('destination', 'patient'), name='delivery_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_at__isnull', False), ('state__in', ['DUE', 'SENT'])), models.Q(models.Q(('state__in', ['DUE', 'SENT']), _negated=True), ('next_at__isnull', True)), _connector='OR'), name='delivery_owed_until_settled'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='export_owed'),
        ),
        migrations.AddConstraint(
            model_name='exportfile',
            constraint=models.UniqueConstraint(fields=('export', 'resource', 'part'), name='export_file_once'),
        ),
    ]
