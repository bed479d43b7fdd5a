"""Who may open which address: one line for each, written by hand.

The tests beside this file walk the URL conf and hold every address against its line, so
a new one without a line fails, and so does a view that lost the decorator above it:
nothing here is read from the views.

To add an address of staff, add one line to STAFF:

    "merge": Page("MERGE_PATIENTS", "GET POST", "patient patient"),

1. its name in `clinicians.urls` (or in CONNECTIONS, too, if it is one of those);
2. the permission, by its name in `core.permissions.Permission` ("" for whoever is
   signed in). Who has it follows from ROLES there;
3. the methods it answers; any other has to be refused (405);
4. what its address takes, in the order of the arguments: a word from
   `world.THINGS` for an object, or the argument itself where it is none ("phq-9", "1").
   A new kind of object gets a line in `world.Folder` and in THINGS. Each object is
   replaced in turn by another clinic's, by another patient's and by one that never was,
   and all of them have to be "not found".

`get` is what a GET answers if it is not 200; `query` follows the address, or is what a
POST sends. `proof` says when whoever signed in a while ago is asked who they are: "act"
before something is done, "look" before a page is shown, too. `emergency` marks what an
emergency access opens to somebody whose role does not. `of_patient` says whether the
page is about one patient: then it names them by two identifiers and puts the look on
record; it follows from what the address takes. `several` marks a page that shows the
records of several patients: the look is on record for each of them. `missing` is what
it answers for what is not there, if that is not 404.

An address for patients, one for records systems, and what is open to anybody or part of
signing in go into PATIENT, API and OTHER in `elsewhere.py`.
"""

from dataclasses import dataclass

