from django.urls import include, path

from clinics import audit_pages, people, settings_pages

urlpatterns = [
    path("", include("clinics.account_urls")),
    path("settings/", settings_pages.facts),
    path("settings/audit/", audit_pages.log),
    path("settings/audit/export", audit_pages.export),
    path("settings/audit/verify", audit_pages.verify),
    path("settings/people/", people.people),
    path("settings/people/<int:member_id>/", people.person),
    path("settings/people/<int:member_id>/activate", people.activate),
    path("settings/people/<int:member_id>/suspend", people.suspend),
    path("settings/people/<int:member_id>/role", people.give_role),
    path("settings/people/<int:member_id>/sessions/end", people.end_sessions),
    path("settings/people/<int:member_id>/sessions/<int:session_id>/end", people.end_session),
]
