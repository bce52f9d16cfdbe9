"""Ajustes, the kernel's pages: the clinic's facts and rules, its professionals."""
from django.shortcuts import render

from clinics.access import page


@page("clinic.configure")
def clinic(request):
    return render(request, "clinics/settings_clinic.html")
