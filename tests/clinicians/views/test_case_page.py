"""What a case shows: at a glance, item by item, with what was unusual and what changed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import Patient
from screening.models import Administration, Episode, Score, Screening, Turn
from tests.cast import NOW, Cast, make_flag, make_screening, signed_in
from tests.clinicians.told import EXPLAINED, FIRST, PLAIN, answer, told_case


def shown(cast: Cast, episode: Episode, who: str = "alice") -> str:
    address = reverse("clinicians:case", args=[episode.id])
    return signed_in(getattr(cast, who)).get(address).content.decode()


def part_of(episode: Episode) -> Administration:
    return Administration.objects.get(screening__flags__episode=episode)


def another(patient: Patient, total: int, *, days: int) -> None:
    at = NOW + timedelta(days=days)
    part = Administration.objects.get(screening=make_screening(patient, at=at))
    Score.objects.create(
        administration=part,
        clinic=patient.clinic,
        patient=patient,
        instrument_id="phq-9",
        total=Decimal(total),
        complete=True,
        detail={},
        at=at,
    )


def test_at_a_glance_stands_first(cast: Cast):
    page = shown(cast, told_case(cast))
    glance = page[page.index('id="glance"') : page.index('id="why"')]
    assert "<strong>10 of 27</strong>" in glance
    assert "At or above the cut of 10 (" in glance
    assert "All items were answered." in glance
    changed = "; before it was changed: Not at all (0)"
    assert f"Item 9: Several days (1){changed}" in glance
    assert "Nothing to compare with" in glance


def test_at_a_glance_tells_what_changed_with_its_source(cast: Cast):
    episode = told_case(cast)
    another(episode.patient, 17, days=-30)
    page = shown(cast, episode)
    assert "Against 16 Aug 2026, 17 to 10: Reliable improvement (" in page


def test_newer_score_is_told_and_takes_nothing_away(cast: Cast):
    episode = told_case(cast)
    another(episode.patient, 3, days=20)
    page = shown(cast, episode)
    assert "Newest since then: 3 on 5 Oct 2026" in page
    assert "<strong>10 of 27</strong>" in page
    assert "Overdue by" in page


def test_asq_asked_later_hides_no_score(cast: Cast):
    episode = told_case(cast)
    asq = make_screening(
        episode.patient, "asq", at=NOW + timedelta(hours=2), origin="STAFF"
    )
    make_flag(episode, asq, rule="asq-positive")
    Score.objects.create(
        administration=Administration.objects.get(screening=asq),
        clinic=cast.clinic,
        patient=episode.patient,
        instrument_id="asq",
        complete=True,
        detail={"triage": "Non-acute positive screen"},
        at=NOW,
    )
    page = shown(cast, episode)
    glance = page[page.index('id="glance"') : page.index('id="why"')]
    assert "<p>Non-acute positive screen</p>" in glance
    assert "<strong>10 of 27</strong>" in glance
    assert glance.index("ASQ") < glance.index("PHQ-9")


def test_no_submit_is_said_at_a_glance(cast: Cast):
    page = shown(cast, cast.flagged())
    assert "<strong>No total</strong> · Not submitted, so not scored" in page
    assert "Item 9: Not answered" in page


def test_unusual_answers_are_marked_with_their_reasons(cast: Cast):
    page = shown(cast, told_case(cast))
    assert page.count("Read with caution: PHQ-9") == 2
    assert "Answered fast: 9 of 10 items in less than 2 seconds each." in page
    assert "The answer about self-harm was changed: item 9." in page
    assert "The score counts as it stands. Thresholds 2026.1, proposed" in page


def test_calm_answers_are_not_marked(cast: Cast):
    episode = cast.flagged()
    for number, item in enumerate(part_of(episode).instrument.items):
        answer(part_of(episode), item.link_id, 1, seq=number + 1, seconds=8)
    assert "Read with caution" not in shown(cast, episode)


def test_what_staff_entered_has_no_speed(cast: Cast):
    episode = cast.flagged()
    for number, item in enumerate(part_of(episode).instrument.items):
        answer(
            part_of(episode),
            item.link_id,
            1,
            seq=number + 1,
            seconds=0,
            origin="STAFF",
        )
    page = shown(cast, episode)
    assert "Entered by staff" in page
    assert "Read with caution" not in page


def test_each_item_tells_how_it_came_to_its_answer(cast: Cast):
    episode = told_case(cast)
    page = shown(cast, episode)
    for item in part_of(episode).instrument.items:
        assert item.text in page.replace("&#x27;", "'")
    assert "Answers offered: Not at all (0) · Several days (1)" in page
    assert "Answers offered: Not difficult at all (0) · Somewhat difficult (1)" in page
    assert page.count("Answers offered:") == 2
    assert f"Shown beneath: {PLAIN}" in page
    assert f"Explained by a language model: {EXPLAINED}" in page
    assert "“what is this about?”" in page
    assert f"Shown by a language model: {EXPLAINED}" in page
    assert "most mornings &lt;b&gt;really&lt;/b&gt;" in page
    assert "Before: Not at all (0). Tapped by the patient" in page


def test_amendment_is_shown_with_who_why_and_what_was_before(cast: Cast):
    page = shown(cast, told_case(cast))
    assert "Amended by Bob Stone" in page
    assert "She meant the second line." in page
    assert "Until Tue 15 Sep 2026, 11:00: 9, " in page


def test_note_in_our_own_words_is_not_said_to_be_a_models(cast: Cast):
    episode = cast.flagged()
    turn = Turn.objects.create(
        screening=part_of(episode).screening,
        administration=part_of(episode),
        link_id=FIRST,
        key="1",
        kind=Turn.Kind.WORDS,
        words="am I ill?",
        reply="Only a person can tell you that.",
        interpretation={"source": "reviewed"},
        outcome={"to": "clarified", "note": "reviewed"},
        at=NOW,
    )
    page = shown(cast, episode)
    assert f"Shown: {turn.reply}" in page
    assert "Shown by a language model" not in page


def test_blank_on_a_form_is_told_from_not_answered(cast: Cast):
    episode = cast.flagged()
    Turn.objects.create(
        screening=part_of(episode).screening,
        administration=part_of(episode),
        link_id=FIRST,
        key="1",
        kind=Turn.Kind.DECLINE,
        interpretation={"result": "LeftBlank", "position": 0},
        at=NOW,
    )
    page = shown(cast, episode)
    assert page.count("Left blank on the form") == 1


def test_timeline_runs_from_the_invitation_to_the_last_act(cast: Cast):
    page = shown(cast, told_case(cast))
    wanted = [
        *("Answer amended", "Contact attempt", "Claimed", "Flag raised"),
        *("First answer", "Patient agreed to begin"),
    ]
    timeline = page[page.index('id="happened"') :]
    places = [timeline.index(f"<strong>{words}</strong>") for words in wanted]
    assert places == sorted(places)
    assert "<strong>Screening asked for</strong>" in timeline


@pytest.mark.parametrize(
    ("status", "origin", "words"),
    [
        ("WITHDRAWN", "INVITATION", "Stopped by the patient"),
        ("EXPIRED", "INVITATION", "Expired unfinished"),
        ("WITHDRAWN", "STAFF", "Entry discarded"),
    ],
)
def test_unfinished_end_is_on_the_timeline(cast: Cast, status, origin, words):
    episode = cast.flagged()
    sitting = part_of(episode).screening
    sitting.status, sitting.origin, sitting.closed_at = status, origin, NOW
    sitting.mode = "PHONE" if origin == "STAFF" else ""
    sitting.save()
    page = shown(cast, episode)
    assert f"<strong>{words}</strong>" in page
    assert ("Entered by staff, asked by telephone" in page) is (origin == "STAFF")


def test_how_to_reach_the_patient_stands_where_contact_is_recorded(cast: Cast):
    episode = told_case(cast)
    episode.patient.phone = "555 0100"
    episode.patient.save()
    sitting = Screening.objects.get(flags__episode=episode)
    sitting.callback_number, sitting.whereabouts = "555 0199", "At home, alone"
    sitting.save()
    page = shown(cast, episode)
    contact = page[page.index('id="contact"') : page.index("Record a contact attempt")]
    for told in ("555 0199", "At home, alone", "555 0100"):
        assert told in contact
    # On a phone what is to be done comes before the answers.
    assert page.index('id="contact"') < page.index(f'id="screening-{sitting.id}"')
