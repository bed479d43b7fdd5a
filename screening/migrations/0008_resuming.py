from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0007_plans'),
    ]

    operations = [
        migrations.AddField(
            model_name='screening',
            name='session_opened_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='earlier_shown_at',
            field=models.DateTimeField(null=True),
        ),
    ]
