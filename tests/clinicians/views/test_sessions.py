"""One's sessions and one's factors; a colleague's role, sessions and lost factor."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinicians.presenters.sessions import device, open_sessions
from core import accounts
from core.audit import Actor
from core.models import AuditEvent, Role, User
from tests.cast import NOW, Cast, make_user, signed_in

PAGE = "/staff/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604"
)


def browser(user: User, agent: str = FIREFOX, address: str = "192.0.2.7") -> Client:
    """Signed in, and on the list as signing in by the pages puts it."""
    client = signed_in(user)
    client.get(PAGE)
    key = client.session.session_key
    UserSession.objects.create(user=user, session_key=key, ip=address, user_agent=agent)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"clinicians:{name}", args=args)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("… (X11; Linux x86_64) Chrome/140 Safari/537.36", "Chrome on Linux"),
        ("… (Macintosh; Mac OS X) Chrome/1 Safari/1 Edg/1", "Edge on Mac"),
        ("curl/8", "An unknown browser"),
    ],
)
def test_a_browser_is_named(agent, words):
    assert device(agent) == words


def test_list_has_this_one_and_the_others(cast: Cast):
    here = browser(cast.alice)
    browser(cast.alice, SAFARI)
    browser(cast.bob, "Opera OPR/1")
    page = here.get(PAGE).content.decode()
    assert page.index("Firefox on Windows") < page.index("Safari on iPhone")
    assert page.count("This one") == 1
    assert page.count("Sign it out") == 1
    assert "192.0.2.7" in page
    assert "Opera" not in page


def test_a_session_that_would_not_be_let_in_is_not_listed(cast: Cast):
    browser(cast.alice)
    user = User.objects.get(pk=cast.alice.pk)
    zone, now = cast.clinic.zone, timezone.now()
    assert len(open_sessions(user, zone=zone, at=now)) == 1
    rested = now + timedelta(minutes=31)
    assert not open_sessions(user, zone=zone, at=rested)
    accounts.end_sessions(user=user, by=Actor.system("test"), at=now)
    assert not open_sessions(user, zone=zone, at=now)


def test_one_other_is_signed_out(cast: Cast):
    here, there = browser(cast.alice), browser(cast.alice, SAFARI)
    row = UserSession.objects.get(user_agent=SAFARI)
    here.post(url("end-session", row.pk))
    assert there.get(PAGE).status_code == 302
    assert "Safari" not in here.get(PAGE).content.decode()
    assert AuditEvent.objects.filter(kind="staff_session_ended").count() == 1


def test_this_one_is_signed_out_by_signing_out(cast: Cast):
    here = browser(cast.alice)
    answer = here.post(url("end-session", UserSession.objects.get().pk))
    assert answer["Location"] == "/account/login/"
    assert here.get(PAGE).status_code == 302


def test_somebody_elses_session_is_not_there(cast: Cast):
    bob = browser(cast.bob)
    row = UserSession.objects.get(user=cast.bob)
    page = browser(cast.alice).post(url("end-session", row.pk), follow=True)
    assert "There is no such session any more." in page.content.decode()
    assert bob.get(PAGE).status_code == 200


def test_all_others_are_signed_out_listed_or_not(cast: Cast):
    here, unlisted = browser(cast.alice), signed_in(cast.alice)
    assert unlisted.get(PAGE).status_code == 200
    page = here.post(url("end-other-sessions"), follow=True).content.decode()
    assert "Every other browser is signed out." in page
    assert "Firefox on Windows" in page
    assert unlisted.get(PAGE).status_code == 302
    assert here.get(url("queue")).status_code == 200


def test_a_new_password_ends_every_other_session(cast: Cast):
    here, there = browser(cast.alice), browser(cast.alice, SAFARI)
    words = {
        "oldpassword": "a password nobody guesses",
        "password1": "quite another long one",
        "password2": "quite another long one",
    }
    here.post("/account/password/change/", words)
    assert there.get(PAGE).status_code == 302
    page = here.get(PAGE).content.decode()
    assert "This one" in page
    assert "Safari" not in page
    assert AuditEvent.objects.filter(kind="staff_password_changed").count() == 1


def test_pages_of_ones_own_need_a_second_factor(cast: Cast):
    client = Client()
    client.force_login(cast.alice)
    assert client.get(PAGE).status_code == 302
    assert signed_in(cast.alice).get(url("end-other-sessions")).status_code == 405


def factor(user: User, kind: str) -> Authenticator:
    return Authenticator.objects.create(user=user, type=kind, data={"name": "Laptop"})


def test_last_factor_stays_and_another_may_go(cast: Cast):
    key, client = factor(cast.alice, "webauthn"), signed_in(cast.alice)
    remove = reverse("mfa_remove_webauthn", args=[key.pk])
    assert "The second factor stays" in client.get(remove).content.decode()
    client.post(remove)
    assert Authenticator.objects.count() == 1
    factor(cast.alice, "totp")
    assert "Remove “Laptop”?" in client.get(remove).content.decode()
    client.post(remove)
    assert Authenticator.objects.get().type == "totp"
    assert "A passkey was removed" in outbox.outbox[0].body
    line = AuditEvent.objects.get(kind="staff_factor_removed")
    assert line.detail == {"factor": "webauthn"}
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.get().type == "totp"


def test_a_factor_that_goes_takes_every_other_session_along(cast: Cast):
    key, here, lost = (
        factor(cast.alice, "webauthn"),
        browser(cast.alice),
        browser(cast.alice),
    )
    factor(cast.alice, "totp")
    page = here.post(reverse("mfa_remove_webauthn", args=[key.pk]), follow=True)
    assert "every other browser is signed out" in page.content.decode()
    assert lost.get(PAGE).status_code == 302
    listed = here.get(PAGE).content.decode()
    assert listed.count("This one") == 1


def test_somebody_elses_passkey_stays(cast: Cast):
    key = factor(cast.bob, "webauthn")
    factor(cast.bob, "totp")
    answer = signed_in(cast.alice).post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert answer["Location"] == reverse("mfa_index")
    assert Authenticator.objects.count() == 2
    with pytest.raises(accounts.AccountRefused, match="removed before"):
        accounts.remove_own_factor(user=cast.alice, factor_id=key.pk, at=NOW)


def test_administrator_signs_a_colleague_out_everywhere(cast: Cast):
    alice, ada = browser(cast.alice), signed_in(cast.ada)
    page = ada.get(url("colleague", cast.alice.id)).content.decode()
    assert "Firefox on Windows" in page
    ada.post(url("end-colleague-sessions", cast.alice.id))
    assert alice.get(PAGE).status_code == 302
    own = ada.post(url("end-colleague-sessions", cast.ada.id))
    assert own["Location"] == PAGE


def test_another_role_ends_sessions_and_gives_cases_back(cast: Cast):
    from_alice = cast.flagged()
    alice, ada = signed_in(cast.alice), signed_in(cast.ada)
    alice.post(url("claim", from_alice.id))
    change = url("change-role", cast.alice.id)
    page = ada.post(change, {"role": "FRONT_DESK"}, follow=True).content.decode()
    assert "Alice Moore is now: front desk." in page
    assert "1 case is back with the team" in page
    assert alice.get(url("patients")).status_code == 302
    from_alice.refresh_from_db()
    assert from_alice.owner is None
    again = ada.post(change, {"role": "FRONT_DESK"}, follow=True)
    assert "Nothing changed." in again.content.decode()
    assert ada.post(change, {"role": "GOD"}).status_code == 422
    ada.post(change, {"role": "SUPERVISOR"})
    cast.alice.refresh_from_db()
    assert cast.alice.role == Role.SUPERVISOR


def test_nobody_changes_their_own_role_or_factor_here(cast: Cast):
    factor(cast.ada, "totp")
    ada = signed_in(cast.ada)
    own = ada.post(
        url("change-role", cast.ada.id), {"role": "AUDITOR"}, follow=True
    ).content.decode()
    assert "You cannot change your own role." in own
    page = ada.post(url("remove-colleague-factor", cast.ada.id), follow=True)
    assert "Change your own on the page" in page.content.decode()
    assert Authenticator.objects.count() == 1


def test_lost_factor_is_taken_away(cast: Cast):
    factor(cast.bob, "totp")
    ada = signed_in(cast.ada)
    page = ada.get(url("colleague", cast.bob.id)).content.decode()
    assert "authenticator app" in page
    ada.post(url("remove-colleague-factor", cast.bob.id))
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["colleague", "change-role", "end-colleague-sessions", "remove-colleague-factor"],
)
def test_for_the_administrator_of_the_clinic(cast: Cast, name):
    elsewhere = make_user(cast.other_clinic, Role.ADMINISTRATOR)
    method = "get" if name == "colleague" else "post"
    target = url(name, cast.alice.id)
    assert getattr(signed_in(elsewhere), method)(target).status_code == 404
    assert getattr(signed_in(cast.sue), method)(target).status_code == 403
