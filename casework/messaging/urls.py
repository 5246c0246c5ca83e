"""Addresses of the outbox, the call list, letters, what comes in, and what a provider calls back."""

from django.urls import path

from casework.messaging import views

urlpatterns = [
    path("pumpz", views.pumpz, name="pumpz"),
    path("berichten/", views.outbox, name="outbox"),
    path("berichten/<uuid:pk>/", views.message, name="message"),
    path("berichten/ontvangen/<int:pk>/", views.received, name="received"),
    path("berichten/ontvangen/<int:pk>/afgehandeld/", views.settle_received, name="settle_received"),
    path("brieven/", views.letters, name="letters"),
    path("brieven/printen/", views.print_letters, name="print_letters"),
    path("brieven/stapel/<int:pk>/", views.letter_batch, name="letter_batch"),
    path("brieven/stapel/<int:pk>/pdf/", views.letters_document, name="letters_document"),
    path("brieven/stapel/<int:pk>/gepost/", views.post_letters, name="post_letters"),
    path("brieven/stapel/<int:pk>/opnieuw/", views.print_again, name="print_again"),
    path("taken/<int:pk>/antwoord/", views.reply, name="reply"),
    path("notify/bezorging/", views.notify_receipt, name="notify_receipt"),
    path("mail/bezorging/", views.mail_receipt, name="mail_receipt"),
    path("mail/ontvangen/", views.mail_received, name="mail_received"),
    path("bellijst/", views.call_list, name="call_list"),
    path("bellijst/<uuid:pk>/", views.settle_call, name="settle_call"),
]
