"""An answer may name the definition that its page showed, where the form has another."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0013_retract_choices")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="asked_as",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="screening.definition",
            ),
        ),
    ]
