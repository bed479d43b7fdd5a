"""Takes over, from the audit log, when each choice about a model's help was made last.

Nothing that is newer is overwritten: processes of either version may run meanwhile.
"""

from django.db import migrations
from django.db.models import Max, Q

CHAIN = "screening:"
AT_ONCE = 1_000


def take_over(apps, schema_editor):
    lines = apps.get_model("core", "AuditEvent").objects.filter(
        kind="AI_HELP_CHOSEN", chain__startswith=CHAIN
    )
    screenings = apps.get_model("screening", "Screening").objects
    last = lines.order_by().values("chain").annotate(last=Max("at"))
    for chain, at in last.values_list("chain", "last").iterator(chunk_size=AT_ONCE):
        older = Q(ai_chosen_at=None) | Q(ai_chosen_at__lt=at)
        mine = screenings.filter(older, id=chain.removeprefix(CHAIN))
        mine.update(ai_chosen_at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_totals"),
        ("screening", "0012_retract"),
    ]

    operations = [
        migrations.RunPython(take_over, migrations.RunPython.noop, elidable=True),
    ]
