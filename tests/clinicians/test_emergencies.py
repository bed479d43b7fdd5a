"""Emergency access as a write: who may, for how long, who is told, who signs it off."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction

from clinicians import tasks
from clinicians.actions.emergencies import (
    EmergencyRefused,
    end_access,
    open_record,
    sign_off,
    to_look_into,
)
from clinicians.definitions import ROOT, security_policy
from clinicians.workflow.security import build_security_policy
from core.models import AuditEvent, EmergencyAccess, Role
from core.permissions import PermissionRefused, emergency_of
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError
from tests.cast import NOW, Cast, make_patient, make_user
from tests.clinicians.watching import at, told

REASON = "He called and cannot be reached."
HOUR = timedelta(minutes=60)


def opened(cast: Cast, by=None, **fields) -> EmergencyAccess:
    given = {"reason": REASON, "at": NOW, **fields}
    patient = given.pop("patient", None) or make_patient(cast.clinic)
    return open_record(patient=patient, by=by or cast.ada, **given)


def test_it_is_open_for_an_hour_and_on_record(cast: Cast):
    access = opened(cast)
    assert access.ends_at == NOW + HOUR
    assert access.is_open_at(NOW + HOUR - timedelta(seconds=1))
    assert not access.is_open_at(NOW + HOUR)
    line = AuditEvent.objects.get(kind="EMERGENCY_ACCESS_OPENED")
    assert line.object_id == str(access.patient_id)
    assert line.detail == {"role": "ADMINISTRATOR", "emergency": str(access.id)}
    assert EmergencyAccess.objects.get().reason == REASON


@pytest.mark.parametrize("who", ["alice", "sue", "liv"])
def test_others_cannot(cast: Cast, who):
    with pytest.raises(PermissionRefused):
        opened(cast, getattr(cast, who))
    with pytest.raises(PermissionRefused, match="another clinic"):
        opened(cast, patient=make_patient(cast.other_clinic))


def test_one_record_at_a_time_and_a_reason_in_words(cast: Cast):
    with pytest.raises(EmergencyRefused, match="few words"):
        opened(cast, reason="  urgent ")
    access = opened(cast)
    with pytest.raises(EmergencyRefused, match="End that one first"):
        opened(cast)
    opened(cast, cast.fred)
    end_access(access=access, by=cast.ada, at=NOW)
    opened(cast, at=NOW + timedelta(minutes=1))
    opened(cast, at=NOW + timedelta(minutes=1) + HOUR)


def test_who_ends_it(cast: Cast):
    access = opened(cast)
    with pytest.raises(PermissionRefused):
        end_access(access=access, by=cast.fred, at=NOW)
    end_access(access=access, by=cast.sue, at=NOW)
    with pytest.raises(EmergencyRefused, match="ended already"):
        end_access(access=access, by=cast.ada, at=NOW)
    line = AuditEvent.objects.get(kind="EMERGENCY_ACCESS_ENDED")
    assert line.actor_id == str(cast.sue.pk)


def test_it_opens_only_its_record_and_only_while_it_lasts(cast: Cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    episode = cast.flagged()
    access = opened(cast, patient=episode.patient)
    case, patient = {"episode_id": episode.id}, {"patient_id": episode.patient_id}
    assert emergency_of(cast.ada, case) == emergency_of(cast.ada, patient) == access
    assert emergency_of(cast.ada, {"episode_id": cast.flagged().id}) is None
    assert emergency_of(cast.fred, case) is None
    cast.ada.role = Role.AUDITOR
    assert emergency_of(cast.ada, case) is None
    cast.ada.role = Role.ADMINISTRATOR
    time_machine.move_to(NOW + HOUR, tick=False)
    assert emergency_of(cast.ada, case) is None


def test_somebody_else_signs_it_off_once_and_afterwards(cast: Cast):
    access = opened(cast)
    assert not to_look_into(cast.sue, at=NOW).exists()
    with pytest.raises(EmergencyRefused, match="still open"):
        sign_off(access=access, note="It was justified.", by=cast.sue, at=NOW)
    later = NOW + HOUR
    assert to_look_into(cast.sue, at=later).get() == access
    with pytest.raises(PermissionRefused):
        sign_off(access=access, note="It was justified.", by=cast.ada, at=later)
    with pytest.raises(EmergencyRefused, match="what you found"):
        sign_off(access=access, note="ok", by=cast.sue, at=later)
    sign_off(access=access, note="It was justified.", by=cast.sue, at=later)
    with pytest.raises(EmergencyRefused, match="signed this off"):
        sign_off(access=access, note="It was justified.", by=cast.sue, at=later)
    access.refresh_from_db()
    assert (access.reviewed_by, access.review_note) == (cast.sue, "It was justified.")
    assert not to_look_into(cast.sue, at=later).exists()
    assert AuditEvent.objects.filter(kind="EMERGENCY_ACCESS_REVIEWED").count() == 1


def test_nobody_signs_off_their_own(cast: Cast):
    access = opened(cast)
    # Who opened it has been made a supervisor since.
    cast.ada.role = Role.SUPERVISOR
    with pytest.raises(EmergencyRefused, match="Somebody else"):
        sign_off(access=access, note="It was fine.", by=cast.ada, at=NOW + HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyAccess.objects.update(reviewed_by=cast.ada)


def test_supervisors_are_told_once_and_of_nothing_about_health(cast: Cast):
    make_user(cast.clinic, Role.SUPERVISOR, "Gone Away", is_active=False)
    make_user(cast.other_clinic, Role.SUPERVISOR, "Else Where")
    access = opened(cast)
    opened(cast, cast.fred)
    for _ in range(2):
        tasks.tick(at(NOW))
    assert told() == [cast.sue.email]
    [message] = outbox.outbox
    assert message.subject == "2 emergency accesses to look into"
    words = f"{message.subject} {message.body}"
    assert "/staff/emergencies/" in words
    assert access.patient.family_name not in words
    assert str(access.patient_id) not in words
    assert REASON not in words
    access.refresh_from_db()
    assert (access.told_at, access.mail_next_at) == (NOW, None)


def test_told_once_more_after_a_crash_it_is_the_same_message(cast: Cast):
    access = opened(cast)
    tasks.tell_of_emergencies(at(NOW))
    EmergencyAccess.objects.update(mail_next_at=NOW)  # sent, and died before it said so
    tasks.tell_of_emergencies(at(NOW))
    first, second = [message.message() for message in outbox.outbox]
    assert first["Message-ID"] == second["Message-ID"]
    assert first["X-Notice-Keys"] == f"emergency:{access.id}"


def test_a_dead_mail_server_is_tried_again(cast: Cast, settings):
    access = opened(cast)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    tasks.tell_of_emergencies(at(NOW))
    access.refresh_from_db()
    assert access.told_at is None
    assert access.mail_next_at == NOW + timedelta(seconds=30)


def test_without_a_supervisor_the_auditor_is_told_and_without_both_it_waits(cast: Cast):
    cast.sue.delete()
    access = opened(cast)
    tasks.tell_of_emergencies(at(NOW))
    assert told() == []
    otto = make_user(cast.clinic, Role.AUDITOR, "Otto Look")
    tasks.tell_of_emergencies(at(NOW + timedelta(minutes=1)))
    assert told() == [otto.email]
    access.refresh_from_db()
    assert access.mail_next_at is None


def test_limits_are_data_and_odd_ones_are_refused():
    data = read_json(ROOT / "security.json", ROOT)
    assert security_policy() == build_security_policy(data, file="security.json")
    for wrong in ({"emergency_minutes": 61}, {"audit_page": 0}, {"other": 1}):
        with pytest.raises(DefinitionError):
            build_security_policy({**data, **wrong}, file="security.json")
