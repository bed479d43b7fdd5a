"""The same answers of one patient, sent twice under two names, are stored once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_programs'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='received',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'RESPONSE')), fields=('clinic', 'digest'), name='received_response_once'),
        ),
    ]
