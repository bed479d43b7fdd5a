"""Who changed which setting: in words, page by page, as a table, for whom."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from clinicians.actions.lines import Check, record_check
from clinicians.actions.settings import change_settings
from clinicians.actions.webhooks import renew_secret
from clinicians.definitions import settings_policy
from core.models import AuditEvent, Clinic, Role
from core.permissions import ROLES, Permission
from tests.cast import NOW, Cast, make_user, signed_in

PAGE = reverse("clinicians:settings-history")


def change(cast: Cast, minutes: int = 0, **changes: object) -> None:
    change_settings(
        clinic=cast.clinic,
        changes=changes,
        confirmed=[danger.id for danger in settings_policy().dangers],
        reason="=Agreed, with the board",
        by=cast.ada,
        at=NOW + timedelta(minutes=minutes),
    )


def shown(cast: Cast, query: str = "", who: str = "ada") -> str:
    return str(signed_in(getattr(cast, who)).get(PAGE + query).content.decode())


def test_history_says_who_when_what_and_why(cast: Cast):
    assert "No setting was changed yet." in shown(cast)
    change(cast, second_person=False, name="Riverbend")
    renew_secret(clinic=cast.clinic, secret="whsec_x", by=cast.ada, at=NOW)
    check = Check(on=NOW.date(), name="Fred Hill", works=True)
    record_check(
        clinic=cast.clinic, key="US:988:call", check=check, by=cast.ada, at=NOW
    )
    page = shown(cast)
    assert "Tue 15 Sep 2026, 10:00 EDT" in page
    assert "Ada Reed (administrator today)" in page
    assert "Name: Riverside → Riverbend" in page
    assert "A second person confirms that an urgent case is closed: on → off" in page
    assert "=Agreed, with the board" in page
    assert "Read and ticked: One person alone closes urgent cases" in page
    assert "Signing secret of webhooks: made anew" in page
    assert "whsec_x" not in page
    tried = "Tried on Tue 15 Sep 2026 by Fred Hill: it works"
    assert f"Crisis line, call 988: {tried}" in page


def test_pages_follow_one_another_without_a_gap(cast: Cast):
    size = settings_policy().history_page
    for number in range(size + 2):
        change(cast, number, name=f"Clinic number {number}!")
    first = shown(cast)
    assert f"number {size + 1}!" in first
    assert "number 2!" in first
    assert "→ Clinic number 1!" not in first
    # A change that comes while somebody reads moves nothing.
    before = first.split('href="?before=')[1].split('"')[0]
    change(cast, 99, name="Later")
    second = shown(cast, f"?before={before}")
    assert "→ Clinic number 1!" in second
    assert "→ Clinic number 2!" not in second
    assert "Newest" in second
    assert "Earlier" not in second
    assert "There is nothing earlier." in shown(cast, "?before=1")


@pytest.mark.parametrize("odd", ["x", "-1", "1.5", "9" * 30])
def test_place_that_is_none_is_not_found(cast: Cast, odd):
    assert signed_in(cast.ada).get(f"{PAGE}?before={odd}").status_code == 404


def test_table_has_a_line_for_each_difference_and_runs_no_formula(cast: Cast):
    change(cast, name="Riverbend", adult_age=19)
    response = signed_in(cast.ada).get(reverse("clinicians:settings-history-csv"))
    text = response.content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[:3] == ["When", "Who", "Setting"]
    assert sorted((row[2], row[3], row[4]) for row in rows) == [
        ("Age from which somebody is an adult", "18", "19"),
        ("Name", "Riverside", "Riverbend"),
    ]
    assert rows[0][0] == "2026-09-15T14:00:00+00:00"


def test_reason_of_a_danger_is_in_the_table(cast: Cast):
    change(cast, prorate=True)
    response = signed_in(cast.ada).get(reverse("clinicians:settings-history-csv"))
    text = response.content.decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text)))[1]
    assert row[5] == "Totals are estimated when answers are missing"
    assert row[6] == "'=Agreed, with the board"


def test_another_clinics_changes_are_not_there(cast: Cast):
    change(cast, name="Riverbend")
    boss = make_user(cast.other_clinic, Role.ADMINISTRATOR, "Olga Lane")
    page = signed_in(boss).get(PAGE).content.decode()
    assert "Riverbend" not in page
    assert "No setting was changed yet." in page


def test_history_is_for_whoever_may_read_the_log(cast: Cast):
    """Administrators can too: whoever changes settings may read what was changed."""
    change(cast, name="Riverbend")
    cast.liv.role = Role.AUDITOR
    cast.liv.save()
    for who in ("ada", "sue", "liv"):
        assert "Riverbend" in shown(cast, who=who)
    for who in ("alice", "fred"):
        assert signed_in(getattr(cast, who)).get(PAGE).status_code == 403
    assert signed_in(cast.ada).post(PAGE).status_code == 405
    for allowed in ROLES.values():
        if Permission.MANAGE_CLINIC in allowed:
            assert Permission.READ_AUDIT in allowed


def test_whoever_reads_the_log_finds_the_way_to_it(cast: Cast):
    log = signed_in(cast.sue).get(reverse("clinicians:audit")).content.decode()
    assert PAGE in log
    assert f'<p><a href="{reverse("clinicians:audit")}">Audit log' in shown(
        cast, who="sue"
    )


def test_history_asks_a_constant_number_of_queries(
    cast: Cast, django_assert_max_num_queries
):
    Clinic.objects.update(country="DE")
    for number in range(4):
        change(cast, number, name=f"Clinic {number}")
    client = signed_in(cast.ada)
    with django_assert_max_num_queries(12):
        client.get(PAGE)


def test_taking_the_history_along_is_on_record(cast: Cast):
    change(cast, second_person=False)
    answer = signed_in(cast.ada).get(reverse("clinicians:settings-history-csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    line = AuditEvent.objects.get(kind="SETTINGS_HISTORY_DOWNLOADED")
    assert line.object_id == str(cast.clinic.id)
