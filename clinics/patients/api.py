from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.access import Guarded, can
from clinics.audit import audit_access, log_security_event
from clinics.idempotency import HEADER, key_of
from clinics.patients import anamnesis, charting, intake, rights
from clinics.patients.models import ClinicalRecord, Patient
from clinics.patients.serializers import AnswersIn, PatientIn, PatientOut, RecordIn, RecordOut
from dentalogic.lib import clock


class OfPatients(Guarded):
    """For views of one patient that the member may see."""

    def patient(self, pk) -> Patient:
        return get_object_or_404(self.visible("patients.see", Patient.objects.all()), pk=pk)

    def said(self, serializer, **options):
        serializer = serializer(data=self.request.data, **options)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def shown(self, patient, status=200):
        """The patient; with the medical history, which leaves a trace, for who may read the record."""
        whole = can(self.actor, "record.read")
        if whole:
            log_security_event(
                "record.read", seen=True, by=self.actor, request=self.request._request, patient=patient.pk)
        return Response(PatientOut(patient, context={"actor": self.actor, "whole": whole}).data, status=status)

    def key(self):
        return key_of(self.request._request, self.actor)


@audit_access("patients.see")
class PatientList(OfPatients, generics.ListAPIView):
    capabilities = {"GET": "patients.see", "POST": "patients.edit"}
    serializer_class = PatientOut

    def get_queryset(self):
        found = self.visible("patients.see", Patient.objects.live()).order_by("folded", "pk")
        return found.search(self.request.query_params.get("search", ""))

    def get_serializer_context(self):
        return super().get_serializer_context() | {"actor": getattr(self.request._request, "actor", None)}

    @extend_schema(parameters=[OpenApiParameter("search", str, description="Words of the name, document or phone.")])
    def get(self, request):
        return self.list(request)

    @extend_schema(request=PatientIn, responses={201: PatientOut}, parameters=[HEADER])
    def post(self, request):
        return self.shown(intake.register(by=self.actor, key=self.key(), **self.said(PatientIn)), status=201)


@audit_access("patients.see")
class PatientDetail(OfPatients, APIView):
    capabilities = {"GET": "patients.see", "PATCH": "patients.edit"}

    @extend_schema(responses=PatientOut)
    def get(self, request, pk):
        return self.shown(self.patient(pk))

    @extend_schema(request=PatientIn, responses=PatientOut)
    def patch(self, request, pk):
        return self.shown(intake.update(patient=self.patient(pk), by=self.actor, **self.said(PatientIn, partial=True)))


@audit_access("record.write")
class MedicalHistory(OfPatients, APIView):
    capabilities = {"PATCH": "record.write"}

    @extend_schema(request=AnswersIn, responses=PatientOut)
    def patch(self, request, pk):
        patient = self.patient(pk)
        rights.require_writes_record(self.actor, patient)
        return self.shown(anamnesis.merge(
            patient=patient, answers=self.said(AnswersIn), by=self.actor, through="api", now=clock.now()))


@audit_access("record.read")
class RecordList(OfPatients, generics.ListAPIView):
    capabilities = {"GET": "record.read", "POST": "record.write"}
    serializer_class = RecordOut
    queryset = ClinicalRecord.objects.none()

    @extend_schema(responses=RecordOut(many=True))
    def get(self, request, pk):
        patient = self.patient(pk)
        log_security_event("record.read", seen=True, by=self.actor, request=request._request, patient=patient.pk)
        page = self.paginate_queryset(ClinicalRecord.objects.of(patient).newest_first())
        return self.get_paginated_response(RecordOut(page, many=True).data)

    @extend_schema(request=RecordIn, responses={201: RecordOut}, parameters=[HEADER])
    def post(self, request, pk):
        patient, said = self.patient(pk), self.said(RecordIn)
        rights.require_writes_record(self.actor, patient)
        corrects = said.get("corrects") and get_object_or_404(ClinicalRecord.objects.of(patient), pk=said["corrects"])
        record = charting.sign(
            patient=patient, author=request._request.member.professional, text=said["text"], corrects=corrects or None,
            by=self.actor, key=self.key())
        return Response(RecordOut(record).data, status=201)
