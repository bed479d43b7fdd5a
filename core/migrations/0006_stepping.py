"""A clinic may let short forms lead on to longer ones."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_people_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='clinic',
            name='step_up',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='clinic',
            name='step_safety',
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
