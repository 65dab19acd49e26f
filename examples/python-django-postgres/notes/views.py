from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .models import Note


def index(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        if text := request.POST.get("text", "").strip():
            Note.objects.create(text=text[:200])
        return redirect("/")
    return render(request, "index.html", {"notes": Note.objects.all()[:20]})


def healthz(request: HttpRequest) -> HttpResponse:
    """The program's own health: a database that is away does not get better by killing this container."""
    return HttpResponse("ok", content_type="text/plain")
