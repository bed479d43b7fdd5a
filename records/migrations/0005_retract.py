"""A version is owed once more when it has come to be of somebody else, or in error."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_totals'),
        ('records', '0004_once'),
        ('screening', '0013_retract_choices'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_once',
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('destination', 'administration', 'version', 'caused_at'), name='delivery_once_for_each_cause'),
        ),
    ]
