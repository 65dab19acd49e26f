"""Asks the production image, through its own interpreter, for an HTTPS answer and for the time in Tokyo."""

import datetime
import urllib.request
import zoneinfo

try:
    with urllib.request.urlopen("https://pypi.org/simple/six/", timeout=20) as answer:
        print("https", answer.status)
except OSError as error:
    print(error)
try:
    offset = datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Tokyo")).utcoffset()
    print("zone", int(offset.total_seconds() // 3600))
except zoneinfo.ZoneInfoNotFoundError as error:
    print(error)
