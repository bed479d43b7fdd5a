"""The product's addresses and the bare view's."""

from django.urls import path

from bench.site.views import bare
from config import urls

urlpatterns = [path("bare/", bare, name="bare"), *urls.urlpatterns]
handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
