"""`manage.py language`: one object in, one out, in order, whatever is on a line."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

ITEM = "phq-9/44250-9"


def ask(tmp_path, verb, *lines):
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    out = io.StringIO()
    call_command("language", verb, str(file), "--json", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("lang", "text", "outcome", "value", "candidates"),
    [
        ("en", "nearly every day", "option", 3, [3]),
        ("es", "casi todos los días", "option", 3, [3]),
        ("en", "7 days", "ask", None, [1, 2]),
        ("en", "1 day", "ask", None, [0, 1]),
        ("en", "I'd rather not say", "declined", None, []),
        ("en", "purple", "unclear", None, []),
        ("en", "what does this mean?", "unclear", None, []),
    ],
)
def test_interpret(tmp_path, lang, text, outcome, value, candidates):
    (found,) = ask(tmp_path, "interpret", {"item": ITEM, "lang": lang, "text": text})
    assert set(found) == {"outcome", "value", "candidates", "rule"}
    assert (found["outcome"], found["value"]) == (outcome, value)
    assert found["candidates"] == candidates


@pytest.mark.parametrize(
    ("text", "rule"),
    [("I'm always like that?", "question"), ("every day because of work?", None)],
)
def test_a_question_mark_is_read_as_on_the_page(tmp_path, text, rule):
    (found,) = ask(tmp_path, "interpret", {"item": ITEM, "text": text})
    assert (found["outcome"], found["rule"] == "question") == (
        ("unclear", True) if rule else ("option", False)
    )


def test_no_option_is_proposed_from_words_that_worry(tmp_path):
    line = {"item": ITEM, "text": "every day I want to kill myself"}
    (found,) = ask(tmp_path, "interpret", line)
    assert (found["outcome"], found["rule"]) == ("unclear", "crisis-words")


def test_safety_says_level_rule_and_words(tmp_path):
    lines = [{"text": "I want to kill myself"}, {"text": "fine", "lang": "es"}]
    urgent, nothing = ask(tmp_path, "safety", *lines)
    assert (urgent["level"], urgent["matched"]) == ("urgent", ["kill myself"])
    assert urgent["rule"] in urgent["rules"]
    assert (nothing["level"], nothing["rule"], nothing["matched"]) == ("none", None, [])


def test_gate_names_check_and_span(tmp_path):
    good = "Over the last 2 weeks, how often have you felt tired or had little energy?"
    bad = good.replace("2 weeks", "month")
    item = "phq-9/44254-1"
    lines = [{"item": item, "text": text} for text in (good, bad)]
    passed, failed = ask(tmp_path, "gate", *lines)
    assert passed == {"passed": True, "verdicts": []}
    assert "recall_window" in [one["check"] for one in failed["verdicts"]]
    assert all(one["span"] for one in failed["verdicts"])


def test_gate_passes_nothing_for_item_9(tmp_path):
    text = "Over the last 2 weeks, how often have you thought about death?"
    (found,) = ask(tmp_path, "gate", {"item": "phq-9/44260-8", "text": text})
    assert found["verdicts"][0]["check"] == "never_worded"


def test_clarify_answers_with_shipped_texts(tmp_path):
    lines = [
        {"item": ITEM, "text": "What does this mean?"},
        {"item": ITEM, "text": "Do I have depression?"},
        {"item": "phq-9/44260-8", "text": "What does this mean?"},
    ]
    meaning, outside, never = ask(tmp_path, "clarify", *lines)
    assert meaning["source"] == "reviewed"
    assert "anhedonia" in meaning["answers"][0]["id"]
    assert [one["id"] for one in outside["answers"][:2]] == [
        "en/refused/diagnosis",
        "en/anhedonia/meaning",
    ]
    assert never["answers"][0]["id"] == "en/never_worded"
    assert 1 <= len(meaning["answers"]) <= 3


def test_redact_says_what_it_removed(tmp_path):
    (found,) = ask(tmp_path, "redact", {"text": "call 202-555-0147 most days"})
    assert "202-555-0147" not in found["text"]
    assert "most days" in found["text"]
    assert len(found["removed"]) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "is not JSON"),
        (r'{"lang": "en", "text": "low \ud83d"}', "half a character"),
        ("[]", "not a JSON object"),
        ("{}", 'needs "text"'),
        ('{"text": 3}', 'needs "text"'),
        ('{"text": "x"}', 'needs "item"'),
        ('{"text": "x", "item": "phq-9"}', 'needs "item"'),
        ('{"text": "x", "item": "phq-99/1"}', "phq-99"),
        ('{"text": "x", "item": "phq-9/1"}', "has no item"),
        ('{"text": "x", "item": "phq-9/44250-9", "lang": "fr"}', "en or es"),
        ('{"text": "x", "item": "phq-9/44250-9", "kind": "poem"}', "kind is one of"),
    ],
)
def test_bad_line_is_named_and_the_others_are_answered(tmp_path, line, said):
    file = tmp_path / "lines.jsonl"
    good = json.dumps({"item": ITEM, "text": "x"})
    file.write_text(f"{good}\n{line}\n{good}\n", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="1 line was not answered") as refused:
        call_command("language", "gate", str(file), "--json", stdout=out, stderr=err)
    answers = [json.loads(one) for one in out.getvalue().splitlines()]
    assert [("error" in one) for one in answers] == [False, True, False]
    assert said in answers[1]["error"]
    assert "Line 2" in err.getvalue()
    assert refused.value.returncode == 1


def test_no_line_answered_is_nothing_done(tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_text("not json\n{}\n", encoding="utf-8")
    with pytest.raises(CommandError, match="No line could be answered") as refused:
        call_command("language", "safety", str(file), "--json", stdout=io.StringIO())
    assert refused.value.returncode == 2


def test_missing_file_is_named():
    said = r"nowhere\.jsonl cannot be read"
    with pytest.raises(CommandError, match=said) as refused:
        call_command("language", "safety", "nowhere.jsonl")
    assert refused.value.returncode == 2


def test_standard_input_and_words_for_people(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"text": "fine"}\n\n'))
    out = io.StringIO()
    call_command("language", "safety", "-", stdout=out)
    assert out.getvalue().startswith("level: none; ")
