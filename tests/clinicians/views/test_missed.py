"""What was not answered: listed until asked again, one by one or several at once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinicians.models import PatientMail
from core.audit import Actor
from screening.actions import expire_overdue, revoke_invitation
from screening.models import Invitation, Screening
from tests.cast import NOW, Cast, make_screening, signed_in
from tests.clinicians.planned import asked, reachable
from tests.clinicians.test_schedules import started

LIST = "clinicians:missed"


def missed(cast: Cast, **fields: object) -> Screening:
    """A screening that ran out a moment ago."""
    made = asked(cast, reachable(cast, **fields))
    Invitation.objects.filter(id=made.invitation.id).update(
        expires_at=timezone.now() - timedelta(hours=1)
    )
    expire_overdue(at=timezone.now())
    made.screening.refresh_from_db()
    return made.screening


def shown(cast: Cast) -> str:
    return signed_in(cast.fred).get(reverse(LIST)).content.decode()


def test_what_ran_out_is_listed_and_on_the_patients_page(cast: Cast):
    row = missed(cast)
    text = shown(cast)
    assert row.patient.family_name in text
    assert "Not begun in time" in text
    page = signed_in(cast.fred).get(
        reverse("clinicians:patient", args=[row.patient_id])
    )
    assert "Missed: not begun in time" in page.content.decode()
    assert "Invite again" in page.content.decode()


def test_asked_again_the_link_of_before_asks_no_second_time(cast: Cast, client):
    made = asked(cast)
    Screening.objects.update(status="EXPIRED", closed_at=timezone.now())
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert client.get(f"/i/{made.token}/").status_code == 200
    url = reverse("clinicians:again", args=[made.screening.id])
    page = signed_in(cast.fred).post(url, follow=True).content.decode()
    assert "Missed: not begun in time" in page
    assert "Taken back" not in page
    assert Screening.objects.count() == 2
    assert client.get(f"/i/{made.token}/").status_code == 404
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_one_press_asks_the_same_again_once(cast: Cast):
    row = missed(cast)
    url = reverse("clinicians:again", args=[row.id])
    client = signed_in(cast.fred)
    first = client.post(url, follow=True).content.decode()
    assert "Invited again. The e-mail is on its way." in first
    assert (
        "not waiting to be asked again"
        in client.post(url, follow=True).content.decode()
    )
    newest = Screening.objects.latest("created_at")
    assert (newest.battery, newest.language) == (row.battery, row.language)
    assert Screening.objects.count() == 2
    assert PatientMail.objects.filter(screening=newest).exists()
    assert "Nothing is missing" in shown(cast)


def test_without_an_address_the_sheet_is_shown(cast: Cast):
    row = missed(cast)
    row.patient.email = ""
    row.patient.save()
    url = reverse("clinicians:again", args=[row.id])
    page = signed_in(cast.fred).post(url, follow=True).content.decode()
    assert "print this sheet" in page
    assert "<svg" in page


def test_several_are_looked_at_and_asked_again(cast: Cast):
    rows = [missed(cast), missed(cast)]
    client = signed_in(cast.fred)
    given = {"screening": [str(row.id) for row in rows], "again": "yes"}
    look = client.post(reverse("clinicians:invite-look"), given).content.decode()
    assert "Invite 2 patients" in look
    batch = re.findall(r'name="batch" value="([^"]+)"', look)[0]
    url = reverse("clinicians:invite-send")
    done = client.post(url, {**given, "batch": batch}, follow=True).content.decode()
    assert "2 patients invited" in done
    assert "Nothing is missing" in shown(cast)


def test_nothing_chosen_or_gone_meanwhile_is_told_on_the_same_list(cast: Cast):
    old = missed(cast)
    client = signed_in(cast.fred)
    url = reverse("clinicians:invite-look")
    for chosen in ([], [str(make_screening(old.patient, at=NOW).id)]):
        page = client.post(url, {"again": "yes", "screening": chosen}, follow=True)
        assert page.redirect_chain[-1][0] == reverse(LIST)
        assert "Choose 1 to 50 patients." in page.content.decode()
    assert client.post(url, {"again": "yes", "screening": "x"}).status_code == 404


def test_what_staff_took_back_or_is_answered_since_is_not_listed(cast: Cast):
    made = asked(cast)
    revoke_invitation(invitation=made.invitation, by=Actor.staff(cast.fred), at=NOW)
    expire_overdue(at=timezone.now())
    answered = missed(cast)
    make_screening(answered.patient, at=timezone.now(), status="COMPLETED")
    inactive = missed(cast)
    inactive.patient.status = "INACTIVE"
    inactive.patient.save()
    assert "Nothing is missing" in shown(cast)
    page = signed_in(cast.fred).get(
        reverse("clinicians:patient", args=[made.screening.patient_id])
    )
    assert "Taken back: the link was revoked" in page.content.decode()


def test_day_that_was_not_asked_is_listed_with_its_reason(cast: Cast):
    row = started(cast)
    row.runs.create(due_on=row.starts_on, skipped="Because.", at=timezone.now())
    assert "Not asked. Because." in shown(cast)


@pytest.mark.parametrize("name", ["missed", "again"])
def test_missed_pages_are_closed_to_others(cast: Cast, name: str):
    row = missed(cast)
    if name == "missed":
        url = reverse(LIST)
        assert (
            row.patient.family_name
            not in signed_in(cast.charlie).get(url).content.decode()
        )
        assert signed_in(cast.liv).get(url).status_code == 403
        assert signed_in(cast.fred).post(url).status_code == 405
        return
    url = reverse("clinicians:again", args=[row.id])
    assert signed_in(cast.charlie).post(url).status_code == 404
    assert signed_in(cast.liv).post(url).status_code == 403
    assert signed_in(cast.fred).get(url).status_code == 405


def test_list_asks_no_more_for_more_rows(cast: Cast, django_assert_max_num_queries):
    for _ in range(3):
        missed(cast)
    client = signed_in(cast.fred)
    with django_assert_max_num_queries(13):
        client.get(reverse(LIST))
