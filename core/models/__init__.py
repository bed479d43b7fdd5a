"""The rows that every app stands on."""

from core.models.append_only import append_only_triggers
from core.models.clinic import Clinic
from core.models.emergency import EmergencyAccess
from core.models.fields import EncryptedTextField
from core.models.log import AuditChain, AuditEvent, AuditHead, SystemHeartbeat
from core.models.patient import (
    Patient,
    PatientIdentifier,
    PatientName,
    birth_date_index,
    identifier_index,
    name_index,
    same_person,
)
from core.models.staff import Role, User

__all__ = [
    "AuditChain",
    "AuditEvent",
    "AuditHead",
    "Clinic",
    "EmergencyAccess",
    "EncryptedTextField",
    "Patient",
    "PatientIdentifier",
    "PatientName",
    "Role",
    "SystemHeartbeat",
    "User",
    "append_only_triggers",
    "birth_date_index",
    "identifier_index",
    "name_index",
    "same_person",
]
