"""The team: who may change what, and what is kept of it."""

import pytest
from django.core import mail as outbox
from django.urls import reverse

from core.models import User
from tests.cast import Cast, signed_in

NEW = {"name": "Nia Brook", "email": "nia@clinic.example", "role": "CLINICIAN"}


def test_new_colleague_gets_a_link_to_set_a_password(cast: Cast):
    signed_in(cast.ada).post(reverse("clinicians:team"), NEW)
    user = User.objects.get(email=NEW["email"])
    assert (user.clinic, user.has_usable_password()) == (cast.clinic, False)
    assert outbox.outbox[0].to == [NEW["email"]]
    assert "http://localhost/account" in outbox.outbox[0].body


@pytest.mark.parametrize(
    ("field", "value"), [("email", "nobody"), ("role", "GOD"), ("name", "")]
)
def test_colleague_who_cannot_be_is_refused(cast: Cast, field, value):
    response = signed_in(cast.ada).post(
        reverse("clinicians:team"), {**NEW, field: value}
    )
    assert response.status_code == 422


def test_refusal_is_in_the_title_and_comes_into_view(cast: Cast):
    """The form stands below the list: nobody is to look for why nothing happened."""
    sent = {**NEW, "email": "nobody"}
    page = signed_in(cast.ada).post(reverse("clinicians:team"), sent).content.decode()
    assert "Error: Team" in page
    assert 'class="error-summary" role="group" tabindex="-1" autofocus' in page


def test_address_that_is_taken_is_refused(cast: Cast):
    data = {**NEW, "email": cast.alice.email}
    response = signed_in(cast.ada).post(reverse("clinicians:team"), data)
    assert "has that address already" in response.content.decode()


def test_ending_access_ends_the_session_too(cast: Cast):
    alice = signed_in(cast.alice)
    assert alice.get(reverse("clinicians:queue")).status_code == 200
    url = reverse("clinicians:deactivate", args=[cast.alice.id])
    signed_in(cast.ada).post(url)
    assert alice.get(reverse("clinicians:queue")).status_code == 302

    signed_in(cast.ada).post(reverse("clinicians:reactivate", args=[cast.alice.id]))
    cast.alice.refresh_from_db()
    assert cast.alice.is_active


def test_nobody_ends_their_own_access(cast: Cast):
    url = reverse("clinicians:deactivate", args=[cast.ada.id])
    page = signed_in(cast.ada).post(url, follow=True).content.decode()
    assert "cannot end your own access" in page


@pytest.mark.parametrize("name", ["deactivate", "reactivate", "send-again"])
def test_staff_of_another_clinic_are_not_there(cast: Cast, name):
    url = reverse(f"clinicians:{name}", args=[cast.charlie.id])
    assert signed_in(cast.ada).post(url).status_code == 404


def test_password_link_can_be_sent_again(cast: Cast):
    signed_in(cast.ada).post(reverse("clinicians:send-again", args=[cast.bob.id]))
    assert outbox.outbox[0].to == [cast.bob.email]


@pytest.mark.parametrize("who", ["alice", "sue", "fred", "liv"])
def test_running_the_team_is_for_the_administrator(cast: Cast, who):
    response = signed_in(getattr(cast, who)).get(reverse("clinicians:team"))
    assert response.status_code == 403
