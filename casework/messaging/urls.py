"""Addresses of the outbox and the call list."""

from django.urls import path

from casework.messaging import views

urlpatterns = [
    path("pumpz", views.pumpz, name="pumpz"),
    path("berichten/", views.outbox, name="outbox"),
    path("berichten/<uuid:pk>/", views.message, name="message"),
    path("bellijst/", views.call_list, name="call_list"),
    path("bellijst/<uuid:pk>/", views.settle_call, name="settle_call"),
]
