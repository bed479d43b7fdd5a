"""Every write of the records app: one keyword-only function each."""

from records.actions.clients import (
    ClientClosed,
    change_keys,
    create_client,
    issue_token,
    note_reading,
    note_refusal,
    revoke_client,
    revoke_token,
    revoke_tokens,
)
from records.actions.tokens import Replayed, grant_token

__all__ = [
    "ClientClosed",
    "Replayed",
    "change_keys",
    "create_client",
    "grant_token",
    "issue_token",
    "note_reading",
    "note_refusal",
    "revoke_client",
    "revoke_token",
    "revoke_tokens",
]
