"""Addresses of booking, the agenda and attendance."""

from django.urls import path

from casework.appointments import views

urlpatterns = [
    path("agenda/", views.agenda, name="agenda"),
    path("agenda/abonnement/", views.calendar_feed, name="calendar_feed"),
    path("agenda/feed/<str:token>.ics", views.read_feed, name="read_feed"),
    path("agenda/tijd/", views.agenda_time, name="agenda_time"),
    path("a/<str:token>/", views.self_cancel, name="self_cancel"),
    path("notify/ontvangen/", views.notify_received, name="notify_received"),
    path("team/afwezig/", views.team_absences, name="team_absences"),
    path("team/afwezig/<int:pk>/weg/", views.remove_absence, name="remove_absence"),
    path("termijnen/vooruitblik/", views.forecast, name="forecast"),
    path("huishoudens/<slug:case_number>/afspraak/", views.book, name="book"),
    path("huishoudens/<slug:case_number>/reeks/", views.book_series, name="book_series"),
    path("huishoudens/<slug:case_number>/wil-eerder/", views.wait_for_earlier, name="wait_for_earlier"),
    path("huishoudens/<slug:case_number>/geen-plek/", views.report_no_room, name="report_no_room"),
    path("wachtlijst/", views.waiting_list, name="waiting_list"),
    path("wachtlijst/<int:pk>/klaar/", views.end_waiting, name="end_waiting"),
    path("herplannen/", views.replan, name="replan"),
    path("afspraken/te-registreren/", views.unrecorded, name="unrecorded"),
    path("gemist/", views.follow_ups, name="follow_ups"),
    path("gemist/<int:pk>/gebeld/", views.log_follow_up_call, name="log_follow_up_call"),
    path("gemist/<int:pk>/brief/", views.follow_up_letter, name="follow_up_letter"),
    path("gemist/<int:pk>/niet-nodig/", views.end_follow_up, name="end_follow_up"),
    path("afspraken/registreren/", views.record_several, name="record_several"),
    path("afspraken/<int:pk>/ongedaan/", views.undo_attendance, name="undo_attendance"),
    path("afspraken/<int:pk>/", views.appointment, name="appointment"),
    path("afspraken/<int:pk>/verzetten/", views.move, name="move"),
    path("afspraken/<int:pk>/afzeggen/", views.cancel, name="cancel"),
    path("afspraken/<int:pk>/erbij/", views.change_company, name="change_company"),
    path("afspraken/<int:pk>/melden/", views.check_in, name="check_in"),
    path("afspraken/<int:pk>/toch-niet/", views.undo_check_in, name="undo_check_in"),
    path("afspraken/<int:pk>/aanwezigheid/", views.record_attendance, name="record_attendance"),
    path("afspraken/<int:pk>/belpoging/", views.log_phone_attempt, name="log_phone_attempt"),
    path("afspraken/<int:pk>/corrigeren/", views.correct_attendance, name="correct_attendance"),
]
