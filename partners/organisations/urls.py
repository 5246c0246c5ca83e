"""Addresses of the partner side."""

from django.urls import path

from partners.organisations import views

urlpatterns = [path("postbus/", views.inbox, name="inbox")]
