"""Addresses of the outbox, the call list, what comes in, and what a provider calls back."""

from django.urls import path

from casework.messaging import views

urlpatterns = [
    path("pumpz", views.pumpz, name="pumpz"),
    path("berichten/", views.outbox, name="outbox"),
    path("berichten/<uuid:pk>/", views.message, name="message"),
    path("berichten/ontvangen/<int:pk>/", views.received, name="received"),
    path("berichten/ontvangen/<int:pk>/afgehandeld/", views.settle_received, name="settle_received"),
    path("taken/<int:pk>/antwoord/", views.reply, name="reply"),
    path("notify/bezorging/", views.notify_receipt, name="notify_receipt"),
    path("notify/ontvangen/", views.notify_received, name="notify_received"),
    path("bellijst/", views.call_list, name="call_list"),
    path("bellijst/<uuid:pk>/", views.settle_call, name="settle_call"),
]
