"""Several patients at once: chosen, looked at, confirmed once, and printed."""

import re
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse

from clinicians.actions import inviting_many
from clinicians.definitions import planning_policy
from clinicians.models import InviteBatch, PatientMail
from core.models import AuditEvent
from screening.models import Invitation, Screening
from tests.cast import Cast, make_patient, signed_in
from tests.clinicians.planned import asked, reachable

ASKED = {"battery": ["phq-9", "gad-7"], "language": "own"}


@pytest.fixture
def cast(cast: Cast) -> Cast:
    cast.clinic.languages = ["en", "es-US"]
    cast.clinic.save()
    return cast


def look(cast: Cast, *ids: uuid.UUID, **fields: object):
    url = reverse("clinicians:invite-look")
    return signed_in(cast.fred).post(url, {**ASKED, "patient": ids, **fields})


def send(cast: Cast, *ids: uuid.UUID, batch: str = "", **fields: object):
    url = reverse("clinicians:invite-send")
    given = {**ASKED, "patient": ids, "batch": batch or str(uuid.uuid4()), **fields}
    return signed_in(cast.fred).post(url, given, follow=True)


def test_list_says_how_each_would_be_invited(cast: Cast):
    reachable(cast), make_patient(cast.clinic)
    asked(cast)
    gone = make_patient(cast.clinic, status="INACTIVE")
    page = signed_in(cast.fred).get(reverse("clinicians:invite-several"))
    text = page.content.decode()
    for words in ("By e-mail", "On paper: no e-mail address", "Invited already"):
        assert text.count(words) == 1
    assert gone.family_name not in text


def test_look_shows_who_gets_what_and_changes_nothing(cast: Cast):
    mailed = reachable(cast, language="es-US")
    printed = make_patient(cast.clinic)
    busy = asked(cast).screening.patient
    text = look(cast, mailed.id, printed.id, busy.id).content.decode()
    assert re.search(rf"By e-mail \(1\).*{mailed.family_name}.*in Spanish", text, re.S)
    assert re.search(rf"On paper.* \(1\).*{printed.family_name}", text, re.S)
    assert "was invited already, and what was asked is still open." in text
    assert "Invite 2 patients" in text
    assert Screening.objects.count() == 1


def test_questionnaire_without_text_in_a_language_leaves_one_out(cast: Cast):
    spanish = reachable(cast, language="es-US")
    text = look(cast, spanish.id, battery=["phq-2"]).content.decode()
    assert "PHQ-2 has no official text in the patient&#x27;s language." in text
    assert "None of them can be invited now." in text


def test_nobody_chosen_is_told_so(cast: Cast):
    reachable(cast)
    page = look(cast)
    assert page.status_code == 422
    text = page.content.decode()
    assert text.count("Choose at least one patient.") == 1
    assert "This field is required." not in text


def test_no_more_than_the_limit_and_nobody_of_another_clinic(cast: Cast, monkeypatch):
    few = replace(planning_policy(), invite_most=1)
    monkeypatch.setattr(inviting_many, "planning_policy", lambda: few)
    patients = [reachable(cast).id, reachable(cast).id]
    url = reverse("clinicians:invite-look")
    many = signed_in(cast.fred).post(url, {**ASKED, "patient": patients}, follow=True)
    assert "Choose 1 to 1 patients." in many.content.decode()
    other = make_patient(cast.other_clinic)
    strange = signed_in(cast.fred).post(
        url, {**ASKED, "patient": [other.id]}, follow=True
    )
    assert "One of these patients is not there." in strange.content.decode()
    assert other.family_name not in strange.content.decode()


def test_confirmed_twice_is_done_once_and_each_is_on_record(cast: Cast):
    mailed, printed = reachable(cast), make_patient(cast.clinic)
    busy = asked(cast).screening.patient
    batch = str(uuid.uuid4())
    ids = (mailed.id, printed.id, busy.id)
    page = send(cast, *ids, batch=batch).content.decode()
    assert "2 patients invited" in page
    assert "Invited. E-mail on its way" in page
    assert "Print the sheet: there is no e-mail address." in page
    assert "Left out. The patient was invited already" in page
    send(cast, *ids, batch=batch)
    assert InviteBatch.objects.count() == 1
    assert Screening.objects.count() == 3
    assert PatientMail.objects.filter(screening__patient=mailed).count() == 2
    assert AuditEvent.objects.filter(kind="INVITED").count() == 3
    assert AuditEvent.objects.filter(kind="PATIENTS_INVITED").count() == 1


def test_sheets_are_of_those_on_paper_or_of_all(cast: Cast):
    mailed, printed = reachable(cast, language="es-US"), make_patient(cast.clinic)
    send(cast, mailed.id, printed.id)
    url = reverse("clinicians:sheets", args=[InviteBatch.objects.get().id])
    client = signed_in(cast.fred)
    paper = client.get(url).content.decode()
    assert (paper.count("own-page"), paper.count("<svg")) == (1, 1)
    assert printed.family_name in paper
    everybody = client.get(f"{url}?who=all").content.decode()
    assert everybody.count("own-page") == 2
    assert "Apunte la cámara" in everybody
    for link in re.findall(r"http://localhost(/i/[^/]+/)", everybody):
        assert client.get(link).status_code == 200
    assert AuditEvent.objects.filter(kind="LINK_VIEWED").count() == 3

    Invitation.objects.update(revoked_at=InviteBatch.objects.get().at)
    assert "Nothing to print" in client.get(url).content.decode()


def test_pages_of_several_are_closed_to_others(cast: Cast):
    send(cast, reachable(cast).id)
    batch = InviteBatch.objects.get()
    for name in ("invited", "sheets"):
        url = reverse(f"clinicians:{name}", args=[batch.id])
        assert signed_in(cast.charlie).get(url).status_code == 404
        assert signed_in(cast.liv).get(url).status_code == 403
        assert signed_in(cast.fred).post(url).status_code == 405
    for name in ("invite-look", "invite-send"):
        assert (
            signed_in(cast.liv).post(reverse(f"clinicians:{name}")).status_code == 403
        )
    fred = signed_in(cast.fred)
    url = reverse("clinicians:invite-send")
    for given in ({"batch": "x"}, {"batch": str(uuid.uuid4())}):
        page = fred.post(url, given, follow=True).content.decode()
        assert "Nobody was invited. Choose anew." in page
    assert fred.get(reverse("clinicians:invite-send")).status_code == 405
    back = fred.get(f"{reverse('clinicians:invite-look')}?page=2")
    assert back.headers["Location"] == "/staff/patients/invite/?page=2"


def test_list_asks_no_more_for_more_patients(cast: Cast, django_assert_max_num_queries):
    for _ in range(3):
        asked(cast)
    client = signed_in(cast.fred)
    with django_assert_max_num_queries(11):
        client.get(reverse("clinicians:invite-several"))
    send(cast, *[reachable(cast).id for _ in range(4)])
    url = reverse("clinicians:invited", args=[InviteBatch.objects.get().id])
    with django_assert_max_num_queries(11):
        client.get(url)
