from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0004_wording_library")]

    operations = [
        migrations.AddField(
            model_name="modelcall",
            name="tokens_charged",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="modelcall",
            name="cost",
            field=models.DecimalField(decimal_places=6, max_digits=12, null=True),
        ),
    ]
