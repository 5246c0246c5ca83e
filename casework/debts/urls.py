"""Addresses of the debt file."""

from django.urls import path

from casework.debts import views

urlpatterns = [path("huishoudens/<slug:case_number>/dossier/", views.debt_file, name="debt_file")]
