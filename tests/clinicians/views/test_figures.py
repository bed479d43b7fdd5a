"""The pages of the team's figures: who sees what, nothing small, whole in a file."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent, Role, User
from screening.domain.rules import Tier
from tests.cast import NOW, Cast, make_user, signed_in
from tests.clinicians.figured import alert

SMALL = "?small=shown"
PAGES = ("figures", "figures-rules")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def auditor(cast: Cast) -> User:
    return make_user(cast.clinic, Role.AUDITOR, "Otto Look")


def shown(client: Client, name: str = "figures", query: str = "") -> str:
    answer = client.get(reverse(f"clinicians:{name}") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def cells(page: str, label: str) -> list[str]:
    """What stands in a column of the page's tables."""
    return re.findall(rf'<td role="cell" data-label="{label}">\s*(.*?)\s*</td>', page)


def file(client: Client, name: str, query: str = "") -> list[list[str]]:
    answer = client.get(reverse("clinicians:figures-csv", args=[name]) + query)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_team_reads_times_and_goes_on_to_the_queue(cast: Cast):
    for minutes in range(1, 12):
        alert(cast, seen=minutes * 25, shut=minutes * 60)
    alert(cast)
    page = shown(signed_in(cast.sue))
    assert cells(page, "Median")[0] == "2 h 30 min"
    assert cells(page, "Longest")[0] == "4 h 35 min"
    assert f"{reverse('clinicians:queue')}?tier=URGENT&amp;owner=unowned" in page
    assert "15 Sep 2026</strong>, whole days in America/New York" in page


def test_small_numbers_are_hidden_until_who_reads_cases_asks_for_them(cast: Cast):
    alert(cast, seen=30, shut=60)
    plain, asked = (shown(signed_in(cast.sue), query=query) for query in ("", SMALL))
    assert cells(plain, "Median")[0] == cells(plain, "Alerts")[0] == "hidden"
    assert (cells(asked, "Median")[0], cells(asked, "Alerts")[0]) == ("30 min", "1")
    assert "hidden\n" not in asked
    assert "Do not pass this page on." in asked


@pytest.mark.parametrize("name", PAGES)
def test_who_does_not_read_cases_never_sees_small_numbers(cast: Cast, auditor, name):
    alert(cast, seen=30, shut=60)
    for user in (cast.ada, auditor):
        page = shown(signed_in(user), name, SMALL)
        what = "Alerts" if name == "figures" else "Flags"
        assert cells(page, what)[0] == "hidden"
        assert "small=shown" not in page


def test_auditor_has_no_way_to_the_queue_and_no_small_number_of_it(cast: Cast, auditor):
    alert(cast)
    page = shown(signed_in(auditor))
    assert f'href="{reverse("clinicians:queue")}?' not in page
    assert cells(page, "Open")[0] == "hidden"
    seen = shown(signed_in(cast.ada))
    assert "?tier=URGENT&amp;overdue=1" in seen


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["alice", "fred", "liv"])
def test_others_are_refused(cast: Cast, who, name):
    client = signed_in(getattr(cast, who))
    assert client.get(reverse(f"clinicians:{name}")).status_code == 403
    assert client.get("/staff/figures/seen.csv").status_code == 403


def test_pages_are_only_read_and_tables_that_are_none_are_not_there(cast: Cast):
    client = signed_in(cast.sue)
    for name in PAGES:
        assert client.post(reverse(f"clinicians:{name}")).status_code == 405
    assert client.post("/staff/figures/seen.csv").status_code == 405
    assert client.get("/staff/figures/nothing.csv").status_code == 404


def test_another_clinics_cases_are_not_counted(cast: Cast):
    alert(cast, seen=30, shut=60)
    boss = make_user(cast.other_clinic, Role.SUPERVISOR, "Bo Hills")
    for name in PAGES:
        page = shown(signed_in(boss), name, SMALL)
        assert set(cells(page, "Alerts") + cells(page, "Flags")) <= {"0"}
        assert "Alice Moore" not in page


def test_file_has_no_small_number_whoever_asks(cast: Cast):
    alert(cast, seen=30, shut=60)
    heads, *rows = file(signed_in(cast.sue), "seen", SMALL)
    assert "Median (minutes)" in heads
    urgent = dict(zip(heads, rows[0], strict=True))
    assert (urgent["Alerts"], urgent["Median (minutes)"]) == ("hidden", "hidden")
    assert urgent["Taken late"] == "0"


def test_file_is_named_after_clinic_and_days_and_is_on_record(cast: Cast):
    client = signed_in(cast.sue)
    answer = client.get("/staff/figures/seen.csv?from=2026-09-01&to=2026-09-14")
    name = "riverside-seen-2026-09-01-to-2026-09-14.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "no-store"
    line = AuditEvent.objects.get(kind="FIGURES_DOWNLOADED")
    assert line.object_id == str(cast.clinic.id)
    assert line.detail["table"] == "seen"


def test_name_of_a_clinic_that_no_file_can_have_is_left_out(cast: Cast):
    cast.clinic.name = "診療所"
    cast.clinic.save()
    answer = signed_in(cast.sue).get("/staff/figures/seen.csv")
    assert 'filename="clinic-seen-' in answer["Content-Disposition"]


def test_file_runs_no_formula(cast: Cast):
    cast.bob.name = '=HYPERLINK("http://x")'
    cast.bob.save()
    _, *rows = file(signed_in(cast.sue), "people")
    assert '\'=HYPERLINK("http://x")' in [row[0] for row in rows]


def test_each_table_of_both_pages_leads_to_its_file(cast: Cast):
    alert(cast, seen=30, shut=60)
    client = signed_in(cast.sue)
    team, rules = (
        re.findall(r'"/staff/figures/([a-z-]+)\.csv\?days=30"', shown(client, page))
        for page in PAGES
    )
    cases = ["open", "seen", "steps", "closed", "languages"]
    assert team == [*cases, "load", "people", "time", "check-ins"]
    assert rules == ["rules", "ends"]
    assert file(client, "ends")[0] == ["Rule", "Details", "Closed as", "Flags"]


def test_days_that_cannot_be_are_said_and_the_usual_ones_shown(cast: Cast):
    page = shown(signed_in(cast.sue), query="?from=2026-09-20&to=2026-09-01")
    assert "The first day comes after the last one. The last 30 days are shown." in page
    assert "17 Aug 2026 to 15 Sep 2026" in page


def test_rules_that_can_never_be_turned_off_are_named(cast: Cast):
    alert(cast, rule="item-9", seen=5, shut=60)
    alert(cast, rule="phq-9-cut", tier=Tier.ROUTINE)
    page = shown(signed_in(cast.sue), "figures-rules")
    assert "No rule can be turned off here" in page
    assert "<li>ASQ: yes to a question</li>" in page
    assert cells(page, "Can be turned off") == ["Never", "Only with sign-off"]
    assert "Without a flag in these days: Item 9: preferred not to answer;" in page


@pytest.mark.parametrize(("name", "most"), [("figures", 22), ("figures-rules", 16)])
def test_queries_do_not_grow_with_the_cases(
    cast: Cast, name, most, django_assert_max_num_queries
):
    client = signed_in(cast.sue)
    for _ in range(2):
        for language in ("en", "es-US"):
            alert(cast, seen=30, shut=60, language=language)
        shown(client, name)
        with django_assert_max_num_queries(most) as seen:
            shown(client, name)
        most = len(seen)
