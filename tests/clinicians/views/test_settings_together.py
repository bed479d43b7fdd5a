"""Two administrators at once, and what was sealed for another page or clinic."""

from django.urls import reverse
from django.utils import timezone

from clinicians.actions.settings import change_settings
from core.models import AuditEvent
from tests.cast import NOW, Cast, signed_in
from tests.clinicians.views.settings_page import (
    confirm,
    fields_of,
    fill,
    fill_from,
    url_of,
)


def test_second_administrator_is_told_and_loses_nothing(cast: Cast):
    client = signed_in(cast.ada)
    opened = fields_of(client.get(url_of("clinic")))
    other = {"phone": "555 0100", "adult_age": 19}
    change_settings(clinic=cast.clinic, changes=other, by=cast.ada, at=timezone.now())
    late = client.post(
        url_of("clinic"), opened | {"name": "Riverbend", "phone": "555 0199"}
    )
    page = late.content.decode()
    assert late.status_code == 409
    assert "Ada Reed (administrator today) saved changes while this page" in page
    assert "Phone, as patients see it: none → 555 0100" in page
    assert "Age from which somebody is an adult: 18 → 19" in page
    assert "You both changed: Phone, as patients see it." in page
    assert fields_of(late)["name"] == ["Riverbend"]
    assert fields_of(late)["phone"] == ["555 0199"]
    assert fields_of(late)["adult_age"] == ["19"]
    cast.clinic.refresh_from_db()
    assert cast.clinic.name == "Riverside"

    assert fill_from(client, late, "clinic").status_code == 302
    cast.clinic.refresh_from_db()
    found = (cast.clinic.name, cast.clinic.phone, cast.clinic.adult_age)
    assert found == ("Riverbend", "555 0199", 19)


def test_change_meanwhile_is_told_after_the_warning_too(cast: Cast):
    client = signed_in(cast.ada)
    asked = fill(client, "review", second_person=None)
    due = {"HIGH": {"minutes": 60, "clock": "wall", "same_day": False, "source": "x"}}
    change_settings(
        clinic=cast.clinic, changes={"due_overrides": due}, by=cast.ada, at=NOW
    )
    late = confirm(client, asked, "review", "second-person-off")
    assert late.status_code == 409
    assert "second_person" not in fields_of(late)
    assert fields_of(late)["length_high"] == ["1 h"]
    cast.clinic.refresh_from_db()
    assert cast.clinic.second_person


def test_what_was_sealed_for_another_clinic_is_not_taken(cast: Cast):
    asked = fill(signed_in(cast.ada), "review", second_person=None)
    offer = fields_of(asked)["offer"]
    cast.ada.clinic = cast.other_clinic
    cast.ada.save()
    url = reverse("clinicians:confirm-settings", args=["review"])
    sent = {"offer": offer, "ok": "second-person-off", "reason": "Because"}
    assert signed_in(cast.ada).post(url, sent).status_code == 422
    # Nor what was sealed for another page, or for another purpose.
    url = reverse("clinicians:confirm-settings", args=["clinic"])
    client = signed_in(cast.ada)
    assert client.post(url, sent).status_code == 422
    seen = fields_of(client.get(url_of("clinic")))["seen"]
    assert client.post(url, sent | {"offer": seen}).status_code == 422
    assert not AuditEvent.objects.filter(kind="CLINIC_CHANGED").exists()
