"""Every write of the screening app: one keyword-only function each."""

from screening.actions.amending import (
    AmendedByOther,
    AmendRefused,
    Correction,
    amend,
    amendable,
    in_force,
    kept_with,
)
from screening.actions.calls_asked import (
    AskedCall,
    ask_for_call,
    call_waiting,
    rules_for_calls,
)
from screening.actions.definitions import NotAvailable
from screening.actions.entering import EntryRefused, start_entry, unfinished
from screening.actions.entry import (
    TooLate,
    choose_ai_help,
    choose_way,
    confirm_age,
    give_consent,
    note_copy,
    save_about,
    show_earlier,
)
from screening.actions.expiring import expire_overdue
from screening.actions.invitations import (
    Device,
    InvitationRefused,
    Invited,
    Terms,
    invite,
    reinvite,
    revoke_invitation,
    token_of,
)
from screening.actions.opening import find_invitation, get_invitation, open_invitation
from screening.actions.reminders import choose_reminders, invitation_of
from screening.actions.reports import Reported, answer_report, see_report
from screening.actions.retracting import (
    Grounds,
    RetractRefused,
    retract,
    retractable,
)
from screening.actions.switching import switch_language
from screening.actions.wording_rows import WordingRefused
from screening.actions.wording_runs import RunRefused, Wanted, start_run
from screening.actions.wordings import (
    AlreadyThere,
    SignedMany,
    Vetoed,
    propose,
    retire,
    role_of,
    sign,
    sign_many,
    signed,
    veto,
)

__all__ = [
    "AlreadyThere",
    "AmendRefused",
    "AmendedByOther",
    "AskedCall",
    "Correction",
    "Device",
    "EntryRefused",
    "Grounds",
    "InvitationRefused",
    "Invited",
    "NotAvailable",
    "Reported",
    "RetractRefused",
    "RunRefused",
    "SignedMany",
    "Terms",
    "TooLate",
    "Vetoed",
    "Wanted",
    "WordingRefused",
    "amend",
    "amendable",
    "kept_with",
    "answer_report",
    "ask_for_call",
    "call_waiting",
    "choose_ai_help",
    "choose_reminders",
    "choose_way",
    "confirm_age",
    "expire_overdue",
    "find_invitation",
    "get_invitation",
    "give_consent",
    "in_force",
    "invitation_of",
    "invite",
    "open_invitation",
    "note_copy",
    "propose",
    "reinvite",
    "retire",
    "retract",
    "retractable",
    "revoke_invitation",
    "role_of",
    "rules_for_calls",
    "save_about",
    "see_report",
    "show_earlier",
    "sign",
    "sign_many",
    "signed",
    "start_entry",
    "start_run",
    "switch_language",
    "token_of",
    "unfinished",
    "veto",
]
