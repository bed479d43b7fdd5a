"""Every write of the records app: one keyword-only function each."""

from records.actions.clients import (
    ClientClosed,
    change_keys,
    create_client,
    issue_token,
    note_listing,
    note_reading,
    note_refusal,
    revoke_client,
    revoke_token,
    revoke_tokens,
)
from records.actions.incoming import (
    Key,
    NotTaken,
    SentBefore,
    Taken,
    discard_draft,
    find_by_key,
    find_received,
    note_not_taken,
    receive_order,
    receive_questionnaire,
    receive_response,
)
from records.actions.tokens import Replayed, grant_token

__all__ = [
    "ClientClosed",
    "Key",
    "NotTaken",
    "SentBefore",
    "Taken",
    "discard_draft",
    "find_by_key",
    "find_received",
    "note_not_taken",
    "receive_order",
    "receive_questionnaire",
    "receive_response",
    "Replayed",
    "change_keys",
    "create_client",
    "grant_token",
    "issue_token",
    "note_listing",
    "note_reading",
    "note_refusal",
    "revoke_client",
    "revoke_token",
    "revoke_tokens",
]
