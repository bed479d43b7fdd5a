"""A number that was put right says when: results go by it in other systems."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_totals'),
    ]

    operations = [
        migrations.AddField(
            model_name='patientidentifier',
            name='corrected_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='patientidentifier',
            index=models.Index(condition=models.Q(('corrected_at__isnull', False)), fields=['clinic', 'corrected_at'], name='identifier_corrected'),
        ),
    ]
