"""What stands beneath the official text: asked for, labelled, signed, gated."""

import html
import json

import pytest
from django.utils import timezone

from core.models import Clinic, User
from screening import actions, definitions
from screening.language import drafts, wording
from screening.models import Answer, ModelCall, Turn, WordingSignOff
from tests.fakes.model_server import GOOD, ModelServer
from tests.screening.views.conftest import Visitor

loopback = pytest.mark.allow_hosts(["127.0.0.1"])
REST = "What does low energy mean?"
Q4 = "/question/1/4/"  # energy, which the scripted model knows about


def reviewed(concept: str) -> wording.HelpText:
    phq = definitions.get("phq-9", "en")
    item = next(item for item in phq.items if item.concept == concept)
    text = wording.explanation(item, phq)
    assert text is not None
    return text


def sign(role: str) -> None:
    clinic = Clinic.objects.get()
    user = User.objects.create_user(
        email=f"{role.lower()}@example.org",
        role=role,
        clinic=clinic,
        created_at=timezone.now(),
    )
    actions.sign(
        clinic=clinic,
        draft=drafts.shipped(reviewed("energy")),
        by=user,
        at=timezone.now(),
    )


def beneath(visitor: Visitor) -> str:
    text = html.unescape(visitor.text)
    return text.partition('id="beneath"')[2].partition("</div>")[0]


def test_nothing_stands_beneath_unless_asked_for(asked: Visitor) -> None:
    assert beneath(asked) == ""


def test_unsigned_wording_is_not_shown(asked: Visitor) -> None:
    asked.get(f"{Q4}?more=explain")
    assert "has not approved" in beneath(asked)
    assert reviewed("energy").text not in beneath(asked)


def test_one_signature_is_not_enough(asked: Visitor) -> None:
    sign("CLINICIAN")
    assert reviewed("energy").text not in beneath(asked.get(f"{Q4}?more=explain"))


def test_wording_with_both_signatures_is_shown_and_labelled(asked: Visitor) -> None:
    for role in WordingSignOff.Role.values:
        sign(role)
    asked.get(f"{Q4}?more=explain")
    assert reviewed("energy").text in beneath(asked)
    assert "How to read this question" in beneath(asked)


def test_signature_holds_for_the_text_as_it_stood(asked: Visitor) -> None:
    for role in WordingSignOff.Role.values:
        sign(role)
    known = actions.signed(Clinic.objects.get().id)
    assert (reviewed("energy").key, "another checksum") not in known


def test_policy_official_shows_official_words_only(asked: Visitor) -> None:
    for role in WordingSignOff.Role.values:
        sign(role)
    Clinic.objects.update(wording_policy="official")
    assert "has not approved" in beneath(asked.get(f"{Q4}?more=explain"))


def test_item_9_is_shown_in_its_exact_words_only(asked: Visitor) -> None:
    Clinic.objects.update(wording_policy="gated")
    for more in ("plainer", "explain"):
        asked.get(f"/question/1/9/?more={more}")
        assert "only in its exact words" in beneath(asked)


def test_what_was_shown_goes_with_the_answer(asked: Visitor) -> None:
    Clinic.objects.update(wording_policy="gated")
    asked.get("/question/1/1/?more=plainer").answer(1)
    shown = Answer.objects.get().shown
    (key,) = shown["wordings"]
    assert key.startswith("en/anhedonia/plainer@")
    item = definitions.get("phq-9", "en").items[0]
    plainer = wording.plainer(item, definitions.get("phq-9", "en"))
    assert plainer is not None
    assert shown["texts"] == {key: plainer.text}


def test_what_was_shown_goes_with_an_answer_in_words(asked: Visitor) -> None:
    Clinic.objects.update(wording_policy="gated")
    asked.get("/question/1/3/?more=plainer").post(words="about three days")
    assert asked.path.startswith("/confirm/")
    asked.post("/question/1/3/", choice="1")
    row = Answer.objects.get()
    assert row.origin == "CONFIRMED"
    assert row.shown["wordings"][0].startswith("en/sleep/plainer@")
    assert list(row.shown["texts"]) == row.shown["wordings"]


def test_question_out_of_scope_is_refused_kindly(asked: Visitor) -> None:
    Clinic.objects.update(wording_policy="gated", phone="202-555-0100")
    asked.get(Q4).post(words="Should I stop taking my pills?")
    assert "cannot say anything about medicines" in beneath(asked)
    assert reviewed("energy").text in beneath(asked)
    assert "202-555-0100" in beneath(asked)


@pytest.fixture
def model(settings):
    with ModelServer("good") as server:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.url, "k"
        settings.OPENAI_MODEL, settings.LANGUAGE_ENABLED = "fake", True
        yield server


@pytest.fixture
def helped(asked: Visitor, off_the_shelf: None) -> Visitor:
    """A visitor who chose help from a model, at a clinic that offers it."""
    Clinic.objects.update(ai_enabled=True)
    asked.get("/consent/").post(agree="yes", ai_help="yes")
    return asked


@loopback
def test_models_explanation_is_labelled_and_kept_as_shown(
    helped: Visitor, model: ModelServer
) -> None:
    helped.get(Q4).post(words=REST)
    assert GOOD in beneath(helped)
    assert "Written by a computer program" in beneath(helped)
    assert Turn.objects.get().reply == GOOD
    call = ModelCall.objects.get()
    assert (call.outcome, call.link_id) == ("shown", "/44254-1")


@loopback
def test_bad_answer_never_reaches_the_patient(
    helped: Visitor, model: ModelServer
) -> None:
    model.behave("advice")
    helped.get(Q4).post(words=REST)
    assert "depression" not in helped.text
    assert ModelCall.objects.get().outcome == "gated_out"


@loopback
@pytest.mark.parametrize("refuse", ["patient", "clinic", "policy", "item"])
def test_model_is_not_asked_where_anybody_refused(
    helped: Visitor, model: ModelServer, refuse: str
) -> None:
    if refuse == "patient":
        helped.get("/consent/").post(agree="yes", ai_help="no")
    if refuse == "clinic":
        Clinic.objects.update(ai_enabled=False)
    if refuse == "policy":
        Clinic.objects.update(wording_policy="official")
    page = "/question/1/9/" if refuse == "item" else Q4
    helped.get(page).post(words="What does this mean?")
    assert model.requests == []
    assert not ModelCall.objects.exists()


@loopback
def test_nothing_that_names_the_patient_leaves(
    helped: Visitor, model: ModelServer, no_examples: None
) -> None:
    helped.get("/question/1/1/").answer(3)
    helped.get(Q4).post(
        words="What does low energy mean? I am Quentin Canary, born 02/03/1961, "
        "call 202-555-0199 or q.canary@example.org"
    )
    sent = json.dumps(model.requests)
    assert model.requests
    for secret in ("Canary", "1961", "555-0199", "example.org", "Rivera", "Riverbend"):
        assert secret not in sent
    assert "Nearly every day" not in sent.replace("options", "")
