"""The rules of a page's HTML: each is broken here once, and says so."""

import pytest

from tests.support.html import NotHtml, check_html

PAGE = """<!DOCTYPE html>
<html lang="en" dir="ltr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Question 1 – Check-in</title></head>
<body class="patient"><a href="/help/">Get help now</a>
<div id="main" data-hx-boost="true"><a href="/exit/">Leave this page</a><main>
<h1>How was it?</h1><img src="x.png" alt=""><svg aria-hidden="true"></svg>
<form><fieldset aria-describedby="why"><legend>How was it?</legend>
<p class="error" id="why">Choose one</p>
<input type="radio" name="a" id="a-1"><label for="a-1">Well</label>
<input type="radio" name="a" id="a-2"><label for="a-2">Badly</label></fieldset>
<p class="tag">Urgent</p><button class="button">Continue</button></form>
</main></div><p role="status"></p></body></html>"""
BROKEN = [
    ("language", ' lang="en"', ""),
    ("language", ' dir="ltr"', ""),
    ("title", "<title>Question 1 – Check-in</title>", ""),
    ("title", "Question 1 – ", " – "),
    ("heading", "<h1>How was it?</h1>", ""),
    ("zoom", "initial-scale=1", "initial-scale=1, user-scalable=no"),
    ("zoom", '<meta name="viewport" content="width=device-width, initial-scale=1">', ""),
    ("identifiers", 'id="a-2"', 'id="a-1"'),
    ("identifiers", 'aria-describedby="why"', 'aria-describedby="why and"'),
    ("order", '<a href="/help/"', '<a tabindex="3" href="/help/"'),
    ("labels", '<label for="a-2">Badly</label>', "Badly"),
    ("names", ">Continue<", "><"),
    ("pictures", ' alt=""', ""),
    ("pictures", ' aria-hidden="true"', ""),
    ("groups", "<legend>How was it?</legend>", ""),
    ("buttons", "<button class=\"button\">Continue</button>", '<div class="button">Continue</div>'),
    ("buttons", '<a href="/exit/">', '<a href="/exit/">x</a><a>'),
    ("errors", ' aria-describedby="why"', ""),
    ("errors", "<form>", '<form><textarea aria-label="x" aria-invalid="true"></textarea>'),
    ("colour", ">Urgent<", "><"),
    ("colour", '<p class="tag">', '<p class="field--wrong"></p><p>'),
    ("ways_out", '<a href="/help/">Get help now</a>', ""),
    ("ways_out", 'href="/exit/"', 'href="/"'),
    ("announced", '<p role="status"></p>', ""),
    # Inside of what is swapped it would be read twice, or not at all.
    ("announced", '</main></div><p role="status"></p>', '<p role="status"></p></main></div>'),
]  # fmt: skip


def test_page_that_holds_to_every_rule_passes():
    check_html(PAGE)


@pytest.mark.parametrize(("rule", "whole", "fault"), BROKEN)
def test_broken_rule_is_named(rule, whole, fault):
    assert whole in PAGE
    with pytest.raises(NotHtml, match=f"(?m)^{rule}: "):
        check_html(PAGE.replace(whole, fault, 1))


def test_part_of_a_page_is_asked_what_a_part_can_hold_to():
    check_html('<p aria-describedby="elsewhere">Only a part.</p>')
    with pytest.raises(NotHtml, match="labels: "):
        check_html("<input name=x>")
