"""Every write of the screening app: one keyword-only function each."""

from screening.actions.amending import (
    AmendedByOther,
    AmendRefused,
    Correction,
    amend,
    amendable,
    in_force,
)
from screening.actions.definitions import NotAvailable
from screening.actions.entering import EntryRefused, start_entry, unfinished
from screening.actions.entry import (
    TooLate,
    choose_ai_help,
    confirm_age,
    give_consent,
    save_about,
)
from screening.actions.expiring import expire_overdue
from screening.actions.invitations import (
    InvitationRefused,
    Invited,
    invite,
    reinvite,
    revoke_invitation,
)
from screening.actions.opening import find_invitation, get_invitation, open_invitation
from screening.actions.wordings import sign_wordings, signed

__all__ = [
    "AmendRefused",
    "AmendedByOther",
    "Correction",
    "EntryRefused",
    "InvitationRefused",
    "Invited",
    "NotAvailable",
    "TooLate",
    "amend",
    "amendable",
    "choose_ai_help",
    "confirm_age",
    "expire_overdue",
    "find_invitation",
    "get_invitation",
    "give_consent",
    "in_force",
    "invite",
    "open_invitation",
    "reinvite",
    "revoke_invitation",
    "save_about",
    "sign_wordings",
    "signed",
    "start_entry",
    "unfinished",
]
