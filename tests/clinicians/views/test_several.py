"""Pages for several cases: chosen in the queue, listed, confirmed, undone."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from clinicians.models import BulkAct
from clinicians.workflow import Status
from tests.cast import Cast, signed_in
from tests.clinicians.test_bulk import routine

URL = "clinicians:several"


def chosen(*cases, kind: str = "CLAIM") -> dict[str, Any]:
    return {"kind": kind, "case": [str(case.id) for case in cases]}


def confirm(client, *cases, kind: str = "CLAIM"):
    page = client.get(reverse(URL), chosen(*cases, kind=kind)).content.decode()
    seen = re.findall(r'name="case" value="([^"]+)"', page)
    return client.post(reverse(URL), {"kind": kind, "case": seen}, follow=True)


def test_queue_offers_to_choose_what_may_be(cast: Cast):
    ordinary, urgent = routine(cast), cast.flagged()
    page = signed_in(cast.alice).get(reverse("clinicians:queue")).content.decode()
    assert f'id="pick-{ordinary.id}"' in page
    assert f'id="pick-{urgent.id}"' not in page
    assert "With the chosen cases" in page
    page = signed_in(cast.ada).get(reverse("clinicians:queue")).content.decode()
    assert "With the chosen cases" not in page


def test_confirmation_lists_each_and_says_why_one_is_left_out(cast: Cast):
    ordinary, urgent = routine(cast), cast.flagged()
    client = signed_in(cast.alice)
    page = client.get(reverse(URL), chosen(ordinary, urgent)).content.decode()
    assert ordinary.patient.family_name in page
    assert "urgent cases are worked on one by one" in page
    assert f"{ordinary.id}:" in page
    assert f"{urgent.id}:" not in page
    ordinary.refresh_from_db()
    assert ordinary.status == Status.OPEN


def test_confirmed_act_is_done_and_undone(cast: Cast):
    cases = [routine(cast), routine(cast)]
    client = signed_in(cast.alice)
    page = confirm(client, *cases).content.decode()
    assert "2 cases claimed. You can undo this until" in page
    url = reverse("clinicians:undo-several", args=[BulkAct.objects.get().id])
    assert url in page
    assert (
        "Undone: 2 cases as before." in client.post(url, follow=True).content.decode()
    )
    again = client.post(url, follow=True).content.decode()
    assert "This was undone already." in again
    for case in cases:
        case.refresh_from_db()
        assert case.status == Status.OPEN


def test_what_was_touched_is_said(cast: Cast):
    case = routine(cast)
    client = signed_in(cast.alice)
    confirm(client, case)
    client.post(
        reverse("clinicians:note", args=[case.id]), {"text": "Rang.", "opened": ""}
    )
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    url = reverse("clinicians:undo-several", args=[BulkAct.objects.get().id])
    page = client.post(url, follow=True).content.decode()
    assert "1 could not be undone" in page


def test_late_act_is_not_offered_for_undoing(cast: Cast):
    client = signed_in(cast.alice)
    confirm(client, routine(cast))
    act = BulkAct.objects.get()
    url = f"{reverse('clinicians:queue')}?done={act.id}"
    assert "You can undo this" in client.get(url).content.decode()
    assert "undo this" not in signed_in(cast.bob).get(url).content.decode()
    BulkAct.objects.update(undo_until_at=timezone.now())
    assert "undo this" not in client.get(url).content.decode()
    assert client.get(f"{reverse('clinicians:queue')}?done=x").status_code == 200


def test_change_meanwhile_does_nothing_and_says_so(cast: Cast):
    case = routine(cast)
    data = {"kind": "CLAIM", "case": [f"{case.id}:9"]}
    response = signed_in(cast.alice).post(reverse(URL), data)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Nothing was done." in page
    assert f"{case.id}:0" in page


def test_urgent_case_typed_in_is_refused(cast: Cast):
    case = cast.flagged()
    data = {"kind": "CLOSE", "case": [f"{case.id}:0"]}
    response = signed_in(cast.alice).post(reverse(URL), data)
    assert response.status_code == 409
    assert "one by one" in response.content.decode()


@pytest.mark.parametrize(
    "given", [{"kind": "BURN"}, {"kind": "CLAIM", "case": "x"}, {}]
)
def test_nonsense_is_not_there(cast: Cast, given):
    assert signed_in(cast.alice).get(reverse(URL), given).status_code == 404


def test_nothing_chosen_is_said(cast: Cast):
    client = signed_in(cast.alice)
    page = client.get(reverse(URL), {"kind": "CLAIM"}, follow=True).content.decode()
    assert "Choose at least one case first." in page


def test_case_and_act_of_another_clinic_are_not_there(cast: Cast):
    case = routine(cast)
    charlie = signed_in(cast.charlie)
    assert charlie.get(reverse(URL), chosen(case)).status_code == 404
    data = {"kind": "CLAIM", "case": [f"{case.id}:0"]}
    assert charlie.post(reverse(URL), data).status_code == 404
    confirm(signed_in(cast.alice), case)
    url = reverse("clinicians:undo-several", args=[BulkAct.objects.get().id])
    assert charlie.post(url).status_code == 404


@pytest.mark.parametrize("who", ["ada", "fred", "liv"])
def test_several_are_closed_to_other_roles(cast: Cast, who):
    client = signed_in(getattr(cast, who))
    assert client.get(reverse(URL), {"kind": "CLAIM"}).status_code == 403
    url = reverse("clinicians:undo-several", args=[cast.clinic.id])
    assert client.post(url).status_code == 403


def test_undo_takes_no_get(cast: Cast):
    url = reverse("clinicians:undo-several", args=[cast.clinic.id])
    assert signed_in(cast.alice).get(url).status_code == 405


def test_page_asks_as_often_for_many_as_for_one(
    cast: Cast, django_assert_max_num_queries
):
    client = signed_in(cast.alice)
    cases = [routine(cast) for _ in range(6)]
    with django_assert_max_num_queries(12):
        client.get(reverse(URL), chosen(*cases))
