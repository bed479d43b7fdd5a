"""Screenings entered in error; when the choice about a model's help was made anew."""

import core.models.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from core.models.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_totals'),
        ('screening', '0011_searching'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Retraction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=40)),
                ('reason_label', models.CharField(max_length=120)),
                ('note', core.models.fields.EncryptedTextField(blank=True, default='')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='screening',
            name='ai_chosen_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='retracted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='screening',
            index=models.Index(condition=models.Q(('retracted_at__isnull', False)), fields=['clinic', 'retracted_at'], name='screening_retracted'),
        ),
        migrations.AddIndex(
            model_name='screening',
            index=models.Index(condition=models.Q(('ai_chosen_at__isnull', False)), fields=['clinic', 'ai_chosen_at'], name='screening_help_chosen'),
        ),
        migrations.AddConstraint(
            model_name='screening',
            constraint=models.CheckConstraint(condition=models.Q(('retracted_at__isnull', True), ('status__in', ['COMPLETED', 'WITHDRAWN', 'EXPIRED']), _connector='OR'), name='screening_retracted_only_when_over'),
        ),
        migrations.AddField(
            model_name='retraction',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='retraction',
            name='screening',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='retraction', to='screening.screening'),
        ),
        append_only_triggers("screening_retraction"),
    ]
