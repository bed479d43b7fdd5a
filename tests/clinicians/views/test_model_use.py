"""The clinic's own limits on a model, what it used today, and who is told so."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clinicians.presenters import answers
from core.models import AuditEvent, Clinic
from screening import definitions
from screening.models import Answer, ModelCall
from tests.cast import NOW, Cast, signed_in
from tests.clinicians.views.settings_page import fill


def page(cast: Cast) -> str:
    response = signed_in(cast.ada).get(reverse("clinicians:settings"))
    return str(response.content.decode())


def save(cast: Cast, **changes: str) -> tuple[int, str]:
    response = fill(signed_in(cast.ada), "language", **changes)
    return response.status_code, response.content.decode()


def call(clinic: Clinic, tokens: int, cost: str | None = None) -> None:
    ModelCall.objects.create(
        clinic=clinic,
        latency_ms=1,
        tokens_charged=tokens,
        cost=None if cost is None else Decimal(cost),
        at=timezone.now(),
    )


@pytest.fixture
def set_up(settings):
    settings.LANGUAGE_ENABLED, settings.OPENAI_MODEL = True, "small-1"
    return settings


def test_no_model_is_said_to_be_none(cast: Cast):
    assert "No language model is set up here" in page(cast)


def test_state_names_the_model_and_the_switch(cast: Cast, set_up):
    assert "small-1 is set up; this clinic has it turned off" in page(cast)
    Clinic.objects.update(ai_enabled=True)
    assert "small-1 may help patients who agree" in page(cast)


def test_model_for_trying_out_is_marked(cast: Cast, set_up):
    assert "do not use it with patients" not in page(cast)
    set_up.LANGUAGE_NOT_FOR_PATIENTS = True
    assert "do not use it with patients" in page(cast)


def test_todays_use_is_this_clinics_alone(cast: Cast, set_up):
    call(cast.clinic, 1200)
    call(cast.other_clinic, 99_000)
    shown = page(cast)
    assert "Today: 1 call, 1,200 of 500,000 tokens." in shown
    assert "Cost today" not in shown


def test_cost_is_shown_where_prices_are_known(cast: Cast, set_up):
    set_up.LANGUAGE_PRICE_IN = set_up.LANGUAGE_PRICE_OUT = Decimal(1)
    call(cast.clinic, 10, "0.002")
    assert "Cost today: less than 0.01." in page(cast)
    call(cast.clinic, 10, "1.25")
    Clinic.objects.update(model_cost_per_day=Decimal("1.25"))
    shown = page(cast)
    assert "Cost today: 1.25 of 1.25." in shown
    assert "limit is reached: patients get the shipped words" in shown


def test_limits_are_saved_and_on_record(cast: Cast, set_up):
    set_up.LANGUAGE_PRICE_IN = set_up.LANGUAGE_PRICE_OUT = Decimal(1)
    save(cast, model_tokens_per_day="5000", model_cost_per_day="2.50")
    cast.clinic.refresh_from_db()
    assert cast.clinic.model_tokens_per_day == 5000
    assert cast.clinic.model_cost_per_day == Decimal("2.50")
    detail = AuditEvent.objects.get(kind="CLINIC_CHANGED").detail
    assert detail["model_tokens_per_day"] == {"from": None, "to": 5000}
    assert detail["model_cost_per_day"] == {"from": None, "to": "2.50"}


def test_limit_of_nothing_is_a_limit(cast: Cast, set_up):
    save(cast, model_tokens_per_day="0")
    assert "0 of 0 tokens" in page(cast)


def test_cost_without_prices_is_refused_with_what_to_do(cast: Cast, set_up):
    status, shown = save(cast, model_cost_per_day="2.50")
    assert status == 422
    assert "knows no prices" in shown
    assert "limit the tokens" in shown


@pytest.mark.parametrize("tokens", ["-1", "many", "1.5"])
def test_limit_that_is_no_number_is_refused(cast: Cast, tokens):
    assert save(cast, model_tokens_per_day=tokens)[0] == 422


INSTEAD = "Chosen by the patient instead of what a language model proposed"


@pytest.mark.parametrize(
    ("value", "how"),
    [
        (2, "Typed, proposed by a language model, confirmed by the patient"),
        (1, f"{INSTEAD}: More than half the days (2)"),
    ],
)
def test_clinician_reads_what_a_model_had_to_do_with_an_answer(value, how):
    item = definitions.get("phq-9", "en").items[0]
    answer = Answer(
        link_id=item.link_id,
        value=value,
        origin=Answer.Origin.CONFIRMED,
        shown={"proposed": {"by": "model", "values": [2]}},
        at=NOW,
    )
    assert answers._by_way_of_model(answer, item) == how
