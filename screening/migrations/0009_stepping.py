"""Short forms that lead on to longer ones, and questions as a plain list of pages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0008_resuming'),
    ]

    operations = [
        migrations.AddField(
            model_name='administration',
            name='follows',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='as_list',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='answer',
            name='origin',
            field=models.CharField(choices=[('TAPPED', 'Tapped'), ('CONFIRMED', 'Confirmed'), ('STAFF', 'Staff'), ('IMPORTED', 'Imported'), ('KEPT', 'Kept')], max_length=10),
        ),
    ]
