"""System checks: what would make this installation unsafe, and what to do about it."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.db.migrations.loader import MigrationLoader

from config import env, storage
from core.models import Clinic, append_only
from screening import definitions
from screening.definitions.files import ROOT
from screening.definitions.lines import read_lines
from screening.language import inspecting

log = logging.getLogger(__name__)
# A patient looks at an unchanged page for as long as this.
LONGEST_DEADLINE_SECONDS = 4.0


@checks.register
def definitions_are_safe(**_kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"A definition cannot be used: {problem}",
            hint="Mend the file, or take it out and out of every battery.",
            id="config.E001",
        )
        for problem in definitions.problems()
    ]


@checks.register
def language_rules_are_safe(**_kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"The rules that read a patient's words cannot be used: {problem}",
            hint="Mend the file: words of danger are found by these rules.",
            id="config.E005",
        )
        for problem in inspecting.problems()
    ]


@checks.register(checks.Tags.database)
def tables_refuse_edits(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"The table {table} of {alias} accepts edits, and must not.",
            hint="Repeat append_only_triggers in a migration; somebody or something "
            "took the triggers off.",
            id="config.E002",
        )
        for alias in databases or ()
        for table in _unprotected(alias)
    ]


@checks.register
def address_is_allowed(**_kwargs: Any) -> list[checks.CheckMessage]:
    host = env.host(settings.BASE_URL)
    names = settings.ALLOWED_HOSTS
    if host in names:
        return []
    return [
        checks.Error(
            f"BASE_URL names {host}, which ALLOWED_HOSTS does not let in.",
            hint="Add it to ALLOWED_HOSTS, or every link we send will fail.",
            id="config.E003",
        )
    ]


@checks.register
def model_is_not_waited_for(**_kwargs: Any) -> list[checks.CheckMessage]:
    if settings.LANGUAGE_DEADLINE_SECONDS <= LONGEST_DEADLINE_SECONDS:
        return []
    return [
        checks.Error(
            f"LANGUAGE_DEADLINE_SECONDS is above {LONGEST_DEADLINE_SECONDS:.0f}.",
            hint="A patient waits that long for a page; 3.5 is the default.",
            id="config.E004",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def alarms_leave_the_house(**_kwargs: Any) -> list[checks.CheckMessage]:
    faults: list[checks.CheckMessage] = []
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        faults.append(
            checks.Warning(
                "E-mail is not sent to anybody, so no alarm reaches a person.",
                hint="Set EMAIL_URL to smtp://, smtp+tls:// or smtps://.",
                id="config.W001",
            )
        )
    if not settings.DEAD_MAN:
        faults.append(_no_dead_man())
    return faults


def _no_dead_man() -> checks.CheckMessage:
    said = "Nobody is told when the safety loop stops."
    hint = "Set DEAD_MAN=true."
    if settings.HTTPS:
        return checks.Error(said, hint=hint, id="config.E006")
    return checks.Warning(said, hint=hint, id="config.W002")


@checks.register
def exports_can_be_kept(**_kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"RECORDS_STORAGE names a bucket, and {package} is not installed.",
            hint="pip install -r requirements-objects.txt, or leave RECORDS_STORAGE out "
            "to keep exports in RECORDS_FOLDER.",
            id="config.E008",
        )
        for package in storage.missing(settings.STORAGES["exports"])
    ]


@checks.register
def strangers_are_given_a_number(**_kwargs: Any) -> list[checks.CheckMessage]:
    country = settings.HELP_COUNTRY
    if definitions.crisis_lines(country).emergency:
        return []
    return [
        checks.Error(
            f"HELP_COUNTRY is {country}, for which we have no emergency number.",
            hint=f"Set it to one of: {', '.join(sorted(read_lines(ROOT)))}.",
            id="config.E007",
        )
    ]


@checks.register(checks.Tags.database)
def patients_are_given_a_number(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[checks.CheckMessage]:
    return [
        checks.Warning(
            f"{name} is in {country}, for which we have no emergency number.",
            hint="Its patients see none on the help page. Correct the clinic's "
            "country, or add the country's lines.",
            id="config.W003",
        )
        for alias in databases or ()
        for name, country in _clinics(alias)
        if not definitions.crisis_lines(country).emergency
    ]


def refuse_to_start_unsafe() -> None:
    """For a server, which runs no check by itself."""
    found = [*checks.run_checks(), *_database_faults()]
    errors = [message for message in found if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("; ".join(f"{e.msg} {e.hint or ''}" for e in errors))


def _database_faults() -> list[checks.CheckMessage]:
    try:
        return checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    except OperationalError:
        # The page with help has to be served all the same; /readyz says it, too.
        log.exception("started without its database: tables were not looked at")
        return []


def _clinics(alias: str) -> list[tuple[str, str]]:
    connection = connections[alias]
    with connection.cursor() as cursor:
        if Clinic._meta.db_table not in connection.introspection.table_names(cursor):
            return []  # before the first migration
    clinics = Clinic.objects.using(alias).order_by("name")
    return list(clinics.values_list("name", "country"))


def _unprotected(alias: str) -> list[str]:
    connection = connections[alias]
    declared = append_only.declared(MigrationLoader(connection))
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        protected = append_only.protected(cursor, connection.vendor)
    return sorted((declared & existing) - protected)
