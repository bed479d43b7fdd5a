"""Who may open which address: one line for each, written by hand.

The tests beside this file walk the URL conf and hold every address against its line, so
a new one without a line fails, and so does a view that lost the decorator above it:
nothing here is read from the views.

To add an address of staff, add one line to STAFF:

    "merge": Page("MERGE_PATIENTS", "GET POST", "patient patient"),

1. its name in `clinicians.urls`;
2. the permission, by its name in `core.permissions.Permission` ("" for whoever is
   signed in). Who has it follows from ROLES there;
3. the methods it answers; any other has to be refused (405);
4. what its address takes, in the order of the arguments: a word from
   `world.THINGS` for an object, or the argument itself where it is none ("phq-9", "1").
   A new kind of object gets a line in `world.Folder` and in THINGS. Each object is
   replaced in turn by another clinic's, by another patient's and by one that never was,
   and all of them have to be "not found".

`get` is what a GET answers if it is not 200; `query` follows the address. `of_patient`
says whether the page is about one patient: then it names them by two identifiers and
puts the look on record. It follows from what the address takes; where it does not, say
why.

An address for patients goes into PATIENT, one for records systems into API, and what is
open to anybody, or part of signing in, into OTHER with its reason.
"""

from dataclasses import dataclass

OF_PATIENTS = {
    "patient",
    "case",
    "scored",
    "entry",
    "invited",
    "invitation",
    "event",
    "emergency",
    "mail",
    "schedule",
    "merge",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What one address of staff is for."""

    permission: str
    methods: str = "GET"
    takes: str = ""
    get: tuple[int, ...] = (200,)
    query: str = ""

    @property
    def of_patient(self) -> bool:
        """Whether it is about one patient."""
        return bool(OF_PATIENTS & set(self.takes.split()))


STAFF = {
    # The queue, and what is done to several cases.
    "queue": Page("SEE_QUEUE"),
    "live": Page("SEE_QUEUE"),
    "keys": Page("SEE_QUEUE", "POST"),
    "several": Page("REVIEW", "GET POST", query="kind=CLAIM&case={case}:1"),
    "undo-several": Page("REVIEW", "POST", "act"),
    # Leads on to the first page of the role.
    "home": Page("", get=(302,)),
    # One's own sessions; somebody else's answers as one that has ended.
    "sessions": Page(""),
    "end-session": Page("", "POST", "1"),
    "end-other-sessions": Page("", "POST"),
    # A case.
    "case": Page("SEE_CASES", "GET", "case"),
    "claim": Page("REVIEW", "POST", "case"),
    "release": Page("REVIEW", "POST", "case"),
    "ask": Page("ENTER_ANSWERS", "POST", "case"),
    "note": Page("REVIEW", "POST", "case"),
    "contact": Page("REVIEW", "POST", "case"),
    "close": Page("REVIEW", "POST", "case"),
    "confirm": Page("REVIEW", "POST", "case"),
    "decline": Page("REVIEW", "POST", "case"),
    "reopen": Page("REOPEN", "POST", "case"),
    "snooze": Page("REVIEW", "POST", "case"),
    "wake": Page("REVIEW", "POST", "case"),
    "hand-over": Page("REVIEW", "POST", "case"),
    "case-text": Page("SEE_CASES", "GET", "case"),
    "case-text-plain": Page("SEE_CASES", "GET", "case"),
    "case-pdf": Page("SEE_CASES", "GET", "case"),
    # Who is away.
    "absences": Page("REVIEW", "GET POST"),
    "call-off": Page("REVIEW", "POST", "absence"),
    "hand-over-shift": Page("REVIEW", "POST"),
    # Patients.
    "patients": Page("SEE_PATIENTS", "GET POST"),
    "duplicates": Page("MERGE_PATIENTS"),
    "new-patient": Page("REGISTER_PATIENTS", "GET POST"),
    "import": Page("REGISTER_PATIENTS", "GET POST"),
    "confirm-import": Page("REGISTER_PATIENTS", "POST"),
    "patient": Page("SEE_PATIENTS", "GET", "patient"),
    "access-log": Page("SEE_ACCESS_LOG", "GET", "patient"),
    "course": Page("SEE_CASES", "GET", "patient"),
    "events-csv": Page("SEE_CASES", "GET", "patient"),
    "course-csv": Page("SEE_CASES", "GET", "patient phq-9"),
    "add-treatment": Page("RECORD_TREATMENT", "POST", "patient"),
    "withdraw-treatment": Page("RECORD_TREATMENT", "POST", "patient event"),
    "results": Page("SEE_CASES", "GET", "patient scored"),
    "amend": Page("AMEND", "GET POST", "patient scored 1 1"),
    "record-state": Page("SET_INACTIVE", "GET POST", "patient"),
    "restore": Page("RESTORE_PATIENTS", "POST", "patient"),
    "find-other": Page("MERGE_PATIENTS", "GET POST", "patient"),
    # The other one is another patient's by its nature.
    "compare": Page("MERGE_PATIENTS", "GET POST", "patient other"),
    "two-people": Page("MERGE_PATIENTS", "POST", "patient other"),
    "part": Page("MERGE_PATIENTS", "POST", "patient merge"),
    # Answers that staff enter.
    "new-entry": Page("ENTER_ANSWERS", "GET POST", "patient"),
    "entry": Page("ENTER_ANSWERS", "GET", "patient entry", get=(302,)),
    "entry-form": Page("ENTER_ANSWERS", "GET POST", "patient entry"),
    "entry-item": Page("ENTER_ANSWERS", "GET POST", "patient entry 1 1"),
    "entry-check": Page("ENTER_ANSWERS", "GET", "patient entry"),
    "entry-submit": Page("ENTER_ANSWERS", "POST", "patient entry"),
    "entry-discard": Page("ENTER_ANSWERS", "POST", "patient entry"),
    # Inviting.
    "invite": Page("INVITE", "GET POST", "patient"),
    "new-link": Page("INVITE", "POST", "patient invited"),
    "revoke": Page("INVITE", "POST", "patient invitation"),
    "link": Page("INVITE", "GET", "patient invitation"),
    "mail-again": Page("INVITE", "POST", "patient mail"),
    "answer-here": Page("INVITE", "GET POST", "patient"),
    "invite-several": Page("INVITE"),
    # Whoever comes by address has chosen nobody.
    "invite-look": Page("INVITE", "GET POST", get=(302,)),
    "invite-send": Page("INVITE", "POST"),
    "invited": Page("INVITE", "GET", "batch"),
    "sheets": Page("INVITE", "GET", "batch"),
    # Asked again.
    "schedules": Page("INVITE", "GET POST", "patient"),
    "pause-schedule": Page("INVITE", "POST", "patient schedule"),
    "resume-schedule": Page("INVITE", "POST", "patient schedule"),
    "end-schedule": Page("INVITE", "POST", "patient schedule"),
    "missed": Page("INVITE"),
    "again": Page("INVITE", "POST", "invited"),
    # Emergencies.
    "emergency": Page("EMERGENCY_ACCESS", "GET POST", "patient"),
    "end-emergency": Page("EMERGENCY_ACCESS", "POST", "emergency"),
    "emergencies": Page("REVIEW_EMERGENCIES"),
    "emergency-review": Page("REVIEW_EMERGENCIES", "GET POST", "emergency"),
    "stop-emergency": Page("REVIEW_EMERGENCIES", "POST", "emergency"),
    # The audit log.
    "audit": Page("READ_AUDIT", "GET POST"),
    "audit-csv": Page("READ_AUDIT"),
    "prove-audit": Page("READ_AUDIT", "POST"),
    # Wordings.
    "wordings": Page("SIGN_WORDINGS"),
    "sign-wordings": Page("SIGN_WORDINGS", "POST"),
    "export-wordings": Page("SIGN_WORDINGS", "GET", "csv"),
    "import-wordings": Page("PROPOSE_WORDINGS", "GET POST"),
    "wording-runs": Page("PROPOSE_WORDINGS", "GET POST"),
    "wording-run": Page("PROPOSE_WORDINGS", "GET", "run"),
    "wording": Page("SIGN_WORDINGS", "GET", "wording mark"),
    "edit-wording": Page("PROPOSE_WORDINGS", "GET POST", "wording mark"),
    "retire-wording": Page("SIGN_WORDINGS", "POST", "wording mark"),
    "veto-wording": Page("SIGN_WORDINGS", "POST", "wording mark"),
    # Running the clinic.
    "team": Page("MANAGE_STAFF", "GET POST"),
    "colleague": Page("MANAGE_STAFF", "GET", "colleague"),
    "change-role": Page("MANAGE_STAFF", "POST", "colleague"),
    "end-colleague-sessions": Page("MANAGE_STAFF", "POST", "colleague"),
    "remove-colleague-factor": Page("MANAGE_STAFF", "POST", "colleague"),
    "send-again": Page("MANAGE_STAFF", "POST", "colleague"),
    "deactivate": Page("MANAGE_STAFF", "POST", "colleague"),
    "reactivate": Page("MANAGE_STAFF", "POST", "colleague"),
    "settings": Page("MANAGE_CLINIC", "GET POST"),
    "webhooks": Page("MANAGE_CLINIC", "GET POST"),
    "webhook-secret": Page("MANAGE_CLINIC", "POST"),
}

# A patient's pages: what each answers to a browser that holds no invitation. Most are
# "gone" (404); what is open tells nobody anything.
PATIENT = {
    "home": 200,
    "help": 200,
    "exit": 302,
    "handed-back": 200,
    "invitation": 404,
    "check": 404,
    "start": 404,
    "age": 404,
    "minor": 404,
    "about": 404,
    "consent": 404,
    "ai-help": 404,
    "question": 404,
    "explain": 405,  # only ever asked by a form
    "confirm": 404,
    "review": 404,
    "done": 404,
    "ended": 200,  # says what is true of anybody: nothing goes on here
    "stop": 404,
}

# Records systems show a token: a staff or a patient's session opens none of these.
API = {
    "metadata": 200,
    "response": 401,
    "observations": 401,
    "observation": 401,
    "patient": 401,
    "unknown": 401,
}

# Neither: what is open to anybody or belongs to signing in, and why that is right.
OTHER = {
    "livez": "for machines; says that the process runs",
    "readyz": "for machines; says whether work can be done",
    "components": "invented content, and only where a setting allows it",
    "account_login": "signing in",
    "account_logout": "signing out",
    "account_inactive": "says that an account was ended",
    "account_reauthenticate": "signing in once more",
    "account_change_password": "one's own password",
    "account_set_password": "one's own first password",
    "account_reset_password": "asks for a mail, the same for any address",
    "account_reset_password_done": "says that a mail is on its way",
    "account_reset_password_from_key": "the link in that mail",
    "account_reset_password_from_key_done": "says that it is done",
    "account_confirm_login_code": "not used: no code is ever sent",
    "account_signup": "closed: administrators make accounts",
    "account_email": "closed: administrators give the address",
    "account_email_verification_sent": "closed",
    "account_confirm_email": "closed",
    "mfa_index": "one's own second factors",
    "mfa_authenticate": "the second factor, in the middle of signing in",
    "mfa_reauthenticate": "the second factor once more",
    "mfa_activate_totp": "setting one's own second factor up",
    "mfa_deactivate_totp": "taking one's own app away; the last factor stays",
    "mfa_add_webauthn": "making a passkey of one's own",
    "mfa_edit_webauthn": "naming a passkey of one's own",
    "mfa_list_webauthn": "leads on to one's own second factors",
    "mfa_login_webauthn": "signing in with a passkey",
    "mfa_reauthenticate_webauthn": "a passkey once more",
    "mfa_remove_webauthn": "taking a passkey of one's own away; the last factor stays",
    "mfa_view_recovery_codes": "one's own recovery codes",
    "mfa_generate_recovery_codes": "one's own recovery codes anew",
    "mfa_download_recovery_codes": "one's own recovery codes to keep",
}