OF_PATIENTS = {
    *("patient", "case", "scored", "entry", "invited", "invitation", "event"),
    *("mail", "schedule", "merge", "access", "mine"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What one address of staff is for."""

    permission: str
    methods: str = "GET"
    takes: str = ""
    get: tuple[int, ...] = (200,)
    query: str = ""
    proof: str = ""
    emergency: bool = False
    several: bool = False
    missing: int = 404

    @property
    def of_patient(self) -> bool:
        """Whether it is about one patient."""
        return not self.several and bool(OF_PATIENTS & set(self.takes.split()))


# What several patients are asked at once.
ASKED = "battery=phq-9&language=own"
STAFF = {
    # The queue, and what is done to several cases.
    "queue": Page("SEE_QUEUE"),
    "live": Page("SEE_QUEUE"),
    "keys": Page("SEE_QUEUE", "POST"),
    "several": Page("REVIEW", "GET POST", query="kind=CLAIM&case={case}:1"),
    "undo-several": Page("REVIEW", "POST", "act"),
    # Leads on to the first page of the role.
    "home": Page("", get=(302,)),
    # Where one is signed in oneself; somebody else's is as one that has ended.
    "sessions": Page(""),
    "end-session": Page("", "POST", "session", missing=302),
    "end-other-sessions": Page("", "POST"),
    # A case.
    "case": Page("SEE_CASES", "GET", "case", emergency=True),
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
    "new-patient": Page("REGISTER_PATIENTS", "GET POST"),
    "import": Page("REGISTER_PATIENTS", "GET POST"),
    "confirm-import": Page("REGISTER_PATIENTS", "POST"),
    # One record of two, and its state.
    "duplicates": Page("MERGE_PATIENTS"),
    "find-other": Page("MERGE_PATIENTS", "GET POST", "patient"),
    "compare": Page(
        "MERGE_PATIENTS", "GET POST", "patient another", several=True, proof="act"
    ),
    "two-people": Page("MERGE_PATIENTS", "POST", "patient another"),
    "part": Page("MERGE_PATIENTS", "POST", "patient merge", proof="act"),
    "patient-details": Page("REGISTER_PATIENTS", "GET POST", "patient"),
    "record-state": Page("SET_INACTIVE", "GET POST", "patient"),
    "restore": Page("RESTORE_PATIENTS", "POST", "patient"),
    # A patient.
    "patient": Page("SEE_PATIENTS", "GET", "patient", emergency=True),
    "access-log": Page("SEE_ACCESS_LOG", "GET", "patient"),
    "course": Page("SEE_CASES", "GET", "patient", emergency=True),
    "events-csv": Page("SEE_CASES", "GET", "patient"),
    "course-csv": Page("SEE_CASES", "GET", "patient phq-9"),
    "add-treatment": Page("RECORD_TREATMENT", "POST", "patient"),
    "withdraw-treatment": Page("RECORD_TREATMENT", "POST", "patient event"),
    "results": Page("SEE_CASES", "GET", "patient scored", emergency=True),
    "amend": Page("AMEND", "GET POST", "patient scored 1 1"),
    "in-error": Page("RETRACT", "GET POST", "patient scored", proof="act"),
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
    "reminders": Page("INVITE", "POST", "patient"),
    "mail-again": Page("INVITE", "POST", "patient mail"),
    "answer-here": Page("INVITE", "GET POST", "patient"),
    "schedules": Page("INVITE", "GET POST", "patient"),
    "pause-schedule": Page("INVITE", "POST", "patient schedule"),
    "resume-schedule": Page("INVITE", "POST", "patient schedule"),
    "end-schedule": Page("INVITE", "POST", "patient schedule"),
    "invite-several": Page("INVITE"),
    # Whom to invite is never in an address: a GET leads back to the list.
    "invite-look": Page(
        "INVITE", "GET POST", query="patient={patient}&" + ASKED, get=(302,)
    ),
    "invite-send": Page(
        "INVITE", "POST", query="batch={new}&patient={patient}&" + ASKED
    ),
    # A list, as the queue and the list of patients are: the sheets are the look.
    "invited": Page("INVITE", "GET", "batch"),
    "sheets": Page("INVITE", "GET", "batch", several=True),
    "missed": Page("INVITE"),
    "again": Page("INVITE", "POST", "invited"),
    # A record opened in an emergency, and looking into that.
    "emergency": Page("EMERGENCY_ACCESS", "GET POST", "patient", proof="look"),
    "end-emergency": Page("EMERGENCY_ACCESS", "POST", "mine"),
    "stop-emergency": Page("REVIEW_EMERGENCIES", "POST", "access"),
    "emergencies": Page("REVIEW_EMERGENCIES"),
    "emergency-review": Page("REVIEW_EMERGENCIES", "GET POST", "access"),
    # Wordings.
    "wordings": Page("SIGN_WORDINGS"),
    "sign-wordings": Page("SIGN_WORDINGS", "POST"),
    "export-wordings": Page("SIGN_WORDINGS", "GET", "csv"),
    "import-wordings": Page("PROPOSE_WORDINGS", "GET POST"),
    "wording-reports": Page("SIGN_WORDINGS"),
    "see-report": Page("SIGN_WORDINGS", "POST", "report"),
    "answer-report": Page("SIGN_WORDINGS", "POST", "report"),
    "wording-runs": Page("PROPOSE_WORDINGS", "GET POST"),
    "wording-run": Page("PROPOSE_WORDINGS", "GET", "run"),
    "wording": Page("SIGN_WORDINGS", "GET", "wording mark"),
    "edit-wording": Page("PROPOSE_WORDINGS", "GET POST", "wording mark"),
    "retire-wording": Page("SIGN_WORDINGS", "POST", "wording mark"),
    "veto-wording": Page("SIGN_WORDINGS", "POST", "wording mark"),
    # Who did what, and how it went.
    "audit": Page("READ_AUDIT", "GET POST"),
    "audit-csv": Page("READ_AUDIT", proof="look"),
    "prove-audit": Page("READ_AUDIT", "POST"),
    "figures": Page("SEE_FIGURES"),
    "figures-rules": Page("SEE_FIGURES"),
    "figures-csv": Page("SEE_FIGURES", "GET", "open"),
    # Running the clinic.
    "team": Page("MANAGE_STAFF", "GET POST", proof="act"),
    "colleague": Page("MANAGE_STAFF", "GET", "colleague"),
    "change-role": Page("MANAGE_STAFF", "POST", "colleague", proof="act"),
    "end-colleague-sessions": Page("MANAGE_STAFF", "POST", "colleague", proof="act"),
    "remove-colleague-factor": Page("MANAGE_STAFF", "POST", "colleague", proof="act"),
    "send-again": Page("MANAGE_STAFF", "POST", "colleague", proof="act"),
    "deactivate": Page("MANAGE_STAFF", "POST", "colleague", proof="act"),
    "reactivate": Page("MANAGE_STAFF", "POST", "colleague", proof="act"),
    "settings": Page("MANAGE_CLINIC"),
    "settings-section": Page("MANAGE_CLINIC", "GET POST", "hours", proof="act"),
    "confirm-settings": Page("MANAGE_CLINIC", "POST", "hours", proof="act"),
    # What was changed is for whoever reads the log, not only for whoever changes it.
    "settings-history": Page("READ_AUDIT"),
    "settings-history-csv": Page("READ_AUDIT", proof="look"),
    "crisis-lines": Page("MANAGE_CLINIC"),
    "check-crisis-line": Page("MANAGE_CLINIC", "GET POST", "US:988:call", proof="act"),
    "webhooks": Page("MANAGE_CLINIC", "GET POST", proof="act"),
    "webhook-secret": Page("MANAGE_CLINIC", "POST", proof="act"),
    # Where results go; their addresses stand in a space of their own.
    "connections": Page("MANAGE_CLIENTS"),
    "new-connection": Page("MANAGE_CLIENTS", "GET POST", proof="act"),
    "connection": Page("MANAGE_CLIENTS", "GET", "place"),
    "try-connection": Page("MANAGE_CLIENTS", "POST", "place"),
    "connection-secret": Page("MANAGE_CLIENTS", "POST", "place", proof="act"),
    "resend-stuck": Page("MANAGE_CLIENTS", "POST", "place"),
    "end-connection": Page("MANAGE_CLIENTS", "POST", "place", proof="act"),
    "resend": Page("MANAGE_CLIENTS", "POST", "delivery"),
    # Programs that read or send; their addresses stand in a space of their own.
    "clients": Page("MANAGE_CLIENTS"),
    "new-client": Page("MANAGE_CLIENTS", "GET POST", proof="act"),
    "client": Page("MANAGE_CLIENTS", "GET", "client"),
    "client-keys": Page("MANAGE_CLIENTS", "POST", "client", proof="act"),
    "end-client-tokens": Page("MANAGE_CLIENTS", "POST", "client", proof="act"),
    "end-client": Page("MANAGE_CLIENTS", "POST", "client", proof="act"),
    # What a program asked to be told of.
    "subscription": Page("MANAGE_CLIENTS", "GET", "subscription"),
    "subscription-off": Page("MANAGE_CLIENTS", "POST", "subscription", proof="act"),
    "subscription-on": Page("MANAGE_CLIENTS", "POST", "subscription", proof="act"),
    "tell-again": Page("MANAGE_CLIENTS", "POST", "notification"),
    "draft": Page("MANAGE_CLIENTS", "GET", "draft"),
    "discard-draft": Page("MANAGE_CLIENTS", "POST", "draft"),
}
CONNECTIONS = {
    *("connections", "new-connection", "connection", "try-connection", "resend"),
    *("connection-secret", "resend-stuck", "end-connection"),
    *("clients", "new-client", "client", "client-keys", "end-client-tokens"),
    *("end-client", "draft", "discard-draft"),
    *("subscription", "subscription-off", "subscription-on", "tell-again"),
}


def space_of(name: str) -> str:
    """The namespace that an address of staff stands in."""
    return "connections" if name in CONNECTIONS else "clinicians"
