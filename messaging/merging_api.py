"""The API of who writes: the patients of a conversation's phone; two conversations made one, and that undone."""
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from clinics.audit import audit_access
from messaging import merging, people
from messaging.api import OfConversations
from messaging.models import Conversation, Merge


class MergeOut(serializers.ModelSerializer):
    class Meta:
        model = Merge
        fields = ["id", "keep", "gone", "at", "by_user", "undone_at", "undone_by_user"]


class MergeIn(serializers.Serializer):
    gone = serializers.IntegerField(min_value=1, help_text="The conversation that becomes part of this one.")


class FamilyOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    guardian = serializers.IntegerField(source="guardian_id", allow_null=True)
    linked = serializers.BooleanField()
    phone_unproved = serializers.BooleanField(help_text="They said this phone is theirs, and wrote from elsewhere.")


@audit_access("patients.see")
class Family(OfConversations):
    capabilities = {"GET": "conversations.see"}
    serializer_class = FamilyOut
    pagination_class = None  # a handful, always whole

    @extend_schema(operation_id="conversations_patients", responses=FamilyOut(many=True))
    def get(self, request, pk):
        conversation = self.conversation("conversations.see", pk)
        rows = people.patients_of(
            conversation, unproved=True, among=lambda patients: self.visible("patients.see", patients))
        for row in rows:
            row.linked = row.pk == conversation.patient_id
        return Response(self.get_serializer(rows, many=True).data)


@audit_access("conversations.link")
class Merges(OfConversations):
    capabilities = {"GET": "conversations.link", "POST": "conversations.link"}
    serializer_class = MergeOut

    @extend_schema(operation_id="conversations_merges", responses=MergeOut(many=True))
    def get(self, request, pk):
        conversation = self.conversation("conversations.link", pk)
        return self.paged(Merge.objects.filter(keep=conversation).order_by("-pk"))

    @extend_schema(operation_id="conversations_merge", request=MergeIn, responses={201: MergeOut})
    def post(self, request, pk):
        keep = self.conversation("conversations.link", pk)
        given = MergeIn(data=request.data)
        given.is_valid(raise_exception=True)
        theirs = self.visible("conversations.link", Conversation.objects.all())
        gone = get_object_or_404(theirs, pk=given.validated_data["gone"])
        row = merging.merge(keep=keep, gone=gone, by=self.actor)
        return Response(self.get_serializer(row).data, status=201)


@audit_access("conversations.link")
class UndoMerge(OfConversations):
    capabilities = {"POST": "conversations.link"}
    serializer_class = MergeOut

    @extend_schema(operation_id="merges_undo", request=None, responses=MergeOut)
    def post(self, request, pk):
        kept = self.visible("conversations.link", Conversation.objects.all())
        row = get_object_or_404(Merge.objects.filter(keep__in=kept.values("pk")), pk=pk)
        return Response(self.get_serializer(merging.undo(merge=row, by=self.actor)).data)
