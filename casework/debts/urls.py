"""Addresses of the debt file."""

from django.urls import path

from casework.debts import views

urlpatterns = [
    path("huishoudens/<slug:case_number>/dossier/", views.debt_file, name="debt_file"),
    path("huishoudens/<slug:case_number>/dossier/openen/", views.start_debt_file, name="start_debt_file"),
    path("huishoudens/<slug:case_number>/dossier/schuld/<int:pk>/", views.change_debt, name="change_debt"),
]
