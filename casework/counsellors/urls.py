"""Addresses of the team."""

from django.urls import path

from casework.counsellors import views

urlpatterns = [
    path("team/afwezig/", views.team_absences, name="team_absences"),
    path("team/afwezig/<int:pk>/weg/", views.remove_absence, name="remove_absence"),
]
