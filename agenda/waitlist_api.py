"""The waitlist's API: who waits, what is offered to them and what they answered. The verbs are those of its page."""
from datetime import timedelta

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError

from agenda import matching, serializers, waitlist, waitlist_serializers
from agenda.api import REFUSED, TAKEN, AgendaView
from agenda.models import WaitlistEntry, WaitlistOffer
from clinics import tenancy
from clinics.access import ALL, scope
from clinics.audit import audit_access
from clinics.models import Professional
from dentalogic.lib import clock

AHEAD = timedelta(days=30)
GONE = {**REFUSED, 409: serializers.RefusalOut}


class WaitlistView(AgendaView):
    capabilities = {"GET": "agenda.attend", "POST": "agenda.attend"}
    serializer_class = waitlist_serializers.EntryOut

    def entries(self):
        offers = WaitlistOffer.objects.open().select_related("professional")
        return self.visible("agenda.attend", WaitlistEntry.objects.with_names()).prefetch_related(
            Prefetch("offers", queryset=offers, to_attr="offered"))

    def entry(self, pk) -> WaitlistEntry:
        return get_object_or_404(self.entries(), pk=pk)

    def offer(self, pk) -> WaitlistOffer:
        mine = self.visible("agenda.attend", WaitlistEntry.objects.all()).values("pk")
        return get_object_or_404(WaitlistOffer.objects.filter(entry__in=mine), pk=pk)

    def known(self, rows):
        """Each with what is offered to them and the visit that they have now."""
        waiting = [row for row in rows if row.state == WaitlistEntry.State.WAITING]
        matching.know_visits(waiting, clock.now())
        for row in rows:
            row.offer = row.offered[0] if row.offered else None
        return rows

    def as_it_is(self, pk, code=status.HTTP_200_OK):
        return self.show(self.known([self.entry(pk)])[0], code)


@audit_access("agenda.attend")
class Waitlist(WaitlistView):
    @extend_schema(
        operation_id="waitlist_list", parameters=[waitlist_serializers.WaitlistQuery],
        responses={200: waitlist_serializers.EntryOut(many=True), **REFUSED})
    def get(self, request):
        asked = self.read(waitlist_serializers.WaitlistQuery, request.query_params)
        page = self.paginate_queryset(self.entries().filter(**asked).best_first())
        return self.get_paginated_response(self.get_serializer(self.known(page), many=True).data)

    @extend_schema(
        operation_id="waitlist_join", request=waitlist_serializers.JoinIn,
        responses={201: waitlist_serializers.EntryOut, **GONE})
    def post(self, request):
        """Whoever waits for the same treatment already is refused: sent twice, it is done once."""
        given = self.read(waitlist_serializers.JoinIn, request.data)
        if given["professional"] is not None:
            self.check_reach("agenda.attend", given["professional"])
        elif scope(self.actor, "agenda.attend") != ALL:
            raise ValidationError({"professional": [_("Decí a qué profesional espera.")]})
        return self.as_it_is(waitlist.join(by=self.actor, **given).pk, status.HTTP_201_CREATED)


class OneEntry(WaitlistView):
    capabilities = {"GET": "agenda.attend"}

    @extend_schema(operation_id="waitlist_retrieve", responses={200: waitlist_serializers.EntryOut, **REFUSED})
    def get(self, request, pk):
        return self.as_it_is(pk)


class Leave(WaitlistView):
    capabilities = {"POST": "agenda.attend"}

    @extend_schema(
        operation_id="waitlist_leave", request=serializers.Nothing,
        responses={200: waitlist_serializers.EntryOut, **GONE})
    def post(self, request, pk):
        waitlist.leave(entry=self.entry(pk), by=self.actor)
        return self.as_it_is(pk)


class Openings(WaitlistView):
    """What is free now and suits who waits, without waiting for time to be freed."""

    capabilities = {"GET": "agenda.attend"}
    serializer_class = serializers.OpeningOut

    @extend_schema(
        operation_id="waitlist_openings", parameters=[waitlist_serializers.OpeningsQuery],
        responses={200: serializers.OpeningOut(many=True), **REFUSED})
    def get(self, request, pk):
        entry, zone = self.entry(pk), tenancy.here().zone
        asked = self.read(waitlist_serializers.OpeningsQuery, request.query_params)
        first = asked.get("from") or clock.today(zone)
        mine = list(self.visible("agenda.book", Professional.objects.active()))
        found = waitlist.openings_for(
            entry, first=first, last=asked.get("to") or first + AHEAD, professionals=mine)
        return self.get_paginated_response([one.shown(zone) for one in self.paginate_queryset(found)])


class Offer(WaitlistView):
    """A time, held for one who waits until they answer."""

    capabilities = {"POST": "agenda.attend"}

    @extend_schema(
        operation_id="waitlist_offer", request=waitlist_serializers.OfferIn,
        responses={201: waitlist_serializers.EntryOut, **TAKEN})
    def post(self, request, pk):
        entry, given = self.entry(pk), self.read(waitlist_serializers.OfferIn, request.data)
        self.check_reach("agenda.book", given["professional"])
        waitlist.offer(entry=entry, by=self.actor, **given)
        return self.as_it_is(pk, status.HTTP_201_CREATED)


class Accept(WaitlistView):
    """They take it: it is their visit, or the one that they had moves there."""

    capabilities = {"POST": "agenda.attend"}
    serializer_class = serializers.AppointmentOut

    @extend_schema(
        operation_id="waitlist_accept", request=serializers.Nothing,
        responses={200: serializers.AppointmentOut, **TAKEN})
    def post(self, request, pk):
        return self.show(waitlist.accept(offer=self.offer(pk), by=self.actor))


class PassOn(WaitlistView):
    """They do not want it: they keep waiting, and it is the next one's."""

    capabilities = {"POST": "agenda.attend"}

    @extend_schema(
        operation_id="waitlist_pass_on", request=serializers.Nothing,
        responses={200: waitlist_serializers.EntryOut, **GONE})
    def post(self, request, pk):
        return self.as_it_is(waitlist.pass_on(offer=self.offer(pk), by=self.actor).entry_id)


class Called(WaitlistView):
    """They were told by telephone, and have not answered yet."""

    capabilities = {"POST": "agenda.attend"}

    @extend_schema(
        operation_id="waitlist_called", request=serializers.Nothing,
        responses={200: waitlist_serializers.EntryOut, **REFUSED})
    def post(self, request, pk):
        row = self.offer(pk)
        waitlist.told(offer=row, how=WaitlistOffer.Told.CALLED)
        return self.as_it_is(row.entry_id)
