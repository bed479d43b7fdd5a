"""The checks find what is unsafe, and say what to do about it."""

import pytest
from django.core import checks as framework
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

from config import checks
from core.models import append_only
from tests.core.people import make_clinic


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


@pytest.mark.django_db
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


def test_the_address_we_send_is_one_we_answer(settings):
    settings.BASE_URL = "https://checkin.example.org"
    settings.ALLOWED_HOSTS = ["checkin.example.org"]
    assert checks.address_is_allowed() == []


@pytest.mark.parametrize(("https", "code"), [(True, "E006"), (False, "W002")])
def test_a_loop_that_nobody_misses_is_an_error_on_a_network(settings, https, code):
    settings.DEAD_MAN, settings.HTTPS = False, https
    assert f"config.{code}" in ids(checks.alarms_leave_the_house())


@pytest.mark.parametrize("country", ["UK", "XX", "us"])
def test_a_help_page_without_a_number_is_an_error(settings, country):
    assert checks.strangers_are_given_a_number() == []
    settings.HELP_COUNTRY = country
    [message] = checks.strangers_are_given_a_number()
    assert message.id == "config.E007"
    assert "GB" in (message.hint or "")


@pytest.mark.django_db
def test_a_clinic_whose_country_has_no_number_is_named():
    make_clinic(name="North", country="GB")
    assert checks.patients_are_given_a_number(databases=["default"]) == []
    make_clinic(name="South", country="UK")
    [message] = checks.patients_are_given_a_number(databases=["default"])
    assert (message.id, message.msg.partition(",")[0]) == (
        "config.W003",
        "South is in UK",
    )


@pytest.mark.django_db
def test_a_server_looks_at_its_tables_before_it_starts():
    checks.refuse_to_start_unsafe()
    with connection.cursor() as cursor:
        append_only.remove(cursor, connection.vendor, "core_auditevent")
    with pytest.raises(ImproperlyConfigured, match="core_auditevent"):
        checks.refuse_to_start_unsafe()


def test_a_server_without_its_database_starts_for_the_page_with_help(
    monkeypatch, caplog
):
    run = framework.run_checks

    def down(*, databases=None, **kwargs):
        if databases:
            raise OperationalError
        return run(**kwargs)

    monkeypatch.setattr(framework, "run_checks", down)
    checks.refuse_to_start_unsafe()
    assert "started without its database" in caplog.text
