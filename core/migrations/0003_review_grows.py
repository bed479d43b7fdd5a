"""Clinic settings, roles and emergency access that review needs."""

import core.models.clinic
import core.models.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('core', '0002_append_only_and_cache'),
    ]

    operations = [
        migrations.CreateModel(
            name='EmergencyAccess',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', core.models.fields.EncryptedTextField()),
                ('opened_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('mail_next_at', models.DateTimeField(null=True)),
                ('mail_attempts', models.PositiveIntegerField(default=0)),
                ('told_at', models.DateTimeField(null=True)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('review_note', core.models.fields.EncryptedTextField(blank=True, default='')),
            ],
            options={
                'ordering': ['-opened_at', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='user',
            name='user_role_known',
        ),
        migrations.AddField(
            model_name='clinic',
            name='kiosk_enabled',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='clinic',
            name='model_cost_per_day',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name='clinic',
            name='model_tokens_per_day',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='clinic',
            name='reminder_days',
            field=models.JSONField(blank=True, db_default=[3], default=core.models.clinic.three_days_later),
        ),
        migrations.AddField(
            model_name='clinic',
            name='second_person',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='clinic',
            name='webhook_secret',
            field=core.models.fields.EncryptedTextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='patient',
            name='wants_reminders',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('ADMINISTRATOR', 'Administrator'), ('CLINICIAN', 'Clinician'), ('SUPERVISOR', 'Supervisor'), ('FRONT_DESK', 'Front desk'), ('WORDING_REVIEWER', 'Clinical reviewer of wordings'), ('LIVED_EXPERIENCE', 'Reviewer with lived experience'), ('AUDITOR', 'Auditor')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['ADMINISTRATOR', 'CLINICIAN', 'SUPERVISOR', 'FRONT_DESK', 'WORDING_REVIEWER', 'LIVED_EXPERIENCE', 'AUDITOR'])), name='user_role_known'),
        ),
        migrations.AddField(
            model_name='emergencyaccess',
            name='clinic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic'),
        ),
        migrations.AddField(
            model_name='emergencyaccess',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emergency_accesses', to='core.patient'),
        ),
        migrations.AddField(
            model_name='emergencyaccess',
            name='reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='emergency_reviews', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='emergencyaccess',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emergency_accesses', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='emergencyaccess',
            index=models.Index(condition=models.Q(('reviewed_at__isnull', True)), fields=['clinic', 'opened_at'], name='emergency_to_review'),
        ),
        migrations.AddIndex(
            model_name='emergencyaccess',
            index=models.Index(fields=['user', 'patient', 'ends_at'], name='emergency_open'),
        ),
        migrations.AddConstraint(
            model_name='emergencyaccess',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by', models.F('user')), _negated=True), name='emergency_not_own_review'),
        ),
    ]
