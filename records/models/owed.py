"""What a delivery and a notification share: owed to somebody, tried, and settled."""

from django.db import models

from records.workflow import State


class Owed(models.Model):
    """`claims` only grows: a sender settles what it claimed, never what somebody else
    has taken up since. `next_at`: when it is tried next; empty once it is settled.
    """

    state = models.CharField(
        max_length=8,
        choices=[(s.value, s.capitalize()) for s in State],
        default=State.DUE.value,
    )
    # When what is told of came to be: the order in which deliveries leave.
    caused_at = models.DateTimeField()
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        abstract = True
