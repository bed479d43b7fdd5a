"""The checks find what is unsafe, and say what to do about it."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config import checks
from core.models import append_only


def ids(found):
    return [message.id for message in found]


def test_a_bad_definition_is_an_error_with_its_reason(monkeypatch):
    monkeypatch.setattr("screening.definitions.problems", lambda: ["phq-9.json: a gap"])
    [message] = checks.definitions_are_safe()
    assert (message.id, message.msg) == (
        "config.E001",
        "A definition cannot be used: phq-9.json: a gap",
    )


def test_shipped_definitions_are_safe():
    assert checks.definitions_are_safe() == []


def test_a_bad_language_rule_is_an_error_with_its_reason(monkeypatch):
    assert checks.language_rules_are_safe() == []
    problems = "screening.language.inspecting.problems"
    monkeypatch.setattr(problems, lambda: ["en: no phrases"])
    [message] = checks.language_rules_are_safe()
    assert message.id == "config.E005"
    assert message.msg.endswith("cannot be used: en: no phrases")
    with pytest.raises(ImproperlyConfigured, match="no phrases"):
        checks.refuse_to_start_unsafe()


@pytest.mark.django_db
def test_a_table_without_its_triggers_is_an_error():
    assert checks.tables_refuse_edits(databases=["default"]) == []
    with connection.cursor() as cursor:
        append_only.remove(cursor, connection.vendor, "core_auditevent")
    found = checks.tables_refuse_edits(databases=["default"])
    assert ids(found) == ["config.E002"]
    assert "core_auditevent" in found[0].msg


def test_tables_are_looked_at_only_when_asked():
    assert checks.tables_refuse_edits() == []


@pytest.mark.parametrize("allowed", ["checkin.example.org", ".example.org"])
def test_the_address_we_send_is_one_we_answer(settings, allowed):
    settings.BASE_URL = "https://checkin.example.org"
    settings.ALLOWED_HOSTS = [allowed]
    assert checks.address_is_allowed() == []
