"""The two commands that an administrator gives."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.crypto import hash_token
from records.models import ApiClient, ApiToken
from tests.records.rows import make_clinic


def run(command, **options):
    out = StringIO()
    call_command(command, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


def test_token_is_printed_once_and_nothing_else(clinic):
    secret = run("create_api_client", clinic=clinic.name, name="Lab", days=30)
    token = ApiToken.objects.get(token_hash=hash_token(secret))
    assert (token.expires_at - token.created_at).days == 30
    assert token.client.scopes == [
        "system/QuestionnaireResponse.rs",
        "system/Observation.rs",
    ]


def test_clinic_is_found_by_id(clinic):
    make_clinic(clinic.name)
    run("create_api_client", clinic=str(clinic.id), name="Lab")
    assert ApiClient.objects.get().clinic == clinic


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"clinic": "Nowhere"}, "No clinic is named Nowhere."),
        ({"scopes": "system/Condition.rs"}, "is not one of"),
        ({"scopes": ""}, "could read nothing"),
        ({"days": 0}, "1 to 366 days"),
        ({"days": 367}, "1 to 366 days"),
    ],
)
def test_bad_wish_is_refused_with_a_sentence(clinic, options, sentence):
    wishes = {"clinic": clinic.name, "name": "Lab"} | options
    with pytest.raises(CommandError, match=sentence):
        run("create_api_client", **wishes)
    assert not ApiClient.objects.exists()


def test_two_clinics_of_one_name_are_refused(clinic):
    make_clinic(clinic.name)
    with pytest.raises(CommandError, match="More than one clinic"):
        run("create_api_client", clinic=clinic.name, name="Lab")


def test_name_in_use_is_refused(clinic):
    run("create_api_client", clinic=clinic.name, name="Lab")
    with pytest.raises(CommandError, match="has a client named Lab already"):
        run("create_api_client", clinic=clinic.name, name="Lab")


@pytest.mark.parametrize("by_id", [False, True])
def test_second_token_is_issued_while_the_first_works(clinic, by_id):
    first = run("create_api_client", clinic=clinic.name, name="Lab")
    client = ApiClient.objects.get()
    named = str(client.id) if by_id else "Lab"
    second = run("create_api_client", clinic=clinic.name, client=named, days=5)
    assert first != second
    assert client.tokens.filter(revoked_at=None).count() == 2

    said = run("revoke_api_client", clinic=clinic.name, name=named, but_newest=True)
    assert said == f"1 older tokens of {named} are closed."
    assert client.tokens.get(revoked_at=None).token_hash == hash_token(second)


def test_second_token_changes_no_scopes_and_needs_a_client(clinic):
    with pytest.raises(CommandError, match="no active client named Lab"):
        run("create_api_client", clinic=clinic.name, client="Lab")
    run("create_api_client", clinic=clinic.name, name="Lab")
    wish = {"clinic": clinic.name, "client": "Lab", "scopes": "system/Observation.rs"}
    with pytest.raises(CommandError, match="keeps the scopes"):
        run("create_api_client", **wish)


def test_revoked_client_is_out_at_once(clinic):
    run("create_api_client", clinic=clinic.name, name="Lab")
    said = run("revoke_api_client", clinic=clinic.name, name="Lab")
    assert said == "Lab can no longer read the record of North clinic."
    assert not ApiClient.objects.get().active
    assert ApiToken.objects.get().revoked_at is not None


def test_unknown_client_cannot_be_revoked(clinic):
    with pytest.raises(CommandError, match="no active client named Lab"):
        run("revoke_api_client", clinic=clinic.name, name="Lab")
