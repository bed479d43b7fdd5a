"""A case tells that one of its screenings was entered in error."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinicians', '0008_people'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reviewevent',
            name='kind',
            field=models.CharField(choices=[('ACKNOWLEDGED', 'Claimed'), ('RELEASED', 'Given back to the team'), ('HANDED_OVER', 'Handed over'), ('SNOOZED', 'Put off'), ('AWAKE', 'No longer put off'), ('CLOSE_PROPOSED', 'Closing proposed'), ('CLOSE_DECLINED', 'Closing not confirmed'), ('UNDONE', 'Undone'), ('NOTE', 'Note'), ('RETRACTED', 'Screening marked as entered in error'), ('CONTACT', 'Contact attempt'), ('CLOSED', 'Closed'), ('REOPENED', 'Reopened'), ('TIMED_OUT', 'Back in the queue: nothing was recorded in time'), ('FLAG_JOINED', 'Back in the queue: a new flag joined'), ('ESCALATED', 'Notice sent out'), ('NOTICE_FAILED', 'A notice could not be delivered'), ('NOBODY_TO_TELL', 'No address to send a notice to')], max_length=16),
        ),
    ]
