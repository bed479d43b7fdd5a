"""Nothing that says who somebody is, or what else they said, ever leaves for a model.

Every place that could leak holds a word found nowhere else; then every purpose runs,
and no such word may be in a request, in a log line or in a call's row.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.forms.models import model_to_dict

from core.models import Clinic, Patient, PatientIdentifier, Role
from screening import actions
from screening.domain.wordings import Level
from screening.language import paraphrase
from screening.models import Answer, ModelCall, Score, Screening, Turn
from tests.cast import make_user
from tests.fakes.model_server import ModelServer
from tests.fakes.replies import raw, reads, says
from tests.screening.conftest import NOW, Walk
from tests.screening.language.cast import item_of

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.usefixtures("off_the_shelf"),
]
ITEM_1, ITEM_3, ITEM_4 = "/44250-9", "/44259-0", "/44254-1"
# What a patient may type of themselves, by kind: the sentence, and what must go.
TYPED = {
    "en": [
        ("my name is Quillfeather and", "Quillfeather"),
        ("write to quill.canary@example.org and", "quill.canary"),
        ("call 202-555-0177 and", "555-0177"),
        ("call (202) 555-0178 and", "555-0178"),
        ("born 03/14/1961 and", "03/14/1961"),
        ("born on 1961-03-15 and", "1961-03-15"),
        ("my record is MRN-990017 and", "990017"),
        ("my number is 078-05-1120 and", "078-05-1120"),
        ("I live at 4242 Canaryseed Avenue and", "Canaryseed"),
        ("see https://canary.example/me and", "canary.example"),
    ],
    "es-US": [
        ("me llamo Quillpluma y", "Quillpluma"),
        ("mi correo es pluma.canario@example.org y", "pluma.canario"),
        ("mi teléfono es 202-555-0179 y", "555-0179"),
        ("nací el 14/03/1961 y", "14/03/1961"),
        ("vivo en la calle Canariera 4242 y", "Canariera"),
    ],
}
ASKED = {"en": "what does low energy mean?", "es-US": "¿qué quiere decir energía?"}
SAID = {
    "en": "the nights keep dragging like wet cement",
    "es-US": "las noches pesan como cemento mojado",
}
SEEDED = (
    *("Zephyrine", "Canarybird", "zephyrine@", "555-0161", "1990-01-15"),
    *("MRN-CANARY-7", "Riverbend", "555-0100", "Ottoline", "clinic.example"),
    *("555-0162", "Perchstreet", "Aunt Wrenna", "earlier-canary"),
)


@pytest.fixture
def seeded(
    clinic: Clinic, patient: Patient, helped: Callable[..., Walk]
) -> Callable[[str], Walk]:
    """A patient with a past: a finished screening with words, scores and flags."""
    make_user(clinic, Role.CLINICIAN, name="Ottoline Canarystaff")
    patient.family_name, patient.given_name = "Canarybird", "Zephyrine"
    patient.email, patient.phone = "zephyrine@canary.example", "202-555-0161"
    patient.save()
    PatientIdentifier.objects.create(
        clinic=clinic, patient=patient, system="record-number", value="MRN-CANARY-7"
    )

    def begin(language: str) -> Walk:
        before = helped(language=language)
        before.say(ITEM_1, words="earlier-canary, I would rather be dead")
        before.answer_all(2)
        before.submit()
        now = helped(language=language)
        actions.save_about(
            screening=now.screening,
            callback_number="202-555-0162",
            whereabouts="7 Perchstreet",
            emergency_contact="Aunt Wrenna",
            at=NOW,
        )
        now.tap(ITEM_1, 3)
        now.at += timedelta(minutes=1)
        return now

    return begin


@pytest.mark.parametrize("language", ["en", "es-US"])
@pytest.mark.parametrize(
    "script",
    [reads("2"), says("canary-said"), raw(None, refusal="canary-no"), raw("canary{")],
    ids=["reads", "says", "refuses", "garbage"],
)
def test_no_canary_leaves(
    seeded: Callable[[str], Walk],
    model: ModelServer,
    caplog: pytest.LogCaptureFixture,
    language: str,
    script,
) -> None:
    caplog.set_level(logging.DEBUG)
    model.script(script)
    walking = seeded(language)
    assert Score.objects.exists()
    for before, _secret in TYPED[language]:
        walking.say(ITEM_3, words=f"{before} {SAID[language]}")
        walking.say(ITEM_4, words=f"{before} {ASKED[language]}")
    item, instrument = item_of("energy", language)
    paraphrase.propose(item, instrument, Level.PLAIN)
    purposes = set(ModelCall.objects.values_list("purpose", flat=True))
    assert purposes == {"interpret", "clarify"}
    assert len(model.requests) >= 3
    secrets = SEEDED + tuple(secret for _, secret in TYPED[language])
    ids = [str(one) for one in _ids(walking)]
    rows = "\n".join(str(model_to_dict(one)) for one in ModelCall.objects.all())
    for secret in (*secrets, *ids):
        assert secret not in model.heard
    for secret in (*secrets, "canary-said", "canary-no", SAID[language]):
        assert secret not in caplog.text
        assert secret not in rows
    # What was made of words is kept open; the words themselves only sealed.
    made = str(list(Turn.objects.values_list("interpretation", "outcome")))
    assert not [secret for secret in secrets if secret in made]


def _ids(walking: Walk) -> list[object]:
    """Everything that points at a row of this patient."""
    screening = walking.screening
    return [
        screening.id,
        screening.patient_id,
        screening.clinic_id,
        screening.session_nonce,
        *Screening.objects.values_list("id", flat=True),
        *Turn.objects.values_list("id", flat=True),
        *Answer.objects.values_list("id", flat=True),
    ]


def test_other_answers_do_not_leave(
    seeded: Callable[[str], Walk], model: ModelServer
) -> None:
    """Two patients who answered differently send the very same bytes."""
    sent = []
    for value in (0, 3):
        walking = seeded("en")
        for link_id in ("/44255-8", "/44251-7"):
            walking.tap(link_id, value)
        before = len(model.requests)
        walking.say(ITEM_3, words=SAID["en"])
        walking.say(ITEM_4, words=ASKED["en"])
        sent.append(model.requests[before:])
    assert len(sent[0]) == 2
    assert sent[0] == sent[1]
