"""Settings of the clinic itself."""

from clinicians.forms.fields import zone_choices
from clinicians.forms.patients import line
from clinicians.forms.sections.base import SectionForm, chosen_from, number, picked
from clinicians.workflow.settings_words import COUNTRIES, LABELS, LANGUAGES
from screening import definitions


class ClinicForm(SectionForm):
    """Who the clinic is and where."""

    slug = "clinic"
    title = "Clinic"
    lead = "What patients see of you, and the clock that every time here is told by."
    names = ("name", "phone", "country", "time_zone", "languages", "adult_age")

    name = line(LABELS["name"], longest=200)
    phone = line(LABELS["phone"], required=False, longest=50)
    country = picked(
        "country", "Decides which emergency number and crisis lines patients see."
    )
    time_zone = picked(
        "time_zone",
        "Staffed hours, holidays, and every time on these pages are on its clock. "
        "Due times that are set already stay.",
    )
    languages = chosen_from("languages")

    def build(self) -> None:
        self.fields["adult_age"] = number(
            LABELS["adult_age"],
            "adult_age",
            "Younger people are kindly told who to turn to instead.",
        )
        known = [c for c in definitions.countries() if c in COUNTRIES]
        country = self.values["country"]
        if country not in known:
            known.append(country)
        self.offer("country", [(c, COUNTRIES.get(c, c)) for c in known])
        self.offer("time_zone", zone_choices(self.values["time_zone"]))
        offered = dict.fromkeys([*LANGUAGES, *self.values["languages"]])
        self.offer("languages", [(c, LANGUAGES.get(c, c)) for c in offered])
