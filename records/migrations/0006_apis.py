"""Two more things that a program asks for once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0005_retract'),
    ]

    operations = [
        migrations.AlterField(
            model_name='received',
            name='kind',
            field=models.CharField(choices=[('RESPONSE', 'Answers'), ('ORDER', 'An order'), ('REVOKE', 'The end of an order'), ('RESEND', 'A delivery, once more')], max_length=10),
        ),
    ]
