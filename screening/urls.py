"""The patient's addresses: neutral words, and no token beyond the first."""

from django.urls import path

from screening.views import (
    begin,
    entry,
    finish,
    helping,
    questions,
    reading,
    reporting,
    speaking,
    ways,
)

urlpatterns = [
    path("", helping.home, name="home"),
    path("help/", helping.help_now, name="help"),
    path("call/", helping.call, name="call"),
    path("i/<str:token>/", entry.invitation, name="invitation"),
    path("i/<str:token>/reminders/", entry.reminders, name="reminders"),
    path("check/", entry.check, name="check"),
    path("start/", begin.start, name="start"),
    path("age/", begin.age, name="age"),
    path("age/help/", begin.minor, name="minor"),
    path("about-you/", begin.about, name="about"),
    path("consent/", begin.consent, name="consent"),
    path("computer-help/", begin.ai_help, name="ai-help"),
    path("question/<int:part>/<int:number>/", questions.question, name="question"),
    path(
        "question/<int:part>/<int:number>/explain/", questions.explain, name="explain"
    ),
    path("questions/", ways.questions, name="questions"),
    path("way/", ways.way, name="way"),
    path(
        "question/<int:part>/<int:number>/wording/", reporting.wording, name="wording"
    ),
    path("confirm/<uuid:turn_id>/", questions.confirm, name="confirm"),
    path("review/", finish.review, name="review"),
    path("review/earlier/", finish.show_earlier, name="show-earlier"),
    path("done/", finish.done, name="done"),
    path("language/", speaking.switch, name="language"),
    path("done/copy/", finish.copy, name="copy"),
    path("read/<int:page>/", reading.page, name="read"),
    path("read/<slug:topic>/", reading.topic, name="read-topic"),
    path("ended/", finish.ended, name="ended"),
    path("stop/", finish.stop, name="stop"),
    path("handed-back/", finish.handed_back, name="handed-back"),
    path("rested/", finish.rested, name="rested"),
    path("exit/", finish.exit_site, name="exit"),
]
