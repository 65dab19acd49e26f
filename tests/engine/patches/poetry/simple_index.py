"""Lets Poetry install from an index that has no JSON interface of its own: answers it from PEP 691 and PEP 658."""

import importlib.abc
import importlib.util
import sys

POETRY = "poetry.repositories.pypi_repository"


def metadata(url):
    """The METADATA of a wheel: beside it, or out of it."""
    import io
    import urllib.error
    import urllib.request
    import zipfile

    try:
        return urllib.request.urlopen(url + ".metadata", timeout=30).read().decode()
    except urllib.error.HTTPError:
        wheel = zipfile.ZipFile(io.BytesIO(urllib.request.urlopen(url, timeout=60).read()))
        return wheel.read(next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))).decode()


def version_of(filename):
    from packaging.utils import parse_sdist_filename, parse_wheel_filename

    try:
        parse = parse_wheel_filename if filename.endswith(".whl") else parse_sdist_filename
        return parse(filename)[1]
    except ValueError:
        return None


def file_entry(file):
    """One file in the words of the JSON interface."""
    return {
        "filename": file["filename"],
        "url": file["url"],
        "packagetype": "bdist_wheel" if file["filename"].endswith(".whl") else "sdist",
        "size": file.get("size"),
        "digests": {"sha256": file["hashes"]["sha256"]},
        "yanked": bool(file.get("yanked")),
        "yanked_reason": None,
        "upload_time_iso_8601": file.get("upload-time"),
        "requires_python": file.get("requires-python"),
    }


def release(name, version, page):
    """One release in the words of the JSON interface; None when there is none."""
    from email.parser import HeaderParser

    urls = [file_entry(file) for file in page["files"] if version_of(file["filename"]) == version]
    wheels = [entry for entry in urls if entry["packagetype"] == "bdist_wheel"]
    said = HeaderParser().parsestr(metadata(wheels[0]["url"]) if wheels else "")
    info = {
        "name": said["Name"] or name,
        "version": str(version),
        "summary": said["Summary"] or "",
        "requires_dist": said.get_all("Requires-Dist"),
        "requires_python": said["Requires-Python"],
        "yanked": False,
        "yanked_reason": None,
    }
    return {"info": info, "urls": urls} if urls else None


def change(repository):
    """Puts `release` in the place of the JSON interface's answer."""
    from packaging.version import Version

    ask = repository._get

    def answer(self, endpoint, headers=None):
        parts = endpoint.strip("/").split("/")
        if len(parts) != 4 or parts[0] != "pypi":
            return ask(self, endpoint, **({"headers": headers} if headers else {}))
        page = ask(self, f"simple/{parts[1]}/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
        return release(parts[1], Version(parts[2]), page)

    repository._get = answer


class Finder(importlib.abc.MetaPathFinder):
    """Waits for Poetry to import its repository."""

    def find_spec(self, fullname, path, target=None):
        if fullname != POETRY:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            change(module.PyPiRepository)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder())
