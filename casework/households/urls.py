"""Addresses of households; the household page itself spans features and lives in overview."""

from django.urls import path

from casework.households import views

urlpatterns = [
    path("huishoudens/", views.households, name="households"),
    path("huishoudens/aanmelden/", views.register_household, name="register_household"),
    path("huishoudens/<slug:case_number>/reden/", views.access_reason, name="access_reason"),
    path("huishoudens/<slug:case_number>/leden/", views.add_member, name="add_member"),
    path("huishoudens/<slug:case_number>/dreiging/", views.record_threat, name="record_threat"),
    path("huishoudens/<slug:case_number>/begeleider/", views.allocate_household, name="allocate_household"),
    path("huishoudens/<slug:case_number>/bsn/<int:pk>/", views.show_bsn, name="show_bsn"),
]
