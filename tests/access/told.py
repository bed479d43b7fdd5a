"""What a program of a clinic asked to be told of, and one event of it."""

from records.models import ApiClient, Notification, Subscription
from tests.cast import NOW


def make_notification(client: ApiClient) -> Notification:
    """One that was given up, so that it may be told again."""
    subscription = Subscription.objects.create(
        clinic=client.clinic,
        client=client,
        topic="screening-result",
        status="active",
        reason="New results",
        endpoint="https://told.example.org/hook",
        content="id-only",
        events=1,
        activated_at=NOW,
        created_at=NOW,
        changed_at=NOW,
    )
    return Notification.objects.create(
        subscription=subscription,
        kind="event-notification",
        number=1,
        source="result/1",
        resource="QuestionnaireResponse",
        focus=client.id,
        state="DEAD",
        caused_at=NOW,
        created_at=NOW,
    )
