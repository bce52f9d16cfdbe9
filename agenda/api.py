"""The agenda's API: each view loads through the member's rights, calls one verb and renders."""

from datetime import datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from agenda import booking, rights, serializers, series
from agenda.calendars import asking, busy
from agenda.models import Appointment, TreatmentType
from clinics import idempotency, tenancy
from clinics.access import ALL, Guarded, scope
from clinics.models import Professional
from dentalogic.lib import clock

REFUSED = {400: serializers.RefusalOut, 403: serializers.RefusalOut, 404: serializers.RefusalOut}
TAKEN = {**REFUSED, 409: serializers.SlotTakenOut}
STALE = {**REFUSED, 409: serializers.StaleOut}


class OpeningsPage(PageNumberPagination):
    """A page of openings, and how far Google stands behind it."""

    page_size = 500
    calendars = busy.NONE

    def get_paginated_response(self, data):
        response = super().get_paginated_response(data)
        response.data["calendars"] = self.calendars
        return response

    def get_paginated_response_schema(self, schema):
        found = super().get_paginated_response_schema(schema)
        found["required"] = [*found.get("required", ()), "calendars"]
        found["properties"]["calendars"] = {
            "type": "string", "enum": [busy.NONE, busy.LIVE, busy.MIRROR], "description": str(_(
                "live: Google Calendar contestó ahora por todos. mirror: al menos por uno sirve la última copia. "
                "none: nadie tiene un calendario conectado."))}
        return found


class AgendaView(Guarded, GenericAPIView):
    serializer_class = serializers.AppointmentOut

    def get_serializer_context(self):
        return {"actor": self.actor}

    @property
    def at_the_desk(self):
        """The page's own requests carry the cookie; everything else is a program with a token."""
        return self.request._request.by_cookie

    @property
    def holder(self):
        return self.actor.holder if self.at_the_desk else ""  # holds are made in the page

    def read(self, kind, data):
        given = kind(data=data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        return given.validated_data

    def check_reach(self, capability, row):
        """403 where the actor's right does not reach this row."""
        if scope(self.actor, capability) != ALL:
            rows = self.visible(capability, type(row).objects.filter(pk=row.pk))
            if not rows.exists():
                raise PermissionDenied

    def show(self, row, code=status.HTTP_200_OK):
        return Response(self.get_serializer(row).data, status=code)


class Availability(AgendaView):
    capabilities = {"GET": "agenda.see"}
    serializer_class = serializers.OpeningOut
    pagination_class = OpeningsPage

    @extend_schema(
        operation_id="availability", parameters=[serializers.AvailabilityQuery],
        responses={200: serializers.OpeningOut(many=True), **REFUSED})
    def get(self, request):
        asked = self.read(serializers.AvailabilityQuery, request.query_params)
        professional = asked.get("professional")
        calendars = request._request.calendars
        found = asking.openings(
            calendars, treatment=asked["treatment"], professionals=None if professional is None else [professional],
            first=asked["from"], last=asked["to"], urgency=asked["urgency"], now=clock.now(),
            exclude=asked.get("exclude"), insurer=asked["insurer"], had=asked["had"], holder=self.holder)
        self.paginator.calendars = calendars.freshness.said
        if professional is not None and not found:
            self._check_exists(professional)
        zone = tenancy.here().zone
        return self.get_paginated_response([one.shown(zone) for one in self.paginate_queryset(found)])

    def _check_exists(self, professional):
        if not Professional.objects.active().filter(pk=professional).exists():
            raise ValidationError({"professional": [_("No existe ese profesional.")]})


class Appointments(AgendaView):
    capabilities = {"GET": "agenda.see", "POST": "agenda.book"}

    @extend_schema(
        operation_id="appointments_list", parameters=[serializers.AppointmentsQuery],
        responses={200: serializers.AppointmentOut(many=True), **REFUSED})
    def get(self, request):
        asked = self.read(serializers.AppointmentsQuery, request.query_params)
        rows = self.visible("agenda.see", Appointment.objects.standing(clock.now()).with_names())
        if "patient" in asked:
            rows = rights.named(self.actor, rows)  # the answer says whose time it is
        page = self.paginate_queryset(_narrowed(rows, asked))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="appointments_book", request=serializers.BookingIn,
        parameters=[idempotency.HEADER],
        responses={201: serializers.AppointmentOut, **TAKEN})
    def post(self, request):
        wanted = self.read(serializers.BookingIn, request.data)
        self.check_reach("agenda.book", wanted["professional"])
        rights.require_books(self.actor, wanted["patient"])
        if wanted["overbook_reason"]:
            self.check_reach("agenda.overbook", wanted["professional"])
        row = booking.book(
            **wanted, by=self.actor, source="desk" if self.at_the_desk else "api", holder=self.holder,
            key=idempotency.key_of(request, self.actor))
        return self.show(row, status.HTTP_201_CREATED)


def _narrowed(rows, asked):
    zone = tenancy.here().zone
    if "from" in asked:
        rows = rows.filter(start_at__gte=datetime.combine(asked["from"], time(), zone))
    if "to" in asked:
        rows = rows.filter(start_at__lt=datetime.combine(asked["to"] + timedelta(days=1), time(), zone))
    if "status" in asked:
        rows = rows.filter(status__in=asked["status"])
    return rows.filter(**{name: asked[name] for name in ("professional", "patient") if name in asked})


