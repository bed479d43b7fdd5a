"""The fixed cast: Alice owns, Bob is on her team, Charlie's clinic must see nothing.

alice   clinician of the clinic        bob     her colleague
sue     their supervisor               ada     their administrator
fred    their front desk               liv     reviewer with lived experience
charlie clinician of another clinic
"""

import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from core.models import Clinic, Patient, PatientIdentifier, Role, User
from core.permissions import SECOND_FACTOR
from screening.definitions import flag_rules, get
from screening.domain.instruments import to_dict
from screening.domain.rules import Tier, tier_rank
from screening.models import Administration, Definition, Episode, Flag, Screening

# A Tuesday morning in New York.
NOW = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)
RULES = flag_rules()[0].version
RECORD = "record-number"
_count = itertools.count(1)

LADDER = [
    {"step": "team", "emails": ["team@clinic.example"]},
    {"step": "on-call", "emails": ["oncall@clinic.example"]},
    {"step": "supervisor", "emails": ["boss@clinic.example"]},
]


def make_clinic(**fields: Any) -> Clinic:
    number = next(_count)
    given = {"name": f"Clinic {number}", "created_at": NOW, "ladder": LADDER, **fields}
    return Clinic.objects.create(**given)


def make_user(clinic: Clinic | None, role: Role, name: str = "", **fields: Any) -> User:
    user = _unsaved(clinic, role, name, **fields)
    user.save()
    return user


def _unsaved(clinic: Clinic | None, role: Role, name: str, **fields: Any) -> User:
    number = next(_count)
    name = name or f"Person {number}"
    user = User(
        clinic=clinic,
        email=f"{name.split()[0].lower()}{number}@clinic.example",
        name=name,
        role=role,
        created_at=NOW,
        **fields,
    )
    user.set_password("a password nobody guesses")
    return user


def make_patient(clinic: Clinic, *, number: str = "", **fields: Any) -> Patient:
    serial = next(_count)
    given = {
        "family_name": f"Family{serial}",
        "given_name": "Robin",
        "birth_date": "1985-03-14",
        "created_at": NOW,
        **fields,
    }
    patient = Patient.objects.create(clinic=clinic, **given)
    PatientIdentifier.objects.create(
        clinic=clinic,
        patient=patient,
        system=RECORD,
        value=number or f"MRN-{serial:06}",
    )
    return patient


def make_definition(instrument_id: str = "phq-9", language: str = "en") -> Definition:
    instrument = get(instrument_id, language)
    row, _ = Definition.objects.get_or_create(
        instrument_id=instrument.id,
        version=instrument.version,
        language=language,
        checksum=instrument.checksum,
        defaults={"content": to_dict(instrument), "created_at": NOW},
    )
    return row


def make_screening(
    patient: Patient, *instruments: str, at: datetime = NOW, **fields: Any
) -> Screening:
    battery = list(instruments) or ["phq-9"]
    language = fields.pop("language", "en")
    screening = Screening.objects.create(
        clinic=patient.clinic,
        patient=patient,
        battery=battery,
        language=language,
        created_at=at,
        **fields,
    )
    for position, instrument_id in enumerate(battery):
        Administration.objects.create(
            screening=screening,
            definition=make_definition(instrument_id, language),
            position=position,
        )
    return screening


def make_episode(
    patient: Patient, *, tier: Tier = Tier.URGENT, **fields: Any
) -> Episode:
    given = {
        "opened_at": NOW,
        "due_at": NOW,
        "last_flag_at": NOW,
        "next_notice_at": NOW,
        **fields,
    }
    return Episode.objects.create(
        clinic=patient.clinic,
        patient=patient,
        tier=tier.value,
        tier_rank=tier_rank(tier),
        **given,
    )


def make_flag(episode: Episode, screening: Screening, **fields: Any) -> Flag:
    evidence = {
        "link_id": "/44260-8",
        "item_text": get("phq-9", "en").item("/44260-8").text,
        "value": 1,
        "option_text": "Several days",
        "words": None,
        "detail": 'PHQ-9 item 9: "Several days" (value 1)',
    }
    given = {
        "rule": "item-9",
        "rule_version": RULES,
        "title": "Thoughts of death or self-harm",
        "tier": episode.tier,
        "key": f"item-9:{next(_count)}",
        "evidence": json.dumps(evidence),
        "raised_at": episode.opened_at,
        **fields,
    }
    return Flag.objects.create(
        clinic=episode.clinic,
        patient=episode.patient,
        screening=screening,
        episode=episode,
        **given,
    )


@dataclass(frozen=True)
class Cast:
    """Two clinics and the people in them."""

    clinic: Clinic
    other_clinic: Clinic
    alice: User
    bob: User
    sue: User
    ada: User
    fred: User
    liv: User
    charlie: User

    def flagged(self, tier: Tier = Tier.URGENT, **fields: Any) -> Episode:
        """A patient of Alice's clinic with one flag and an open case."""
        patient = make_patient(self.clinic)
        episode = make_episode(patient, tier=tier, **fields)
        make_flag(episode, make_screening(patient))
        return episode


def make_cast() -> Cast:
    clinic, other = make_clinic(name="Riverside"), make_clinic(name="Hillside")
    cast = Cast(
        clinic=clinic,
        other_clinic=other,
        alice=_unsaved(clinic, Role.CLINICIAN, "Alice Moore"),
        bob=_unsaved(clinic, Role.CLINICIAN, "Bob Stone"),
        sue=_unsaved(clinic, Role.SUPERVISOR, "Sue Field"),
        ada=_unsaved(clinic, Role.ADMINISTRATOR, "Ada Reed"),
        fred=_unsaved(clinic, Role.FRONT_DESK, "Fred Hill"),
        liv=_unsaved(clinic, Role.LIVED_EXPERIENCE, "Liv Shore"),
        charlie=_unsaved(other, Role.CLINICIAN, "Charlie Lake"),
    )
    # At once: more than a thousand tests begin with them.
    User.objects.bulk_create(
        [cast.alice, cast.bob, cast.sue, cast.ada, cast.fred, cast.liv, cast.charlie]
    )
    return cast


def signed_in(user: User) -> Client:
    """A browser in which this person signed in and showed a second factor."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[SECOND_FACTOR] = str(user.pk)
    session.save()
    return client
