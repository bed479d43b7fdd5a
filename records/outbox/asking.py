"""What a program asks to be sent once more, each request once."""

from datetime import datetime

from django.db import IntegrityError, transaction

from core.audit import Actor
from records.models import ApiClient, Delivery, Received
from records.outbox.sending import again
from records.workflow import MoveRefused

OTHER = "This Idempotency-Key was used before, for another delivery."


def resend_for(
    *, delivery: Delivery, client: ApiClient, key_hash: str, digest: str, at: datetime
) -> bool:
    """Send what was refused or given up once more; False if this request came before.

    `key_hash` is of the request's own name, `digest` of what it asks. A program may do
    what an administrator may, since an administrator gave it the scope. Raises
    MoveRefused.
    """
    try:
        with transaction.atomic():
            # Whoever is first holds the row: the same request waits, and finds the key.
            Delivery.objects.select_for_update(of=("self",)).get(id=delivery.id)
            if _came_before(client, key_hash, digest):
                return False
            again(delivery=delivery, by=Actor.client(client.id), at=at)
            Received.objects.create(
                clinic=client.clinic,
                client=client,
                kind=Received.Kind.RESEND,
                key_hash=key_hash,
                digest=digest,
                object_id=delivery.id,
                at=at,
            )
    except IntegrityError as error:
        raise MoveRefused(OTHER) from error
    return True


def _came_before(client: ApiClient, key_hash: str, digest: str) -> bool:
    rows = Received.objects.filter(clinic=client.clinic, kind=Received.Kind.RESEND)
    known = rows.filter(key_hash=key_hash).first()
    if known is not None and known.digest != digest:
        raise MoveRefused(OTHER)
    return known is not None
