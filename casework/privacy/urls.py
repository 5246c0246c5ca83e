"""Addresses of the audit trail and of requests about own data."""

from django.urls import path

from casework.privacy import views

urlpatterns = [
    path("audit/", views.trail, name="audit"),
    path("audit/regel/<int:pk>/", views.audit_line, name="audit_line"),
    path("audit/opvallend/", views.odd_looks, name="odd_looks"),
    path("audit/exporteren/", views.export_audit, name="export_audit"),
    path("audit/wie-keken/<slug:case_number>/", views.who_looked, name="who_looked"),
    path("audit/verzoeken/", views.data_requests, name="data_requests"),
    path("audit/verzoeken/<int:pk>/", views.answer_data_request, name="answer_data_request"),
    path("audit/verzoeken/<int:pk>/inzage/", views.export_inspection, name="export_inspection"),
    path("huishoudens/<slug:case_number>/eigen-gegevens/", views.add_data_request, name="add_data_request"),
]
