"""Planning ahead, bulk acts, and the seconds that a review took."""

import core.models.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinicians', '0002_guards'),
        ('core', '0002_append_only_and_cache'),
        ('screening', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='reviewevent',
            name='seconds',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='notice',
            name='channel',
            field=models.CharField(choices=[('EMAIL', 'E-mail'), ('WEBHOOK', 'Webhook')], default='EMAIL', max_length=8),
        ),
        migrations.AlterField(
            model_name='reviewevent',
            name='kind',
            field=models.CharField(choices=[('ACKNOWLEDGED', 'Claimed'), ('RELEASED', 'Given back to the team'), ('HANDED_OVER', 'Handed over'), ('SNOOZED', 'Put off'), ('AWAKE', 'No longer put off'), ('CLOSE_PROPOSED', 'Closing proposed'), ('CLOSE_DECLINED', 'Closing not confirmed'), ('UNDONE', 'Undone'), ('NOTE', 'Note'), ('CONTACT', 'Contact attempt'), ('CLOSED', 'Closed'), ('REOPENED', 'Reopened'), ('TIMED_OUT', 'Back in the queue: nothing was recorded in time'), ('FLAG_JOINED', 'Back in the queue: a new flag joined'), ('ESCALATED', 'Notice sent out'), ('NOTICE_FAILED', 'A notice could not be delivered'), ('NOBODY_TO_TELL', 'No address to send a notice to')], max_length=16),
        ),
        migrations.CreateModel(
            name='BulkAct',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=16)),
                ('cases', models.JSONField()),
                ('at', models.DateTimeField()),
                ('undo_until_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
            ],
            options={
                'ordering': ['-at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TreatmentEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('happened_on', models.DateField()),
                ('text', core.models.fields.EncryptedTextField(blank=True, default='')),
                ('at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='treatment_events', to='core.patient')),
            ],
            options={
                'ordering': ['happened_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by_id', models.CharField(blank=True, max_length=40)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
                ('cover', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='absence_ends_later'), models.CheckConstraint(condition=models.Q(('cover', models.F('user')), _negated=True), name='absence_covered_by_another')],
            },
        ),
        migrations.CreateModel(
            name='PatientMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('INVITATION', 'Invitation'), ('REMINDER', 'Reminder')], max_length=10)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('due_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, default='', max_length=200)),
                ('created_at', models.DateTimeField()),
                ('created_by_id', models.CharField(blank=True, max_length=40)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='screening.screening')),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='patient_mail_owed'), models.Index(condition=models.Q(('failed_at__isnull', False)), fields=['clinic', 'failed_at'], name='patient_mail_failed')],
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('battery', models.JSONField()),
                ('language', models.CharField(max_length=10)),
                ('every_days', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField()),
                ('until_on', models.DateField()),
                ('next_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by_id', models.CharField(blank=True, max_length=40)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schedules', to='core.patient')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='schedule_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('every_days__range', (1, 366))), name='schedule_every_days'), models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('starts_on'))), name='schedule_ends_later')],
            },
        ),
    ]