class AppointmentVerb(AgendaView):
    """What is done to one appointment: what may be seen is found, what may not be touched is refused."""

    capabilities = {"POST": "agenda.book"}

    def load(self, pk):
        row = get_object_or_404(self.visible("agenda.see", Appointment.objects.with_names()), pk=pk)
        self.check_reach(self.capabilities[self.request.method], row)
        return row

    def answer(self, verb, row, **given):
        """What the verb made of it; where somebody was faster, how it is now."""
        try:
            return self.show(verb(appointment=row, by=self.actor, **given))
        except booking.StaleVersion as stale:
            now = Appointment.objects.with_names().get(pk=row.pk)
            stale.extra = {"appointment": self.get_serializer(now).data}
            raise


class OneAppointment(AppointmentVerb):
    capabilities = {"GET": "agenda.see", "PATCH": "agenda.attend"}

    @extend_schema(operation_id="appointments_retrieve", responses={200: serializers.AppointmentOut, **REFUSED})
    def get(self, request, pk):
        return self.show(get_object_or_404(self.visible("agenda.see", Appointment.objects.with_names()), pk=pk))

    @extend_schema(
        operation_id="appointments_edit", request=serializers.EditIn,
        responses={200: serializers.AppointmentOut, **STALE})
    def patch(self, request, pk):
        row, given = self.load(pk), self.read(serializers.EditIn, request.data)
        return self.answer(booking.edit, row, **given)


class Cancel(AppointmentVerb):
    @extend_schema(
        operation_id="appointments_cancel", request=serializers.CancelIn,
        responses={200: serializers.AppointmentOut, **REFUSED, 409: serializers.RefusalOut})
    def post(self, request, pk):
        row, given = self.load(pk), self.read(serializers.CancelIn, request.data)
        return self.show(booking.cancel(appointment=row, reason=given["reason"], by=self.actor))


class Reschedule(AppointmentVerb):
    @extend_schema(
        operation_id="appointments_reschedule", request=serializers.MoveIn,
        responses={200: serializers.AppointmentOut, **TAKEN})
    def post(self, request, pk):
        row, wanted = self.load(pk), self.read(serializers.MoveIn, request.data)
        if wanted["professional"] is not None:
            self.check_reach("agenda.book", wanted["professional"])
        return self.answer(booking.move, row, **wanted)


class Resize(AppointmentVerb):
    @extend_schema(
        operation_id="appointments_resize", request=serializers.ResizeIn,
        responses={200: serializers.AppointmentOut, **TAKEN})
    def post(self, request, pk):
        row, wanted = self.load(pk), self.read(serializers.ResizeIn, request.data)
        return self.answer(booking.resize, row, **wanted)


class StepBack(AppointmentVerb):
    capabilities = {"POST": "agenda.attend"}

    @extend_schema(
        operation_id="appointments_step_back", request=serializers.StepBackIn,
        responses={200: serializers.AppointmentOut, **TAKEN})
    def post(self, request, pk):
        row, given = self.load(pk), self.read(serializers.StepBackIn, request.data)
        return self.answer(booking.step_back, row, **given)


class Sessions(AppointmentVerb):
    """The other sessions of the visit's treatment."""

    @extend_schema(
        operation_id="appointments_sessions_book", request=serializers.Nothing,
        responses={201: serializers.AppointmentOut(many=True), **REFUSED, 409: serializers.RefusalOut})
    def post(self, request, pk):
        made = series.book_rest(appointment=self.load_with_rest(pk), by=self.actor)
        return self.show_all(made, status.HTTP_201_CREATED)

    def load_with_rest(self, pk):
        row = self.load(pk)
        rights.require_reach(self.actor, series.later(row))
        return row

    def show_all(self, rows, code=status.HTTP_200_OK):
        return Response(self.get_serializer(rows, many=True).data, status=code)


class MoveSessions(Sessions):
    @extend_schema(
        operation_id="appointments_sessions_move", request=serializers.MoveSessionsIn,
        responses={200: serializers.AppointmentOut(many=True), **TAKEN})
    def post(self, request, pk):
        row, wanted = self.load_with_rest(pk), self.read(serializers.MoveSessionsIn, request.data)
        return self.show_all(series.move_rest(appointment=row, by=self.actor, **wanted))


class CancelSessions(Sessions):
    @extend_schema(
        operation_id="appointments_sessions_cancel", request=serializers.CancelIn,
        responses={200: serializers.AppointmentOut(many=True), **REFUSED, 409: serializers.RefusalOut})
    def post(self, request, pk):
        row, given = self.load_with_rest(pk), self.read(serializers.CancelIn, request.data)
        return self.show_all(series.cancel_rest(appointment=row, by=self.actor, reason=given["reason"]))


def step(name, verb, capability="agenda.attend"):
    """The view of a verb that takes nothing but the appointment."""

    @extend_schema(
        operation_id=f"appointments_{name}", request=serializers.Nothing,
        responses={200: serializers.AppointmentOut, **REFUSED, 409: serializers.RefusalOut})
    def post(self, request, pk):
        return self.show(verb(appointment=self.load(pk), by=self.actor))

    return type(name.title(), (AppointmentVerb,), {"post": post, "capabilities": {"POST": capability}})


STEPS = {
    "confirm": step("confirm", booking.confirm, "agenda.book"),
    "arrive": step("arrive", booking.arrive),
    "seat": step("seat", booking.seat),
    "complete": step("complete", booking.complete),
    "miss": step("miss", booking.miss),
}


class Treatments(Guarded, ListAPIView):
    capabilities = {"GET": "agenda.see"}
    serializer_class = serializers.TreatmentOut
    queryset = TreatmentType.objects.active()


class Professionals(Guarded, ListAPIView):
    capabilities = {"GET": "agenda.see"}
    serializer_class = serializers.ProfessionalOut
    queryset = Professional.objects.active().in_order()
