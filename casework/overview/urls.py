"""Addresses of the screens across features."""

from django.urls import path

from casework.overview import views

urlpatterns = [
    path("", views.today, name="today"),
    path("aankomst/", views.arrival, name="arrival"),
    path("team/", views.board, name="board"),
    path("overdragen/", views.transfer, name="transfer"),
    path("beoordelen/", views.to_approve, name="to_approve"),
    path("beoordelen/overdracht/<int:pk>/niet/", views.decline_transfer, name="decline_transfer"),
    path("beoordelen/samenvoegen/<int:pk>/", views.decide_merge, name="decide_merge"),
    path("beoordelen/samenvoegen/<int:pk>/ongedaan/", views.undo_merge, name="undo_merge"),
    path("beoordelen/correctie/<int:pk>/", views.decide_correction, name="decide_correction"),
    path("huishoudens/<slug:case_number>/samenvoegen/", views.merge, name="merge"),
    path("huishoudens/<slug:case_number>/sluiten/", views.close, name="close_household"),
    path("zoek/", views.find, name="find"),
    path("huishoudens/<slug:case_number>/contact/", views.change_contact, name="change_contact"),
    path("huishoudens/<slug:case_number>/", views.household, name="household"),
]
