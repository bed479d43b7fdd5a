"""Closing by two, putting off, staff entry, and amendments that keep what they replace."""

import core.models.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from core.models.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_review_grows'),
        ('screening', '0002_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', core.models.fields.EncryptedTextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PastScore',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveSmallIntegerField()),
                ('total', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('band', models.CharField(blank=True, max_length=40)),
                ('detail', models.JSONField()),
                ('scored_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['version'],
            },
        ),
        migrations.AddField(
            model_name='episode',
            name='closing_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closings_proposed', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='episode',
            name='snoozed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='episode',
            name='snoozed_until_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='score',
            name='amended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='score',
            name='version',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='screening',
            name='answered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='mode',
            field=models.CharField(blank=True, choices=[('PAPER', 'From paper'), ('PHONE', 'Asked by telephone'), ('IN_PERSON', 'Asked in person')], db_default='', default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='episode',
            name='status',
            field=models.CharField(choices=[('OPEN', 'Open'), ('ACKNOWLEDGED', 'Acknowledged'), ('IN_PROGRESS', 'In Progress'), ('TO_CONFIRM', 'To Confirm'), ('CLOSED', 'Closed')], default='OPEN', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='episode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closing_by__isnull', False), ('status', 'TO_CONFIRM')), models.Q(models.Q(('status', 'TO_CONFIRM'), _negated=True), ('closing_by__isnull', True)), _connector='OR'), name='episode_closing_proposed_by_somebody'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='administration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='screening.administration'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='answer',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='amendment', to='screening.answer'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='amendment',
            name='replaced',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='screening.answer'),
        ),
        migrations.AddField(
            model_name='pastscore',
            name='administration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='past_scores', to='screening.administration'),
        ),
        migrations.AddConstraint(
            model_name='pastscore',
            constraint=models.UniqueConstraint(fields=('administration', 'version'), name='past_score_version_once'),
        ),
        append_only_triggers("screening_amendment"),
        append_only_triggers("screening_pastscore"),
    ]
