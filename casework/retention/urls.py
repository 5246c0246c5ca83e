"""Addresses of retention."""

from django.urls import path

from casework.retention import views

urlpatterns = [
    path("bewaartermijnen/", views.retention, name="retention"),
    path("bewaartermijnen/<slug:case_number>/", views.legal_hold, name="legal_hold"),
    path("bewaartermijnen/<slug:case_number>/opheffen/", views.lift_legal_hold, name="lift_legal_hold"),
]
