"""Addresses of households; the household page itself spans features and lives in overview."""

from django.urls import path

from casework.households import views

urlpatterns = [
    path("huishoudens/", views.households, name="households"),
    path("huishoudens/aanmelden/", views.register_household, name="register_household"),
    path("huishoudens/aanmelden/lijkt-op/", views.look_alike, name="look_alike"),
    path("huishoudens/<slug:case_number>/reden/", views.access_reason, name="access_reason"),
    path("huishoudens/<slug:case_number>/opnieuw-aanmelden/", views.reopen_household, name="reopen_household"),
    path("huishoudens/<slug:case_number>/leden/", views.add_member, name="add_member"),
    path("huishoudens/<slug:case_number>/leden/<int:pk>/", views.change_member, name="change_member"),
    path("huishoudens/<slug:case_number>/dreiging/", views.record_threat, name="record_threat"),
    path("huishoudens/<slug:case_number>/dreiging/<int:pk>/voorbij/", views.end_threat, name="end_threat"),
    path("huishoudens/<slug:case_number>/bereiken/", views.add_consent, name="add_consent"),
    path("huishoudens/<slug:case_number>/contactpoging/", views.add_contact_attempt, name="add_contact_attempt"),
    path("huishoudens/<slug:case_number>/akkoord/", views.add_agreement, name="add_agreement"),
    path(
        "huishoudens/<slug:case_number>/akkoord/<int:pk>/intrekken/",
        views.withdraw_agreement,
        name="withdraw_agreement",
    ),
    path("huishoudens/<slug:case_number>/kantelmoment/", views.add_life_event, name="add_life_event"),
    path("huishoudens/<slug:case_number>/kantelmoment/<int:pk>/", views.change_life_event, name="change_life_event"),
    path("huishoudens/<slug:case_number>/hulpverlener/", views.add_helper, name="add_helper"),
    path("huishoudens/<slug:case_number>/hulpverlener/<int:pk>/", views.change_helper, name="change_helper"),
    path("huishoudens/<slug:case_number>/programma/", views.add_programme, name="add_programme"),
    path("huishoudens/<slug:case_number>/programma/<int:pk>/", views.change_programme, name="change_programme"),
    path("huishoudens/<slug:case_number>/notitie/", views.add_note, name="add_note"),
    path("huishoudens/<slug:case_number>/taak/", views.add_task, name="add_task"),
    path("huishoudens/<slug:case_number>/taak/<int:pk>/", views.change_task, name="change_task"),
    path("huishoudens/<slug:case_number>/begeleider/", views.allocate_household, name="allocate_household"),
    path("huishoudens/<slug:case_number>/bsn/<int:pk>/", views.show_bsn, name="show_bsn"),
    path("taken/", views.tasks, name="tasks"),
    path("taken/<int:pk>/afronden/", views.settle_task, name="settle_task"),
    path("taken/<int:pk>/terug/", views.reopen_task, name="reopen_task"),
]
