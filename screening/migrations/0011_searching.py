"""What records systems ask for is looked up: what was submitted or amended since."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0010_calls_reports'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='administration',
            index=models.Index(condition=models.Q(('completed_at__isnull', False)), fields=['completed_at'], name='administration_submitted'),
        ),
        migrations.AddIndex(
            model_name='score',
            index=models.Index(condition=models.Q(('amended_at__isnull', False)), fields=['clinic', 'amended_at'], name='score_amended'),
        ),
    ]
