"""The addresses of the demonstration: the portal's own, and `/demo/` before them.

Only demo/process.py names this module as ROOT_URLCONF; the portal itself knows config/urls.py alone.
"""

from django.urls import include, path

from config import urls
from demo import views

OWN = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("mail/", views.emails, name="emails"),
    path("mail/<slug:key>/", views.email, name="email"),
]

urlpatterns = [path("demo/", include((OWN, "demo"))), *urls.urlpatterns]
handler400, handler500 = urls.handler400, urls.handler500
