"""Clients and tokens: made, used, ended, each with its line in the audit log."""

from datetime import timedelta

import pytest

from core.models import AuditEvent
from records.actions import (
    create_client,
    issue_token,
    note_reading,
    revoke_client,
    revoke_token,
)
from records.models import ApiToken
from records.permissions import ScopeRefused
from tests.records.conftest import AT, BOTH, BY, make_token


def kinds():
    return list(AuditEvent.objects.order_by("seq").values_list("kind", flat=True))


def test_only_the_hash_of_a_token_is_kept(clinic):
    client = create_client(clinic=clinic, name="Lab", scopes=BOTH, by=BY, at=AT)
    token, secret = issue_token(client=client, days=90, by=BY, at=AT)
    assert token.expires_at == AT + timedelta(days=90)
    stored = ApiToken.objects.values().get()
    assert secret not in map(str, stored.values())
    assert len(secret) >= 43
    assert kinds() == ["API_CLIENT_CREATED", "API_TOKEN_ISSUED"]
    assert secret not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    "scopes",
    [
        [],
        ["system/Condition.rs"],
        ["system/*.rx"],
        ["system/Observation.cud"],
        ["user/Observation.rs"],
        ["system/Observation.rs", "everything"],
    ],
)
def test_scope_that_is_not_served_is_refused(clinic, scopes):
    with pytest.raises(ScopeRefused):
        create_client(clinic=clinic, name="Lab", scopes=scopes, by=BY, at=AT)


def test_token_opens_until_the_moment_it_expires(clinic):
    client = create_client(clinic=clinic, name="Lab", scopes=BOTH, by=BY, at=AT)
    token, _ = issue_token(client=client, days=1, by=BY, at=AT)
    assert token.opens(AT + timedelta(hours=23))
    assert not token.opens(AT + timedelta(days=1))


def test_revoking_a_token_closes_it_once(token):
    revoke_token(token=token, by=BY, at=AT)
    revoke_token(token=token, by=BY, at=AT + timedelta(days=1))
    token.refresh_from_db()
    assert token.revoked_at == AT
    assert not token.opens(AT)
    assert kinds().count("API_TOKEN_REVOKED") == 1


def test_revoking_a_client_closes_all_of_its_tokens_once(token):
    revoke_client(client=token.client, by=BY, at=AT)
    revoke_client(client=token.client, by=BY, at=AT + timedelta(days=1))
    token.refresh_from_db()
    assert token.revoked_at == AT
    assert not token.client.active
    assert kinds().count("API_CLIENT_REVOKED") == 1


def test_name_is_free_again_after_revocation(clinic):
    first = make_token(clinic)
    revoke_client(client=first.client, by=BY, at=AT)
    assert make_token(clinic).client_id != first.client_id


def test_last_use_is_written_at_most_every_five_minutes(token):
    def read(at):
        note_reading(
            token=token,
            interaction="read",
            resource="Observation",
            object_type="Administration",
            object_id="x",
            at=at,
        )
        token.refresh_from_db()
        return token.last_used_at

    assert read(AT) == AT
    assert read(AT + timedelta(minutes=4, seconds=59)) == AT
    later = AT + timedelta(minutes=5)
    assert read(later) == later


def test_rows_name_themselves_without_a_secret(token):
    assert str(token.client) == "Lab system"
    assert str(token) == f"token {token.id}"
