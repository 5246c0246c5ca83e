"""Addresses of the figures."""

from django.urls import path

from casework.reports import views

urlpatterns = [
    path("cijfers/", views.figures, name="figures"),
    path("cijfers/niet-verschenen/", views.figure, {"word": "niet-verschenen"}, name="figure_no_show"),
    path("cijfers/opkomst/", views.figure, {"word": "opkomst"}, name="figure_show_up"),
    path("cijfers/niet-geregistreerd/", views.figure, {"word": "niet-geregistreerd"}, name="figure_unrecorded"),
    path("cijfers/berichten/", views.figure, {"word": "berichten"}, name="figure_messages"),
    path("cijfers/kop/", views.headlines, name="headlines"),
    path("cijfers/teruggekomen/", views.returned, name="returned"),
    path("cijfers/<slug:code>/lijst/", views.figure_list, name="figure_list"),
]
