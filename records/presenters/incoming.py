"""Which questionnaire and which patient another system means, and what its codes say."""

import uuid
from collections.abc import Iterable

from core.models import Clinic, Patient, PatientIdentifier, identifier_index
from records.fhir.judging import Meant, Options
from records.fhir.received import Issue, Person, Refused
from records.presenters.naming import Naming
from screening.definitions import load_all
from screening.domain.instruments import Instrument
from screening.domain.questionnaire import LOINC
from screening.models import Definition

LANGUAGES = "QuestionnaireResponse.language"
WHICH = "QuestionnaireResponse.questionnaire"


def in_use(naming: Naming) -> dict[str, list[Instrument]]:
    """By canonical address: what is asked today, in each of its languages."""
    found: dict[str, list[Instrument]] = {}
    for instrument in load_all().values():
        found.setdefault(naming.questionnaire(instrument), []).append(instrument)
    return found


def instrument_of(
    naming: Naming, *, url: str, version: str, language: str, of_patient: str
) -> Instrument:
    """The very version that was filled in; any other one is refused, with the reason."""
    there = in_use(naming).get(url, [])
    if not there:
        known = ", ".join(sorted(in_use(naming)))
        raise Refused(
            Issue("not-found", f"{url} is not known; there are {known}.", WHICH)
        )
    if version != there[0].version:
        raise Refused(Issue("business-rule", _why_not(there[0], version), WHICH))
    by_language = {one.language.casefold(): one for one in there}
    if language:
        found = by_language.get(language.casefold())
        if found is None:
            names = ", ".join(one.language for one in there)
            sentence = f"{there[0].short_name} is official here in {names}."
            raise Refused(Issue("not-supported", sentence, LANGUAGES))
        return found
    return by_language.get(of_patient.casefold(), there[0])


def _why_not(today: Instrument, version: str) -> str:
    """Retired is another thing than unknown: the sender may have an old form."""
    retired = Definition.objects.filter(
        instrument_id=today.id, version=version
    ).exists()
    state = "is retired" if retired else "is not known"
    return (
        f"Version {version} of {today.short_name} {state} here; in use is "
        f"{today.version}. Ask its questions anew: answers are never moved over."
    )


def options_of(instrument: Instrument, naming: Naming) -> Options:
    """Every code that stands for an option: the code system's, and our own."""
    return {
        item.link_id: [
            *(
                Meant(option.code_system or LOINC, option.code, option.value)
                for option in item.options
                if option.code is not None
            ),
            *(
                Meant(own.system, own.code, option.value)
                for option in item.options
                for own in [naming.code(instrument.id, item.concept, str(option.value))]
            ),
        ]
        for item in instrument.items
    }


def harmless_codes(naming: Naming) -> dict[str, set[str]]:
    """By link id of every safety question, of whatever form, the codes for zero."""
    return {
        item.link_id: {
            one.code for one in options_of(form, naming)[item.link_id] if not one.value
        }
        for form in load_all().values()
        for item in form.items
        if item.safety
    }


def find_patient(clinic: Clinic, naming: Naming, person: Person) -> Patient | None:
    """The patient of this clinic whom a reference or a record number names."""
    rows = Patient.objects.filter(clinic=clinic)
    rows = rows.select_related("clinic", "merged_into__clinic")
    if person.server not in ("", naming.base):
        return None  # an id of another server's says nothing of ours
    if person.id:
        try:
            return rows.filter(id=uuid.UUID(person.id)).first()
        except ValueError:
            return None
    numbers = PatientIdentifier.objects.filter(
        clinic=clinic, value_index=identifier_index(person.value)
    )
    ids = list(_in_system(numbers, clinic, naming, person.system))
    # A number that two numbering systems use says nothing without its system.
    return rows.filter(id=ids[0]).first() if len(set(ids)) == 1 else None


def _in_system(
    numbers: Iterable[PatientIdentifier], clinic: Clinic, naming: Naming, system: str
) -> Iterable[uuid.UUID]:
    for number in numbers:
        written = naming.identifier_system(clinic.id, number.system)
        if system in ("", number.system, written):
            yield number.patient_id
